import type { Tool, ToolContext } from "../../tools/tool.ts";
import { permitOf } from "../support/permit.ts";

/** The context of one call at a fixed moment: Friday, 21 November 2025, 13:32:05 UTC. */
export const toolContext = (given: Partial<ToolContext> & { readonly confidential?: boolean } = {}): ToolContext => {
  const { confidential = false, ...rest } = given;
  return {
    principal: { id: "local", roles: ["user"], profile: "openai" },
    signal: new AbortController().signal,
    locale: "en",
    timezone: "Europe/Warsaw",
    now: new Date("2025-11-21T13:32:05Z"),
    threadId: "thread-1",
    permit: permitOf(confidential ? "local-only" : "full"),
    idempotencyKey: "query-1/step-1",
    ...rest,
  };
};

/** Runs a tool past its schemas and says its output. */
export const runTool = async <Input, Output>(tool: Tool<Input, Output>, input: unknown, context = toolContext()) => {
  const parsed = tool.input.parse(input);
  const output = tool.output.parse(await tool.run(parsed, context));
  return { output, text: tool.render(output, parsed, context.locale, context.timezone) };
};
