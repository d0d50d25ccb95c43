import pino from "pino";
import { expect, test } from "vitest";
import { z } from "zod";
import type { IntentRow } from "../../../platform/config/registry.ts";
import { AppError } from "../../../platform/errors/app-error.ts";
import { createMetrics } from "../../../platform/metrics/metrics.ts";
import { createCrewToolSet } from "../../../server/crews/crew-tools.ts";
import { createExecuteTool } from "../../../tools/create-execute-tool.ts";
import type { Tool } from "../../../tools/tool.ts";
import { permitOf } from "../../support/permit.ts";
import { createMemoryIdempotency } from "../../support/start-edge.ts";
import { stubService } from "../../support/stub-engine.ts";
import { oneTask } from "../../support/task-work.ts";

/** What crews may call where a tool `look`, or a service `news`, does this; through the true executor. */
const toolsThat = (effect: Tool["effect"], run: () => Promise<string>) => {
  const look: Tool = {
    ...{ name: "look", description: "Looks.", input: z.object({}), output: z.string(), allowedRoles: ["user"] },
    ...{ scopes: [], effect, idempotent: false, timeoutMs: 150, run, render: String },
  };
  const news = stubService("news", run);
  const { executeTool } = createExecuteTool({
    tools: [look],
    idempotency: createMemoryIdempotency(),
    audit: { append: async () => ({ id: 1, hash: "" }) },
    metrics: createMetrics(),
    logger: pino({ level: "silent" }),
  });
  const tools = createCrewToolSet({
    tools: [look],
    services: new Map([["news", news]]),
    intents: () => [{ kind: "service", target: "news", description: "News.", enabled: true } as unknown as IntentRow],
    executeTool,
    rolesOf: () => ["user"],
    timeoutMs: () => 150,
  });
  return (name: string) =>
    tools()
      .find((tool) => tool.name === name)!
      .run(
        {},
        {
          job: oneTask().job,
          permit: permitOf(),
          idempotencyKey: "k",
          locale: "en",
          now: new Date(),
          signal: new AbortController().signal,
        },
      );
};

const never = () => new Promise<never>(() => undefined);
const failing = (code: "DATABASE_UNAVAILABLE" | "UPSTREAM_UNAVAILABLE" | "NOT_CONFIGURED") => () =>
  Promise.reject(new AppError(code, "It is away."));

test.each(["look", "news"])(
  "%s, which reads, throws what may pass: its time-out, and whatever is away",
  async (name) => {
    await expect(toolsThat("read", never)(name)).rejects.toMatchObject({
      code: "UPSTREAM_UNAVAILABLE",
      retryable: true,
    });
    await expect(toolsThat("read", failing("DATABASE_UNAVAILABLE"))(name)).rejects.toMatchObject({
      code: "DATABASE_UNAVAILABLE",
    });
  },
);

test.each(["look", "news"])("%s, which reads, answers with what will not pass", async (name) => {
  expect(await toolsThat("read", failing("NOT_CONFIGURED"))(name)).toEqual({ status: "failed", reason: "It is away." });
  const broken = toolsThat("read", () => Promise.reject(new TypeError("no such field")));
  expect(await broken(name)).toEqual({ status: "failed", reason: `${name} failed.` });
});

test("a tool with effects never throws what may pass: it may have happened", async () => {
  expect(await toolsThat("write", never)("look")).toMatchObject({ status: "failed" });
  expect(await toolsThat("write", failing("UPSTREAM_UNAVAILABLE"))("look")).toMatchObject({ status: "failed" });
});
