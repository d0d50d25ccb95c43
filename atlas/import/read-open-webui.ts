import { z } from "zod";
import { currentBranch } from "./current-branch.ts";
import { type ImportedConversation, type ImportedMessage, idOf, timeOf } from "./imported.ts";

const Message = z.object({
  id: z.string().nullish(),
  parentId: z.string().nullish(),
  role: z.string(),
  content: z.union([z.string(), z.array(z.unknown()), z.null()]).optional(),
  timestamp: z.number().nullish(),
  model: z.string().nullish(),
});

const Chat = z.object({
  title: z.string().nullish(),
  timestamp: z.number().nullish(),
  history: z.object({ messages: z.record(z.string(), Message).nullish(), currentId: z.string().nullish() }).nullish(),
  messages: z.array(Message).nullish(),
});

/** A chat of Open WebUI's export: a row of its table, whose `chat` holds a tree of messages; older ones hold a list. */
const Row = z.object({
  id: z.string().nullish(),
  title: z.string().nullish(),
  created_at: z.number().nullish(),
  chat: Chat.optional(),
});

const opening = "<details type=";
const closing = "</details>";

/** Without the folded blocks that the page makes of thoughts and calls of tools. Linear. */
const withoutDetails = (text: string): string => {
  let rest = "";
  let from = 0;
  for (let at = text.indexOf(opening); at >= 0; at = text.indexOf(opening, from)) {
    const end = text.indexOf(closing, at);
    if (end < 0) break;
    rest += text.slice(from, at);
    from = end + closing.length;
  }
  return rest + text.slice(from);
};

const textOf = (content: z.infer<typeof Message>["content"]): string => {
  if (typeof content === "string") return withoutDetails(content).trim();
  const parts = (content ?? []).map((part) =>
    typeof part === "object" && part !== null && "text" in part && typeof part.text === "string" ? part.text : "",
  );
  return parts.filter((part) => part !== "").join("\n\n");
};

const toMessage = (key: string, message: z.infer<typeof Message>): ImportedMessage[] => {
  const { role, model } = message;
  if (role !== "user" && role !== "assistant") return [];
  const content = textOf(message.content);
  if (content === "") return [];
  return [
    {
      key,
      role,
      author: role === "user" ? undefined : (model ?? "open-webui"),
      content,
      createdAt: timeOf(message.timestamp),
      meta: { source: "open-webui", ...(role === "assistant" && model ? { model } : {}) },
    },
  ];
};

/** What was on the screen of one chat of an Open WebUI export. @throws {z.ZodError} when it is none */
export const readOpenWebUi = (element: unknown): ImportedConversation => {
  const row = Row.parse(element);
  const chat = row.chat ?? Chat.parse(element);
  const tree = Object.entries(chat.history?.messages ?? {});
  if (tree.length === 0 && !chat.messages) {
    throw new z.ZodError([{ code: "custom", path: ["chat"], message: "there are no messages", input: undefined }]);
  }
  const nodes = new Map(
    tree.map(([id, message]) => [
      id,
      { id, parent: message.parentId ?? undefined, time: message.timestamp ?? 0, message },
    ]),
  );
  const messages =
    nodes.size > 0
      ? currentBranch(nodes, chat.history?.currentId).flatMap(({ id, message }) => toMessage(id, message))
      : (chat.messages ?? []).flatMap((message, index) => toMessage(message.id ?? String(index), message));
  return {
    key: row.id ?? idOf(chat.title ?? "", String(chat.timestamp ?? ""), ...messages.map(({ key }) => key)),
    title: row.title ?? chat.title ?? undefined,
    createdAt: timeOf(row.created_at ?? chat.timestamp),
    messages,
  };
};
