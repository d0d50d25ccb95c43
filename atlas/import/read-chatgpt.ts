import { z } from "zod";
import { currentBranch } from "./current-branch.ts";
import { type ImportedConversation, type ImportedMessage, idOf, timeOf } from "./imported.ts";

const Message = z.object({
  id: z.string().nullish(),
  author: z.object({ role: z.string() }),
  create_time: z.number().nullish(),
  recipient: z.string().nullish(),
  content: z
    .object({ content_type: z.string().nullish(), parts: z.array(z.unknown()).nullish(), text: z.string().nullish() })
    .nullish(),
  metadata: z
    .object({ is_visually_hidden_from_conversation: z.boolean().nullish(), model_slug: z.string().nullish() })
    .nullish(),
});

/** A conversation of ChatGPT's `conversations.json`: a tree of nodes, some without a message. */
const Conversation = z.object({
  conversation_id: z.string().nullish(),
  id: z.string().nullish(),
  title: z.string().nullish(),
  create_time: z.number().nullish(),
  current_node: z.string().nullish(),
  mapping: z.record(
    z.string(),
    z.object({ parent: z.string().nullish(), message: z.union([Message, z.null()]).optional() }),
  ),
});

/** Thoughts and settings that were never on the screen. */
const unseen: ReadonlySet<string> = new Set([
  "thoughts",
  "reasoning_recap",
  "user_editable_context",
  "model_editable_context",
  "system_error",
]);

// References to sources stand between characters of the private use area.
const citation = /\ue200[^\ue200\ue201]*\ue201/g;

const textOf = (content: z.infer<typeof Message>["content"]): string => {
  const parts = (content?.parts ?? []).map((part) => {
    if (typeof part === "string") return part;
    // A spoken part has its transcript; pictures and sounds have none.
    const text = typeof part === "object" && part !== null && "text" in part ? part.text : "";
    return typeof text === "string" ? text : "";
  });
  return [...parts, content?.text ?? ""]
    .filter((part) => part.trim() !== "")
    .join("\n\n")
    .replace(citation, "");
};

const toMessage = (node: string, message: z.infer<typeof Message> | null | undefined): ImportedMessage[] => {
  const role = message?.author.role;
  if (!message || (role !== "user" && role !== "assistant")) return [];
  // What goes to a tool is machinery.
  if (role === "assistant" && (message.recipient ?? "all") !== "all") return [];
  if (message.metadata?.is_visually_hidden_from_conversation || unseen.has(message.content?.content_type ?? ""))
    return [];
  const content = textOf(message.content);
  if (content.trim() === "") return [];
  const model = message.metadata?.model_slug;
  return [
    {
      key: message.id ?? node,
      role,
      author: role === "user" ? undefined : "chatgpt",
      content,
      createdAt: timeOf(message.create_time),
      meta: { source: "chatgpt", ...(role === "assistant" && model ? { model } : {}) },
    },
  ];
};

/** What was on the screen of one conversation of a ChatGPT export. @throws {z.ZodError} when it is none */
export const readChatGpt = (element: unknown): ImportedConversation => {
  const conversation = Conversation.parse(element);
  const nodes = new Map(
    Object.entries(conversation.mapping).map(([id, { parent, message }]) => [
      id,
      { id, parent: parent ?? undefined, time: message?.create_time ?? 0, message },
    ]),
  );
  return {
    key:
      conversation.conversation_id ??
      conversation.id ??
      idOf(conversation.title ?? "", String(conversation.create_time ?? ""), ...nodes.keys()),
    title: conversation.title ?? undefined,
    createdAt: timeOf(conversation.create_time),
    messages: currentBranch(nodes, conversation.current_node).flatMap(({ id, message }) => toMessage(id, message)),
  };
};
