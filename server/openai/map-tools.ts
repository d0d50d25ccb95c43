import type { ToolChoice, ToolDeclaration } from "../../platform/models/model-gateway.ts";
import type { CallRules } from "../chat/call-guard.ts";
import { given } from "../chat/given.ts";
import type { ChatCompletionRequest } from "./chat-request.ts";

type Declared = NonNullable<ChatCompletionRequest["functions"]>[number];

const toDeclaration = ({ name, description, parameters, strict }: Declared): ToolDeclaration => ({
  name,
  parameters: parameters ?? { type: "object", properties: {} },
  ...given({ description, strict }),
});

const toChoice = (choice: ChatCompletionRequest["tool_choice"]): ToolChoice | undefined => {
  if (choice === null || choice === undefined || typeof choice === "string") return choice ?? undefined;
  return "function" in choice && choice.type === "function"
    ? { name: choice.function.name }
    : (choice as Extract<typeof choice, { type: "allowed_tools" }>).allowed_tools.mode;
};

const allowedNames = (choice: ChatCompletionRequest["tool_choice"]): ReadonlySet<string | undefined> | undefined =>
  typeof choice === "object" && choice?.type === "allowed_tools"
    ? new Set(choice.allowed_tools.tools.map(({ function: called }) => called?.name))
    : undefined;

/** Whether the request speaks of `functions`, as the API did before tools: it is answered in the same words. */
export const isLegacy = ({ tools, functions }: ChatCompletionRequest): boolean =>
  (tools ?? []).length === 0 && (functions ?? []).length > 0;

/**
 * The client's tools and how they may be called. `tools: []` equals absent, a choice without tools is ignored; tools that
 * are not functions are left out.
 */
export const mapTools = (request: ChatCompletionRequest): CallRules => {
  if (isLegacy(request)) {
    const toolChoice = request.function_call ?? undefined;
    return { tools: (request.functions ?? []).map(toDeclaration), parallelToolCalls: false, ...given({ toolChoice }) };
  }
  const allowed = allowedNames(request.tool_choice);
  const tools = (request.tools ?? []).flatMap(({ function: declared }) =>
    declared && (allowed?.has(declared.name) ?? true) ? [toDeclaration(declared)] : [],
  );
  if (tools.length === 0) return {};
  return {
    tools,
    ...given({ toolChoice: toChoice(request.tool_choice), parallelToolCalls: request.parallel_tool_calls }),
  };
};
