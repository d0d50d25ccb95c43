import type { Appended, AppendRequest } from "./thread-changes.ts";
import type { ThreadCipher } from "./thread-cipher.ts";
import { bytesOf, type ThreadWriter, toWrite } from "./thread-writer.ts";
import type { Message } from "./timeline.ts";
import { type MessageRow, type MessageToWrite, toMessage } from "./timeline-rows.ts";

/** A message as it was written, in JSON. */
type StoredRow = Omit<MessageRow, "ciphertext" | "sealed_as" | "revision_kind" | "revised_at"> & {
  readonly ciphertext: string | null;
};

type Meeting =
  | { readonly state: "gap"; readonly last_position: number }
  | {
      readonly state: "overlap";
      readonly last_position: number;
      readonly wrapped_key: string | null;
      readonly messages: readonly StoredRow[];
    };

const isEqual = (stored: Message, given: MessageToWrite): boolean =>
  stored.role === given.role && stored.author === given.author && stored.content === given.content;

/** Appends batches idempotently; see `ThreadChanges.append`. */
export const createAppendMessages =
  ({ writer, cipher }: { readonly writer: ThreadWriter; readonly cipher: ThreadCipher }) =>
  async ({ principal, threadId, sincePosition, messages }: AppendRequest): Promise<Appended> => {
    const id = threadId.toLowerCase();
    const known = await writer.know(principal.id, id);
    const given = messages.map(toWrite);
    const met: { id: string; position: number }[] = [];
    // Each round that meets others takes some of the messages off, so that it ends also beside other writers.
    for (;;) {
      const rest = given.slice(met.length);
      const { answer } = await writer.write<Meeting>("timeline_flush", id, known, (key) => ({
        since_position: sincePosition + met.length,
        messages: writer.stored(id, key, rest),
      }));
      if (answer.state === "gap") return { state: "gap", expectedPosition: answer.last_position };
      if (answer.state === "ok") {
        const added = rest.map((message, index) => ({
          id: message.id,
          position: answer.last_position - rest.length + index + 1,
        }));
        return { state: "ok", lastPosition: answer.last_position, added: rest.length, messages: [...met, ...added] };
      }
      const key = bytesOf(answer.wrapped_key);
      for (const [index, row] of answer.messages.entries()) {
        const stored = toMessage(cipher, id, key, {
          ...row,
          ciphertext: bytesOf(row.ciphertext),
          sealed_as: row.id,
          revision_kind: null,
          revised_at: null,
        });
        if (!isEqual(stored, rest[index]!)) return { state: "other_content", expectedPosition: answer.last_position };
        met.push({ id: row.id, position: row.position });
      }
      if (met.length === given.length) {
        return { state: "ok", lastPosition: answer.last_position, added: 0, messages: met };
      }
    }
  };
