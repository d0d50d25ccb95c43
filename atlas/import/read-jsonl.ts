import { z } from "zod";
import { type ImportedMessage, idOf, timeOf } from "./imported.ts";

const Line = z
  .object({
    role: z.enum(["user", "assistant", "system", "agent", "tool"]).default("user"),
    content: z.string().optional(),
    text: z.string().optional(),
    author: z.string().min(1).nullish(),
    created_at: z.union([z.string(), z.number()]).nullish(),
    id: z.union([z.string(), z.number()]).nullish(),
    thread: z.string().min(1).nullish(),
    title: z.string().nullish(),
    meta: z.record(z.string(), z.unknown()).nullish(),
  })
  .refine(({ content, text }) => content !== undefined || text !== undefined, "expected 'content'");

export interface JsonlMessage {
  /** The conversation that the line names; undefined: the file's own. */
  readonly conversation: string | undefined;
  readonly title: string | undefined;
  readonly message: ImportedMessage;
}

/**
 * Reads lines of JSON, one message each: `{role?, content, author?, created_at?, id?, thread?, title?, meta?}`. A line without
 * an id gets one of what it says, so that lines may be added before it; equal lines are told apart by their number.
 * @returns a function for one line. @throws {z.ZodError | SyntaxError} for a line that is none.
 */
export const createReadJsonl = (): ((line: string) => JsonlMessage) => {
  const seen = new Map<string, number>();
  return (text) => {
    const line = Line.parse(JSON.parse(text));
    const content = line.content ?? line.text ?? "";
    const conversation = line.thread ?? undefined;
    const createdAt = timeOf(line.created_at);
    const said = idOf(conversation ?? "", line.role, line.author ?? "", content, createdAt ?? "");
    const count = (seen.get(said) ?? 0) + 1;
    if (line.id === undefined || line.id === null) seen.set(said, count);
    return {
      conversation,
      title: line.title ?? undefined,
      message: {
        key: line.id === undefined || line.id === null ? `${said} ${count}` : String(line.id),
        role: line.role,
        author: line.author ?? (line.role === "user" ? undefined : line.role),
        content,
        createdAt,
        meta: line.meta ?? {},
      },
    };
  };
};
