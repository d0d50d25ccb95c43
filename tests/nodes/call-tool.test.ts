import { expect, test } from "vitest";
import { createCallTool } from "../../nodes/call-tool.ts";
import { Evidence } from "../../platform/evidence/evidence.ts";
import type { ExecuteTool, ToolOutcome } from "../../tools/execute-tool.ts";
import { runtimeOf, sayKey, stepStateOf, testNow } from "../support/step-of.ts";

const sum = { kind: "tool" as const, target: "calculate", args: { expression: "1+1" } };
const done = (output: unknown, text: string): ToolOutcome => ({ status: "ok", output, text, replayed: false, ms: 1 });

const callWith = (executeTool: ExecuteTool, timeoutMs = 200) => createCallTool({ executeTool, timeoutMs, say: sayKey });

test("a tool's output becomes one piece of evidence with its data and its words", async () => {
  const callTool = callWith(async () => done({ value: 2 }, "1 + 1 is 2."));
  const { results } = await callTool(stepStateOf(sum), runtimeOf());
  expect(results[0]).toMatchObject({ status: "ok", text: "1 + 1 is 2.", degraded: [] });
  expect(results[0]?.evidence).toHaveLength(1);
  const evidence = Evidence.parse({ id: "e1", ...results[0]?.evidence[0] });
  expect(evidence).toMatchObject({
    service: "calculate",
    text: "1 + 1 is 2.",
    data: { value: 2 },
    observedAt: testNow.toISOString(),
  });
});

test("an output that is no object is kept as a value", async () => {
  const callTool = callWith(async () => done(42, "42"));
  const { results } = await callTool(stepStateOf(sum), runtimeOf());
  expect(results[0]?.evidence[0]?.data).toEqual({ value: 42 });
});

test("runs for the caller, under the query's permit, with a key that stays the same when the step is repeated", async () => {
  const calls: Parameters<ExecuteTool>[] = [];
  const callTool = callWith(async (...call) => {
    calls.push(call);
    return done({}, "");
  });
  const state = stepStateOf(sum);
  const runtime = runtimeOf();
  await callTool(state, runtime);
  await callTool(state, runtime);
  await callTool(stepStateOf({ ...sum, id: "s2" }), runtime);
  expect(calls[0]?.slice(0, 2)).toEqual(["calculate", { expression: "1+1" }]);
  expect(calls[0]?.[2]).toMatchObject({ principal: state.query.principal, threadId: "thread", now: testNow });
  expect(calls[0]?.[2].permit).toBe(state.permit);
  const [first, again, other] = calls.map(([, , context]) => context.idempotencyKey);
  expect(first).toEqual(expect.any(String));
  expect(again).toBe(first);
  expect(other).not.toBe(first);
});

test.each(["denied", "invalid", "failed", "timeout", "unknown_tool"] as const)(
  "a call that is %s is a failed step with the tool's reason, without evidence",
  async (status) => {
    const callTool = callWith(async () => ({ status, reason: "You may not do that.", ms: 1 }));
    const { results } = await callTool(stepStateOf(sum), runtimeOf());
    expect(results).toHaveLength(1);
    expect(results[0]).toMatchObject({ status: "failed", evidence: [], text: "", reason: "You may not do that." });
  },
);

test("a tool that breaks or hangs is a failed step in our words, which say nothing of its error", async () => {
  const broken = callWith(async () => {
    throw new Error("password of the database is wrong");
  });
  expect((await broken(stepStateOf(sum), runtimeOf())).results[0]?.reason).toBe("step.failed:part.calculate");
  const hanging = callWith(() => new Promise<ToolOutcome>(() => undefined), 20);
  expect((await hanging(stepStateOf(sum), runtimeOf())).results[0]).toMatchObject({
    status: "failed",
    reason: "step.failed:part.calculate",
  });
});
