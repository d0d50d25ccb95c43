import { ApplicationFailure } from "@temporalio/common";
import { pino } from "pino";
import { expect, test } from "vitest";
import { AppError } from "../../../../platform/errors/app-error.ts";
import { createRuntimeLogger } from "../../../../workflows/jobs/temporal/temporal-runtime.ts";

const logged = (error: unknown): string => {
  let lines = "";
  const logger = pino({ level: "warn" }, { write: (line: string) => (lines += line) });
  createRuntimeLogger(logger).warn("Activity failed", { error, activityId: "one/1" });
  return lines;
};

test("of a step that failed the log has the kind, not the words", () => {
  const failure = ApplicationFailure.create({
    type: "POLICY_DENIED",
    message: "a secret",
    cause: new Error("another secret"),
    details: ["secret"],
  });
  expect(logged(failure)).toMatch(/Activity failed/);
  expect(logged(failure)).toMatch(/POLICY_DENIED/);
  expect(logged(failure)).not.toContain("secret");
});

test("that a worker has another master key the log says in words", () => {
  const message = "A value from Temporal was encrypted with another key.";
  expect(logged(new AppError("CONFIG_INVALID", message))).toContain(message);
});
