import { AppError } from "../../platform/errors/app-error.ts";
import type { ToolCall, ToolChoice, ToolDeclaration } from "../../platform/models/model-gateway.ts";

export interface CallRules {
  readonly tools?: readonly ToolDeclaration[];
  readonly toolChoice?: ToolChoice;
  readonly parallelToolCalls?: boolean;
}

/**
 * Decides which calls reach the client: only of tools it declared, none when it chose `none`, one when it wants no
 * parallel calls (the model asks again after the first result). Each call passes once.
 * @throws {AppError} PROVIDER_REFUSED for a call that the client could not run.
 */
export const createCallGuard = ({ tools = [], toolChoice, parallelToolCalls }: CallRules) => {
  const declared = new Set(tools.map(({ name }) => name));
  const passed: ToolCall[] = [];
  return {
    passed: passed as readonly ToolCall[],
    admits(call: ToolCall): boolean {
      if (passed.some(({ id }) => id === call.id)) return false;
      if (!declared.has(call.name) || toolChoice === "none") {
        throw new AppError("PROVIDER_REFUSED", "The model called a tool that was not offered.", { retryable: false });
      }
      if (parallelToolCalls === false && passed.length > 0) return false;
      passed.push(call);
      return true;
    },
  };
};
