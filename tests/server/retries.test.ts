import OpenAI from "openai";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { AppError } from "../../platform/errors/app-error.ts";
import type { ErrorCode } from "../../platform/errors/error-codes.ts";
import { type Edge, startEdge } from "../support/start-edge.ts";

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge.close());
afterEach(() => edge.script.reset());

const attempts = async (error: AppError, stream: boolean): Promise<number> => {
  const client = new OpenAI({ baseURL: `${edge.url}/v1`, apiKey: "x", maxRetries: 1 });
  const messages = [{ role: "user" as const, content: "Hello" }];
  edge.script.enqueue({ error }, { error });
  await client.chat.completions.create({ model: "openai/stand-in", messages, stream }).then(
    () => expect.unreachable(),
    () => {},
  );
  const seen = edge.script.chats.length;
  edge.script.reset();
  return seen;
};

// OpenAI's clients repeat 409, 429 and 5xx unless they are told not to.
test.each([
  ["INVALID_INPUT", 1],
  ["EGRESS_BLOCKED", 1],
  ["MODEL_NOT_FOUND", 1],
  ["GUARDRAIL_VIOLATION", 1],
  ["CONFLICT", 1],
  ["RATE_LIMITED", 2],
  ["INTERNAL", 1],
  ["PROVIDER_REFUSED", 1],
  ["PROVIDER_OVERLOADED", 2],
] as const satisfies readonly (readonly [ErrorCode, number])[])(
  "%s reaches the server %i times",
  async (code, expected) => {
    const error = () => new AppError(code, "Because.", { retryAfterSeconds: 0.1 });
    expect(await attempts(error(), false)).toBe(expected);
    expect(await attempts(error(), true)).toBe(expected);
  },
);

test("a failure that must not be repeated is not, whatever its status", async () => {
  expect(await attempts(new AppError("PROVIDER_SERVER_ERROR", "It acted.", { retryable: false }), false)).toBe(1);
});
