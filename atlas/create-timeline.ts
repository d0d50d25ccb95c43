import { randomUUID } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { Queryable } from "../platform/db/database.ts";
import { storableJson, storableText } from "../platform/db/storable.ts";
import { AppError, isAppError } from "../platform/errors/app-error.ts";
import { subjectOf } from "../platform/events/subjects.ts";
import type { Principal } from "../platform/policy/principal.ts";
import type { ThreadCipher } from "./thread-cipher.ts";
import type { Message, NewMessage, Timeline } from "./timeline.ts";
import { createTimelineReader } from "./timeline-reader.ts";
import { isoTime, type MessageToWrite, type ThreadRow, toStoredMessage, toThread } from "./timeline-rows.ts";

export interface TimelineDeps {
  readonly database: Queryable;
  readonly cipher: ThreadCipher;
  /** How many threads' channels and keys are remembered; a thread beyond costs one more look-up. */
  readonly maxKnownThreads?: number;
}

/** What must be known of a thread before its messages can be written. */
interface KnownThread {
  readonly owner: string;
  readonly channelId: string;
  /** Set: the thread is confidential and messages are encrypted with this key. */
  readonly wrappedKey: Uint8Array | undefined;
}

/** What `timeline_open` and `timeline_close` answer; bytes as base64. */
type Written =
  | { readonly state: "not_found" }
  | { readonly state: "rekey"; readonly wrapped_key: string | null }
  | {
      readonly state: "ok";
      readonly now: string;
      readonly created_at: string;
      readonly last_position: number;
      readonly mode: ThreadRow["mode"];
      readonly scope: ThreadRow["scope"];
      readonly meta: Record<string, unknown>;
      readonly meta_ciphertext: string | null;
    };
type Accepted = Extract<Written, { state: "ok" }>;

const rethrow = (error: unknown): never => {
  throw error;
};
const onlyMissing = (error: unknown): undefined => {
  if (isAppError(error, "NOT_FOUND")) return undefined;
  throw error;
};

const bytesOf = (base64: string | null): Buffer | null => (base64 === null ? null : Buffer.from(base64, "base64"));

const toWrite = (message: NewMessage): MessageToWrite => ({
  id: randomUUID(),
  role: message.role,
  author: storableText(message.author),
  content: storableText(message.content),
  meta: storableJson(message.meta ?? {}),
});

// Until there are teams, a team's thread is its owner's alone.
const scopeKeyOf = (scope: ThreadRow["scope"], principal: Principal): string =>
  scope === "public" ? "public" : `user:${principal.id}`;

/** The timeline in the main database. Writing is one round trip; confidential messages are encrypted before they leave the process. */
export const createTimeline = ({ database, cipher, maxKnownThreads = 10_000 }: TimelineDeps): Timeline => {
  const reader = createTimelineReader({ database, cipher });
  const knownThreads = new LRUCache<string, KnownThread>({ max: maxKnownThreads });

  // Looked up before anything is written, so that no text of a confidential thread is ever sent in clear.
  const know = async (owner: string, threadId: string): Promise<KnownThread> => {
    const cached = knownThreads.get(threadId);
    if (cached?.owner === owner) return cached;
    const row = await reader.threadRow(owner, threadId);
    const known = { owner, channelId: row.channel_id, wrappedKey: row.wrapped_key ?? undefined };
    knownThreads.set(threadId, known);
    return known;
  };

  /** Writes with the key that is known; when the thread turned confidential elsewhere meanwhile, again with its own key. */
  const write = async (
    call: "timeline_open" | "timeline_close",
    threadId: string,
    known: KnownThread,
    messages: readonly MessageToWrite[],
    request: (key: Uint8Array | undefined) => Record<string, unknown>,
  ): Promise<{ readonly accepted: Accepted; readonly wrappedKey: Uint8Array | undefined }> => {
    let { wrappedKey } = known;
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const key = wrappedKey;
      const body = {
        ...request(key),
        thread_id: threadId,
        subject: subjectOf("message.created.{channel}", { channel: known.channelId }),
        ...(key === undefined ? {} : { wrapped_key: Buffer.from(key).toString("base64") }),
        messages: messages.map((message) => toStoredMessage(cipher, threadId, key, message)),
      };
      const [row] = await database.query<{ written: Written }>(
        `select ${call}($1::jsonb) as written`,
        [JSON.stringify(body)],
        call,
      );
      const written = row!.written;
      if (written.state === "not_found") throw new AppError("NOT_FOUND", "There is no such thread.");
      if (written.state === "ok") {
        knownThreads.set(threadId, { ...known, wrappedKey: key });
        return { accepted: written, wrappedKey: key };
      }
      wrappedKey = bytesOf(written.wrapped_key) ?? cipher.newKey(threadId);
    }
    throw new AppError("INTERNAL", "The thread's key keeps changing; nothing was written.");
  };

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
      const { principal, threadId, mode, scope = "personal", meta = {}, messages } = request;
      const id = threadId?.toLowerCase() ?? randomUUID();
      const mayCreate = threadId !== undefined && request.create === true;
      const existing =
        threadId === undefined ? undefined : await know(principal.id, id).catch(mayCreate ? onlyMissing : rethrow);
      const fresh = existing === undefined;
      const stored = existing ?? { owner: principal.id, channelId: `direct:${principal.id}`, wrappedKey: undefined };
      const known =
        mode === "confidential" && stored.wrappedKey === undefined
          ? { ...stored, wrappedKey: cipher.newKey(id) }
          : stored;
      const threadMeta = storableJson(meta);
      const prepared = messages.map(toWrite);

      const writing = write("timeline_open", id, known, prepared, (key) => ({
        fresh,
        owner: principal.id,
        ...(fresh
          ? {
              channel_id: known.channelId,
              scope,
              scope_key: scopeKeyOf(scope, principal),
              ...(key === undefined
                ? { meta: threadMeta }
                : { meta: {}, meta_ciphertext: cipher.encrypt(id, key, "meta", threadMeta).toString("base64") }),
            }
          : {}),
      }));
      if (fresh && mayCreate) {
        const failure = await writing.then(
          () => undefined,
          (error: unknown) => error,
        );
        // Another request of the same conversation was first: its thread is there now.
        if (failure !== undefined) {
          knownThreads.delete(id);
          await know(principal.id, id).catch(() => {
            throw failure;
          });
          return this.open({ ...request, create: false });
        }
      }
      const { accepted, wrappedKey } = await writing;
      const thread = fresh
        ? {
            id,
            channelId: known.channelId,
            owner: principal.id,
            scope,
            mode,
            createdAt: isoTime(accepted.created_at),
            lastPosition: accepted.last_position,
            meta: threadMeta,
          }
        : toThread(cipher, {
            ...accepted,
            id,
            channel_id: known.channelId,
            owner: principal.id,
            wrapped_key: wrappedKey ?? null,
            meta_ciphertext: bytesOf(accepted.meta_ciphertext),
          });
      return { thread, messages: toMessages(id, prepared, accepted) };
    },

    async close({ thread, messages, log }) {
      const known = await know(thread.owner, thread.id);
      const prepared = messages.map(toWrite);
      const { accepted } = await write("timeline_close", thread.id, known, prepared, () => ({
        owner: thread.owner,
        log: storableJson(log),
      }));
      return toMessages(thread.id, prepared, accepted);
    },
  };
};
