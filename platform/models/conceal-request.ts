import { concealSchema, concealValue } from "../egress/conceal-value.ts";
import type { EgressPermit } from "../egress/egress.ts";
import { AppError } from "../errors/app-error.ts";
import { type ConcealedNames, concealNames } from "./conceal-names.ts";
import { generaliseRequest } from "./generalise-request.ts";
import type { ChatMessage } from "./model-gateway.ts";
import type { ProviderRequest } from "./provider.ts";

/**
 * The request as it may go to a provider that is not local: every text in it, tool results and declarations too, goes
 * through the permit, and so do names of fields and tools, ids of calls, and numbers. Class `full` changes nothing.
 * @throws {AppError} EGRESS_BLOCKED when something cannot be checked; pictures never can.
 */
export const concealRequest = (
  request: ProviderRequest,
  permit: Pick<EgressPermit, "class" | "conceal" | "features">,
): ProviderRequest => {
  if (permit.class === "full") return request;
  if (permit.class === "generalised") return generaliseRequest(request, permit.features);
  const conceal = (text: string) => permit.conceal(text);
  const names = concealNames(request, conceal);
  const { tools, responseFormat, toolChoice } = request;
  return {
    ...request,
    messages: request.messages.map((message) => concealMessage(message, names, conceal)),
    ...(tools && {
      tools: tools.map((tool) => ({
        ...tool,
        name: names.name(tool.name),
        ...(tool.description !== undefined && { description: conceal(tool.description) }),
        parameters: concealSchema(tool.parameters, conceal),
      })),
    }),
    ...(typeof toolChoice === "object" && { toolChoice: { name: names.name(toolChoice.name) } }),
    ...(responseFormat?.type === "json_schema" && {
      responseFormat: {
        ...responseFormat,
        name: conceal(responseFormat.name) === responseFormat.name ? responseFormat.name : "answer",
        schema: concealSchema(responseFormat.schema, conceal),
      },
    }),
    ...(request.stop && { stop: request.stop.map(conceal) }),
  };
};

/**
 * Every text that `concealRequest` would ask the permit about, for `permit.prepare`. None in class `full`, and none in
 * `generalised`, where no text of the request leaves.
 */
export const textsToConceal = (request: ProviderRequest, permit: EgressPermit): string[] => {
  if (permit.class === "full" || permit.class === "generalised") return [];
  const texts: string[] = [];
  concealRequest(request, {
    class: permit.class,
    conceal: (text) => {
      texts.push(text);
      return text;
    },
  });
  return texts;
};

const concealMessage = (
  message: ChatMessage,
  names: ConcealedNames,
  conceal: (text: string) => string,
): ChatMessage => {
  switch (message.role) {
    case "user":
      if (typeof message.content === "string") return { ...message, content: conceal(message.content) };
      return {
        ...message,
        content: message.content.map((part) => {
          if (part.type === "text") return { ...part, text: conceal(part.text) };
          throw new AppError("EGRESS_BLOCKED", "A picture cannot be checked for identifiers, so it does not leave.");
        }),
      };
    case "assistant":
      return {
        ...message,
        content: conceal(message.content),
        ...(message.toolCalls && {
          toolCalls: message.toolCalls.map((call) => ({
            id: names.id(call.id),
            name: names.name(call.name),
            arguments: concealValue(call.arguments, conceal),
          })),
        }),
      };
    case "tool":
      return {
        ...message,
        content: conceal(message.content),
        toolCallId: names.id(message.toolCallId),
        ...(message.toolName !== undefined && { toolName: names.name(message.toolName) }),
      };
    default:
      return { ...message, content: conceal(message.content) };
  }
};
