import type { ChatMessage } from "../../platform/models/model-gateway.ts";
import type { StepResult } from "../query.ts";
import type { Action } from "./action.ts";

/**
 * What was done in this turn: the calls of our own tools, then the client's calls since the last user message, each with
 * how it ended. A call without a result has not happened yet and is left out.
 */
export const actionsOf = (
  messages: readonly ChatMessage[],
  results: readonly Pick<StepResult, "step" | "status" | "evidence" | "text">[],
): Action[] => {
  const own = results
    .filter(({ step }) => step.kind === "tool" || step.kind === "job")
    .map(
      ({ step, status, evidence, text }): Action => ({
        tool: step.kind === "job" ? `start_${step.target}` : step.target,
        args: step.args,
        outcome: status === "ok" ? "ok" : "failed",
        result: evidence.length > 0 ? evidence.map((item) => item.data) : text,
      }),
    );
  const turn = messages.slice(messages.findLastIndex((message) => message.role === "user") + 1);
  const answers = new Map(
    turn.flatMap((message) => (message.role === "tool" ? [[message.toolCallId, message.content] as const] : [])),
  );
  const clients = turn
    .flatMap((message) => (message.role === "assistant" ? (message.toolCalls ?? []) : []))
    .flatMap(({ id, name, arguments: args }): Action[] => {
      const content = answers.get(id);
      if (content === undefined) return [];
      const result = parse(content);
      return [{ tool: name, args, outcome: isFailure(result) ? "failed" : "ok", result }];
    });
  return [...own, ...clients];
};

const parse = (content: string): unknown => {
  if (!/^\s*[[{"]/.test(content)) return content;
  try {
    return JSON.parse(content);
  } catch {
    return content;
  }
};

/** Whether a result says that the call came to nothing, in the ways that tools (Home Assistant's among them) say it. */
const isFailure = (result: unknown): boolean => {
  if (typeof result === "string") return /^\s*(?:error\b|traceback\b|exception\b)/i.test(result);
  if (result === null || typeof result !== "object" || Array.isArray(result)) return false;
  const { error, success, ok, isError, is_error, response_type, status, data } = result as Record<string, unknown>;
  if (error !== undefined && error !== null && error !== false && error !== "") return true;
  if (success === false || ok === false || isError === true || is_error === true || response_type === "error")
    return true;
  if (typeof status === "string" && /^(?:error|failed|failure)$/i.test(status)) return true;
  if (data === null || typeof data !== "object") return false;
  const { success: done, failed } = data as Record<string, unknown>;
  return Array.isArray(failed) && failed.length > 0 && !(Array.isArray(done) && done.length > 0);
};
