import type { ExecuteTool } from "../tools/execute-tool.ts";
import type { QueryRuntime } from "./query.ts";
import { runStep, type StepState, type StepWrites } from "./step-state.ts";
import type { Say } from "./wording.ts";

export interface CallToolDeps {
  readonly executeTool: ExecuteTool;
  readonly timeoutMs: number;
  readonly say: Say;
}

class ToolRefusal extends Error {}

/** Runs one of our own tools with the caller's roles; a refusal or failure is a result that the user is told. */
export const createCallTool = ({ executeTool, timeoutMs, say }: CallToolDeps) =>
  async function callTool(state: StepState, runtime: QueryRuntime): Promise<StepWrites> {
    const { step, query, thread, locale, timezone, permit } = state;
    const now = runtime.context?.now ?? new Date();
    return runStep(
      state,
      runtime,
      timeoutMs,
      async (signal) => {
        const outcome = await executeTool(step.target, step.args, {
          principal: query.principal,
          signal,
          locale,
          timezone,
          now,
          threadId: thread.id,
          permit,
          idempotencyKey: `${runtime.context?.queryId ?? query.requestId}/${step.id}`,
        });
        if (outcome.status !== "ok") throw new ToolRefusal(outcome.reason);
        const data =
          typeof outcome.output === "object" && outcome.output !== null
            ? { ...outcome.output }
            : { value: outcome.output };
        return {
          text: outcome.text,
          degraded: [],
          evidence: [
            {
              service: step.target,
              title: step.target,
              text: outcome.text,
              data,
              sourceName: say("source.tool", locale, { tool: step.target }) || step.target,
              observedAt: now.toISOString(),
              score: 1,
            },
          ],
        };
      },
      (error) =>
        error instanceof ToolRefusal
          ? error.message
          : say("step.failed", locale, { what: say(`part.${step.target}`, locale) || step.target }),
    );
  };
