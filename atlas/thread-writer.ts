import { randomUUID } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { Queryable } from "../platform/db/database.ts";
import { storableJson, storableText } from "../platform/db/storable.ts";
import { AppError } from "../platform/errors/app-error.ts";
import { subjectOf } from "../platform/events/subjects.ts";
import type { ThreadCipher } from "./thread-cipher.ts";
import type { NewMessage } from "./timeline.ts";
import type { TimelineReader } from "./timeline-reader.ts";
import { type MessageToWrite, type ThreadRow, toStoredMessage } from "./timeline-rows.ts";

/** What must be known of a thread before its messages can be written. */
export interface KnownThread {
  /** Who asked: what one may see, another may not. */
  readonly principal: string;
  readonly channelId: string;
  /** Set: the thread is confidential and messages are encrypted with this key. */
  readonly wrappedKey: Uint8Array | undefined;
}

/** What the writing functions of the database answer when they wrote; bytes as base64. */
export interface Accepted {
  readonly state: "ok";
  readonly now: string;
  readonly created_at: string;
  readonly owner: string;
  readonly channel_id: string;
  readonly last_position: number;
  readonly mode: ThreadRow["mode"];
  readonly scope: ThreadRow["scope"];
  readonly team_id: string | null;
  readonly meta: Record<string, unknown>;
  readonly meta_ciphertext: string | null;
}

const refusals = {
  not_found: () => new AppError("NOT_FOUND", "There is no such thread."),
  no_message: () => new AppError("NOT_FOUND", "There is no such message."),
  no_channel: () => new AppError("NOT_FOUND", "There is no such channel."),
  no_team: () => new AppError("INVALID_INPUT", "'team_id' must name a team that you are in.", { field: "team_id" }),
  denied: () => new AppError("POLICY_DENIED", "You may read this, but not change it."),
  erased: () => new AppError("CONFLICT", "This thread was erased; nothing can be added to it."),
} as const satisfies Record<string, () => AppError>;

type Answer<Other> =
  | Accepted
  | { readonly state: keyof typeof refusals }
  | { readonly state: "rekey"; readonly wrapped_key: string | null }
  | Other;

export interface ThreadWriter {
  /**
   * Channel and key of a thread that the principal sees, remembered. Looked up before anything is written, so that no text of
   * a confidential thread is ever sent in clear.
   * @throws {AppError} NOT_FOUND
   */
  know(principal: string, threadId: string): Promise<KnownThread>;
  forget(threadId: string): void;
  /**
   * Calls a writing function with the key that is known; when the thread turned confidential elsewhere meanwhile, again with
   * its own key. `Other` is what the function may answer beside success and refusal.
   * @throws {AppError} NOT_FOUND, INVALID_INPUT, POLICY_DENIED, CONFLICT
   */
  write<Other extends { readonly state: string } = never>(
    call: string,
    threadId: string,
    known: KnownThread,
    request: (key: Uint8Array | undefined) => Record<string, unknown>,
    subject?: "message.created.{channel}" | "message.edited.{channel}" | "message.deleted.{channel}",
  ): Promise<{ readonly answer: Accepted | Other; readonly wrappedKey: Uint8Array | undefined }>;
  /** Messages as the writing functions take them. */
  stored(
    threadId: string,
    key: Uint8Array | undefined,
    messages: readonly MessageToWrite[],
  ): readonly Record<string, unknown>[];
}

export interface ThreadWriterDeps {
  readonly database: Queryable;
  readonly cipher: ThreadCipher;
  readonly reader: Pick<TimelineReader, "threadRow">;
  /** How many threads' channels and keys are remembered; a thread beyond costs one more look-up. */
  readonly maxKnownThreads?: number;
}

/** Nothing was written because a message of one of these ids is there already. */
const rethrowStored = (error: unknown): never => {
  const isTaken = error instanceof Error && "code" in error && error.code === "23505";
  throw isTaken ? new AppError("CONFLICT", "This message is stored already.", { cause: error }) : error;
};

export const bytesOf = (base64: string | null): Buffer | null =>
  base64 === null ? null : Buffer.from(base64, "base64");

/** A message with its id, as the database can hold it. */
export const toWrite = (message: NewMessage): MessageToWrite => ({
  id: message.id ?? randomUUID(),
  role: message.role,
  author: storableText(message.author),
  content: storableText(message.content),
  meta: message.meta === undefined ? {} : storableJson(message.meta),
  ...(message.createdAt === undefined ? {} : { createdAt: message.createdAt }),
});

/** The writing half of the timeline: one round trip for each call, encrypted before it leaves the process. */
export const createThreadWriter = ({
  database,
  cipher,
  reader,
  maxKnownThreads = 10_000,
}: ThreadWriterDeps): ThreadWriter => {
  const knownThreads = new LRUCache<string, KnownThread>({ max: maxKnownThreads });

  return {
    async know(principal, threadId) {
      const cached = knownThreads.get(threadId);
      if (cached?.principal === principal) return cached;
      const row = await reader.threadRow(principal, threadId);
      const known = { principal, channelId: row.channel_id, wrappedKey: row.wrapped_key ?? undefined };
      knownThreads.set(threadId, known);
      return known;
    },

    forget: (threadId) => void knownThreads.delete(threadId),

    async write<Other extends { readonly state: string } = never>(
      call: string,
      threadId: string,
      known: KnownThread,
      request: (key: Uint8Array | undefined) => Record<string, unknown>,
      subject:
        | "message.created.{channel}"
        | "message.edited.{channel}"
        | "message.deleted.{channel}" = "message.created.{channel}",
    ) {
      let { wrappedKey } = known;
      for (let attempt = 0; attempt < 3; attempt += 1) {
        const key = wrappedKey;
        const body = {
          ...request(key),
          thread_id: threadId,
          principal: known.principal,
          subject: subjectOf(subject, { channel: known.channelId }),
          ...(key === undefined ? {} : { wrapped_key: Buffer.from(key).toString("base64") }),
        };
        const [row] = await database
          .query<{ answer: Answer<Other> }>(`select ${call}($1::jsonb) as answer`, [JSON.stringify(body)], call)
          .catch(rethrowStored);
        const answer = row!.answer;
        if (answer.state in refusals) {
          knownThreads.delete(threadId);
          throw refusals[answer.state as keyof typeof refusals]();
        }
        if (answer.state !== "rekey") {
          knownThreads.set(threadId, { ...known, wrappedKey: key });
          return { answer: answer as Accepted | Other, wrappedKey: key };
        }
        wrappedKey = bytesOf((answer as { wrapped_key: string | null }).wrapped_key) ?? cipher.newKey(threadId);
      }
      throw new AppError("INTERNAL", "The thread's key keeps changing; nothing was written.");
    },

    stored: (threadId, key, messages) => messages.map((message) => toStoredMessage(cipher, threadId, key, message)),
  };
};
