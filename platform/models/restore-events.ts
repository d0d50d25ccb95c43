import type { EgressPermit } from "../egress/egress.ts";
import { mapStrings } from "../egress/map-strings.ts";
import { concealNames } from "./conceal-names.ts";
import type { ChatEvent, ToolCall, ToolDeclaration } from "./model-gateway.ts";
import type { ProviderRequest } from "./provider.ts";

/**
 * The answer with the originals back in text, reasoning, names of tools and their arguments; pieces that may be half a
 * placeholder wait. `request` is the one whose concealed form was answered.
 */
export async function* restoreEvents(
  events: AsyncIterable<ChatEvent>,
  permit: EgressPermit,
  request: ProviderRequest,
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
      yield { ...event, call: restoreCall(event.call, permit, request) };
    } else {
      if (event.type === "finish") yield* rest();
      yield event;
    }
  }
}

const restoreCall = (call: ToolCall, permit: EgressPermit, request: ProviderRequest): ToolCall => {
  // Features alone went out in class `generalised`: no name was changed then.
  const name =
    permit.class === "sanitized"
      ? concealNames(request, (text) => permit.conceal(text)).restoreName(call.name)
      : call.name;
  const tool = request.tools?.find((declared) => declared.name === name);
  const restored = mapStrings(call.arguments, (value) => permit.restore(value));
  return { ...call, name, arguments: tool ? withNumbers(restored, call.arguments, tool) : restored };
};

/** A number that left as a placeholder comes back as one where the tool's schema wants a number. */
const withNumbers = (
  restored: Record<string, unknown>,
  given: Record<string, unknown>,
  { parameters }: ToolDeclaration,
): Record<string, unknown> => {
  const properties = parameters.properties as Record<string, { readonly type?: unknown } | undefined> | undefined;
  const isNumber = (key: string) => /^(?:number|integer)$/.test(String(properties?.[key]?.type));
  return Object.fromEntries(
    Object.entries(restored).map(([key, value]) => [
      key,
      typeof value === "string" && value !== given[key] && isNumber(key) && /^-?\d{1,15}(?:\.\d+)?$/.test(value)
        ? Number(value)
        : value,
    ]),
  );
};
