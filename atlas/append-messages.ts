import type { Queryable } from "../platform/db/database.ts";
import type { Mode } from "../platform/egress/egress-class.ts";
import { isAppError } from "../platform/errors/app-error.ts";
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

/** A message to append; `keyed`: it came with an id of its own, which no other message is taken for. */
type Given = MessageToWrite & { readonly keyed: boolean };

const isEqual = (stored: Message, given: Given): boolean =>
  stored.role === given.role &&
  stored.author === given.author &&
  stored.content === given.content &&
  (!given.keyed || stored.id === given.id);

/** Appends batches idempotently; see `ThreadChanges.append`. */
export const createAppendMessages =
  ({
    writer,
    cipher,
    database,
  }: {
    readonly writer: ThreadWriter;
    readonly cipher: ThreadCipher;
    readonly database: Queryable;
  }) =>
  async ({ principal, threadId, sincePosition, messages }: AppendRequest): Promise<Appended> => {
    const id = threadId.toLowerCase();
    const known = await writer.know(principal.id, id);
    const given = messages.map((message): Given => ({ ...toWrite(message), keyed: message.id !== undefined }));
    const places = new Map<MessageToWrite, { readonly id: string; readonly position: number }>();
    const unplaced = () => given.filter((message) => !places.has(message));

    let mode: Mode = known.wrappedKey === undefined ? "open" : "confidential";

    /** Finds those that are stored at other positions; whether there were any. */
    const placeStored = async (): Promise<boolean> => {
      const rest = unplaced();
      const keyed = rest.filter((message) => message.keyed).map((message) => message.id);
      if (keyed.length === 0) return false;
      const rows = await database.query<{ id: string; position: number; mode: Mode }>(
        `select id, position, (select mode from threads where id = $1) as mode
         from all_messages where thread_id = $1 and id = any ($2::uuid[])`,
        [id, keyed],
        "messages_by_key",
      );
      for (const { id, position, mode: now } of rows) {
        places.set(rest.find((message) => message.id === id)!, { id, position });
        mode = now;
      }
      return rows.length > 0;
    };

    let added = 0;
    let since = sincePosition;
    let lastPosition = sincePosition;
    // Each round that meets others takes some of the messages off, so that it ends also beside other writers.
    for (let rest: readonly Given[] = given; rest.length > 0; rest = unplaced()) {
      const written = await writer
        .write<Meeting>("timeline_flush", id, known, (key) => ({
          since_position: since,
          messages: writer.stored(id, key, rest),
        }))
        .catch(async (error: unknown) => {
          if (isAppError(error, "CONFLICT") && (await placeStored())) return undefined;
          throw error;
        });
      if (written === undefined) continue;
      const { answer } = written;
      lastPosition = answer.last_position;
      if (answer.state === "gap") return { state: "gap", expectedPosition: lastPosition };
      if (answer.state === "ok") {
        mode = answer.mode;
        added = rest.length;
        for (const [index, message] of rest.entries()) {
          places.set(message, { id: message.id, position: lastPosition - rest.length + index + 1 });
        }
        continue;
      }
      const key = bytesOf(answer.wrapped_key);
      mode = key === null ? "open" : "confidential";
      for (const [index, row] of answer.messages.entries()) {
        const stored = toMessage(cipher, id, key, {
          ...row,
          ciphertext: bytesOf(row.ciphertext),
          sealed_as: row.id,
          revision_kind: null,
          revised_at: null,
        });
        if (!isEqual(stored, rest[index]!)) return { state: "other_content", expectedPosition: lastPosition };
        places.set(rest[index]!, { id: row.id, position: row.position });
      }
      since += answer.messages.length;
    }
    const placed = given.map((message) => places.get(message)!);
    lastPosition = Math.max(lastPosition, ...placed.map(({ position }) => position));
    return { state: "ok", lastPosition, mode, added, messages: placed };
  };
