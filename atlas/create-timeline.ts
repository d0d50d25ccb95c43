import { randomUUID } from "node:crypto";
import type { Queryable } from "../platform/db/database.ts";
import { storableJson } from "../platform/db/storable.ts";
import { AppError, isAppError } from "../platform/errors/app-error.ts";
import { freshThread } from "./fresh-thread.ts";
import type { ThreadCipher } from "./thread-cipher.ts";
import { type Accepted, bytesOf, createThreadWriter, type ThreadWriter, toWrite } from "./thread-writer.ts";
import type { Message, Timeline } from "./timeline.ts";
import { createTimelineReader } from "./timeline-reader.ts";
import { isoTime, type MessageToWrite, toThread } from "./timeline-rows.ts";

export interface TimelineDeps {
  readonly database: Queryable;
  readonly cipher: ThreadCipher;
  /** Shared with others that write; else one of its own. */
  readonly writer?: ThreadWriter;
  /** How many threads' channels and keys are remembered; a thread beyond costs one more look-up. */
  readonly maxKnownThreads?: number;
}

const rethrow = (error: unknown): never => {
  throw error;
};
const onlyMissing = (error: unknown): undefined => {
  if (isAppError(error, "NOT_FOUND")) return undefined;
  throw error;
};

/** The timeline in the main database. Writing is one round trip; confidential messages are encrypted before they leave the process. */
export const createTimeline = ({ database, cipher, writer, maxKnownThreads }: TimelineDeps): Timeline => {
  const reader = createTimelineReader({ database, cipher });
  const { know, forget, write, stored } =
    writer ?? createThreadWriter({ database, cipher, reader, ...(maxKnownThreads && { maxKnownThreads }) });

  const toMessages = (
    threadId: string,
    messages: readonly MessageToWrite[],
    { last_position, now }: Accepted,
  ): Message[] =>
    messages.map((message, index) => ({
      ...message,
      threadId,
      position: last_position - messages.length + index + 1,
      createdAt: isoTime(now),
    }));

  return {
    ...reader.timeline,

    async open(request) {
      const { principal, threadId, mode, scope = "personal", teamId, meta = {}, messages } = request;
      const id = threadId?.toLowerCase() ?? randomUUID();
      const mayCreate = threadId !== undefined && request.create === true;
      const existing =
        threadId === undefined ? undefined : await know(principal.id, id).catch(mayCreate ? onlyMissing : rethrow);
      const found = existing ?? {
        principal: principal.id,
        channelId: `direct:${principal.id}`,
        wrappedKey: undefined,
      };
      const known =
        mode === "confidential" && found.wrappedKey === undefined ? { ...found, wrappedKey: cipher.newKey(id) } : found;
      const threadMeta = storableJson(meta);
      const prepared = messages.map(toWrite);

      const { answer, wrappedKey } = await write<{ readonly state: "exists" }>("timeline_open", id, known, (key) => ({
        fresh: existing === undefined,
        messages: stored(id, key, prepared),
        ...(existing === undefined
          ? freshThread(cipher, id, key, { channelId: known.channelId, scope, teamId, meta: threadMeta })
          : {}),
      }));
      if (answer.state === "exists") {
        // Another request of the same conversation was first: its thread is there now. Or it is another's.
        forget(id);
        if (!mayCreate) throw new AppError("INTERNAL", "A fresh thread's id was taken; nothing was written.");
        return this.open({ ...request, create: false });
      }
      const thread = toThread(cipher, {
        ...answer,
        id,
        wrapped_key: wrappedKey ?? null,
        meta_ciphertext: bytesOf(answer.meta_ciphertext),
      });
      return { thread, messages: toMessages(id, prepared, answer) };
    },

    async close({ thread, messages, log }) {
      const known = await know(log.principal, thread.id);
      const prepared = messages.map(toWrite);
      const row = storableJson(log);
      const { answer } = await write("timeline_close", thread.id, known, (key) => ({
        messages: stored(thread.id, key, prepared),
        log: row,
      }));
      return toMessages(thread.id, prepared, answer);
    },
  };
};
