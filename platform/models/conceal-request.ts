import type { EgressPermit } from "../egress/egress.ts";
import { mapStrings } from "../egress/map-strings.ts";
import { AppError } from "../errors/app-error.ts";
import { generaliseRequest } from "./generalise-request.ts";
import type { ChatEvent, ChatMessage } from "./model-gateway.ts";
import type { ProviderRequest } from "./provider.ts";

/**
 * The request as it may go to a provider that is not local: every text in it, tool results and declarations too, goes
 * through the permit. Class `full` changes nothing.
 * @throws {AppError} EGRESS_BLOCKED when something cannot be checked; pictures never can.
 */
export const concealRequest = (
  request: ProviderRequest,
  permit: Pick<EgressPermit, "class" | "conceal" | "features">,
): ProviderRequest => {
  if (permit.class === "full") return request;
  if (permit.class === "generalised") return generaliseRequest(request, permit.features);
  const conceal = (text: string) => permit.conceal(text);
  const { tools, responseFormat } = request;
  return {
    ...request,
    messages: request.messages.map((message) => concealMessage(message, conceal)),
    ...(tools && {
      tools: tools.map((tool) => ({
        ...tool,
        ...(tool.description !== undefined && { description: conceal(tool.description) }),
        parameters: mapStrings(tool.parameters, conceal),
      })),
    }),
    ...(responseFormat?.type === "json_schema" && {
      responseFormat: { ...responseFormat, schema: mapStrings(responseFormat.schema, conceal) },
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

const concealMessage = (message: ChatMessage, conceal: (text: string) => string): ChatMessage => {
  if (message.role === "user" && typeof message.content !== "string") {
    return {
      ...message,
      content: message.content.map((part) => {
        if (part.type === "text") return { ...part, text: conceal(part.text) };
        throw new AppError("EGRESS_BLOCKED", "A picture cannot be checked for identifiers, so it does not leave.");
      }),
    };
  }
  if (message.role === "assistant" && message.toolCalls) {
    const toolCalls = message.toolCalls.map((call) => ({ ...call, arguments: mapStrings(call.arguments, conceal) }));
    return { ...message, content: conceal(message.content), toolCalls };
  }
  return { ...message, content: conceal(message.content as string) } as ChatMessage;
};

/** The answer with the originals back in text, reasoning and tool arguments; pieces that may be half a placeholder wait. */
export async function* restoreEvents(
  events: AsyncIterable<ChatEvent>,
  permit: EgressPermit,
): AsyncGenerator<ChatEvent> {
  const text = permit.restorer();
  const reasoning = permit.restorer();
  const rest = function* (): Generator<ChatEvent> {
    const held = { reasoning: reasoning.end(), text: text.end() };
    if (held.reasoning) yield { type: "reasoning", text: held.reasoning };
    if (held.text) yield { type: "text", text: held.text };
  };
  for await (const event of events) {
    if (event.type === "text" || event.type === "reasoning") {
      const shown = (event.type === "text" ? text : reasoning).push(event.text);
      if (shown) yield { ...event, text: shown };
    } else if (event.type === "toolCall") {
      yield* rest();
      const restored = mapStrings(event.call.arguments, (value) => permit.restore(value));
      yield { ...event, call: { ...event.call, arguments: restored } };
    } else {
      if (event.type === "finish") yield* rest();
      yield event;
    }
  }
}
