import { expect, test } from "vitest";
import { createPrivacyGate } from "../../nodes/privacy-gate.ts";
import { EgressClass } from "../../platform/egress/egress-class.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import { permitOf } from "../support/permit.ts";

const text = "Write to anna@example.com";
const failing = () => {
  throw new AppError("EGRESS_BLOCKED", "The text could not be checked.");
};

test.each(["sanitized", "generalised"] as const)("a failing recogniser stops a query of class %s", async (name) => {
  const permit = { ...permitOf(name), conceal: failing };
  await expect(createPrivacyGate()({ text, permit })).rejects.toMatchObject({ code: "EGRESS_BLOCKED" });
});

test.each(["sanitized", "generalised"] as const)("reads the user's words once in class %s", async (name) => {
  const read: string[] = [];
  const conceal = (words: string) => {
    read.push(words);
    return "Write to ⟨EMAIL_1⟩";
  };
  const permit = { ...permitOf(name), conceal };
  await createPrivacyGate()({ text, permit });
  expect(read.filter((words) => words === text)).toEqual([text]);
});

test("needs no recogniser where all may leave, or where nothing may", async () => {
  const gate = createPrivacyGate();
  const classes = EgressClass.options.filter((name) => name !== "sanitized" && name !== "generalised");
  expect(classes.length).toBeGreaterThan(0);
  for (const name of classes) {
    await expect(gate({ text, permit: { ...permitOf(name), conceal: failing } })).resolves.toEqual({});
  }
});
