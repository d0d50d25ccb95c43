import type { ToolCall } from "../../platform/models/model-gateway.ts";
import type { QueryRuntime, StepResult } from "../query.ts";
import type { AnswerState, OwnToolRunner } from "./answer-state.ts";
import type { OwnTool } from "./own-tools.ts";

/**
 * Runs calls of our own tools as steps of the query, results in the calls' order: what only reads side by side, what has
 * effects one after the other.
 */
export const runOwnCalls = async (
  calls: readonly { readonly call: ToolCall; readonly tool: OwnTool }[],
  state: AnswerState,
  runtime: QueryRuntime,
  runner: OwnToolRunner | undefined,
  made: number,
): Promise<{ readonly call: ToolCall; readonly result: StepResult }[]> => {
  const { query, thread, permit, locale, timezone, parts } = state;
  if (!runner || !thread || !permit) return [];
  const runOne = async ({ call, tool }: (typeof calls)[number], index: number) => {
    const step = {
      id: `m${made + index + 1}`,
      kind: tool.kind,
      target: tool.name,
      args: call.arguments,
      dependsOn: [],
      // Behind every part of the plan, so that the numbers of its evidence stay.
      part: parts.length,
      callId: call.id,
    };
    const { results } = await runner.run({ step, query, thread, permit, locale, timezone }, runtime);
    return results.map((result) => ({ call, result }));
  };
  if (calls.every(({ tool }) => tool.effect === "read")) return (await Promise.all(calls.map(runOne))).flat();
  const done: { call: ToolCall; result: StepResult }[] = [];
  for (const [index, call] of calls.entries()) done.push(...(await runOne(call, index)));
  return done;
};
