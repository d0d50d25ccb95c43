import type { ChatMessage } from "../../platform/models/model-gateway.ts";
import type { AuxiliaryTask } from "./auxiliary-task.ts";

/** What the templates are made from: the conversation that the request is about. */
interface Conversation {
  readonly first: string;
  readonly last: string;
}

const userLine = /^(?:user|human)\s*:\s*(.*)$/i;
const otherLine = /^(?:assistant|ai|system)\s*:/i;

/** The user's turns in a prompt that quotes a conversation as `USER: …` and `ASSISTANT: …` lines. */
const quotedTurns = (prompt: string): string[] => {
  const quoted = prompt.slice(prompt.lastIndexOf("<chat_history>") + 1).slice(-20_000);
  const turns: string[] = [];
  let open = false;
  for (const line of quoted.split("\n")) {
    const user = userLine.exec(line.trim())?.[1];
    if (user !== undefined) {
      turns.push(user);
      open = true;
    } else if (otherLine.test(line.trim()) || line.includes("</chat_history>")) open = false;
    else if (open) turns[turns.length - 1] += ` ${line.trim()}`;
  }
  return turns.map((turn) => turn.trim()).filter(Boolean);
};

const textOf = ({ content }: ChatMessage): string =>
  typeof content === "string" ? content : content.map((part) => (part.type === "text" ? part.text : "")).join("");

const conversationOf = (prompt: string, messages: readonly ChatMessage[]): Conversation => {
  const turns = quotedTurns(prompt);
  if (turns.length === 0) {
    const users = messages.filter((message) => message.role === "user").map(textOf);
    turns.push(...users.filter((text) => text !== prompt));
    // LibreChat quotes the conversation at the end of its prompt.
    const after = /conversation:\s*\n([\s\S]+)$/i.exec(prompt.slice(0, 20_000))?.[1];
    if (turns.length === 0 && after !== undefined) turns.push(after.trim());
  }
  return { first: turns[0] ?? "", last: turns.at(-1) ?? "" };
};

const longestTitle = 48;

/** The first words of a text, at most six and 48 characters, without marks at the end. */
export const titleOf = (text: string): string => {
  const words = text.replace(/\s+/g, " ").trim().slice(0, 400).split(" ").slice(0, 6);
  while (words.length > 1 && words.join(" ").length > longestTitle) words.pop();
  const title = [...words.join(" ")].slice(0, longestTitle).join("");
  return title.replace(/[\s\p{P}]+$/u, "").replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());
};

const readable = (topic: string): string =>
  topic.replace(/_/g, " ").replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());

/**
 * The answer to an auxiliary request without any model, in the shape that its prompt asks for; an empty text for a task that
 * only a model can do. `topicsOf` names the subjects of a text.
 */
export const answerAuxiliaryTask = async (
  { task, prompt }: AuxiliaryTask,
  messages: readonly ChatMessage[],
  topicsOf: (text: string) => Promise<readonly string[]>,
): Promise<string> => {
  const { first, last } = conversationOf(prompt, messages);
  const wantsJson = /json/i.test(prompt);
  switch (task) {
    case "title_generation":
      return wantsJson ? JSON.stringify({ title: titleOf(first) }) : titleOf(first);
    case "tags_generation":
      return JSON.stringify({ tags: [...new Set(await topicsOf(last))].map(readable) });
    case "follow_up_generation":
      return JSON.stringify({ follow_ups: [] });
    case "query_generation":
      return JSON.stringify({ queries: last === "" ? [] : [last] });
    case "image_prompt_generation":
      return JSON.stringify({ prompt: last });
    case "autocomplete_generation":
      return JSON.stringify({ text: "" });
    default:
      return "";
  }
};
