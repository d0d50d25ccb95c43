import type { Queryable } from "../platform/db/database.ts";
import type { Mode } from "../platform/egress/egress-class.ts";
import { AppError } from "../platform/errors/app-error.ts";
import { createListThreads } from "./list-threads.ts";
import type { ThreadCipher } from "./thread-cipher.ts";
import type { Message, Timeline } from "./timeline.ts";
import { isoTime, type MessageRow, type ThreadRow, threadColumns, toMessage, toThread } from "./timeline-rows.ts";
import { isUuid } from "./uuid.ts";

export interface TimelineReader {
  /** @throws {AppError} NOT_FOUND when the thread is unknown, not to be seen, or its id is none. */
  threadRow(principal: string, threadId: string): Promise<ThreadRow>;
  /** One message as it is now. @throws {AppError} NOT_FOUND for the thread or the message. */
  message(principal: string, threadId: string, messageId: string): Promise<Message>;
  readonly timeline: Pick<Timeline, "thread" | "threads" | "messages" | "changed" | "latest" | "receipts">;
}

const messageColumns =
  "id, position, role, author, content, ciphertext, created_at, meta, sealed_as, revision_kind, revised_at";

// "is true": without statistics the planner would walk all of the scope's threads instead of finding one by its id.
const seen = "(t.scope_key = any ((select scope_keys($2))::text[])) is true";
// Positions have no gaps, so that a page lies between two of them: without statistics the planner would read the whole thread.
// The thread joins everything that is read, so that ownership is checked in the same statement. A thread without a match
// gives no row; one without items gives one row whose item is null.
const inSeenThread = (columns: string, items: string, order: string, ofThread = ""): string =>
  `select t.wrapped_key, ${ofThread} item.* from threads t left join lateral (select ${columns} from ${items}) item on true
   where t.id = $1 and ${seen} order by ${order}`;

// Not bound to the thread's row, so that it is counted once and not for each message.
const stateOfThread = "t.mode, (select count(*)::integer from message_revisions where thread_id = $1) as revisions,";

type Joined<Row, OfThread> = { readonly wrapped_key: Uint8Array | null } & OfThread &
  (Row | { readonly [Key in keyof Row]: null });

interface ReceiptRow {
  readonly id: string;
  readonly created_at: string | Date;
  readonly egress: string;
  readonly receipt: readonly object[];
}

/** The reading half of the timeline; every statement is bound to what the principal sees. */
export const createTimelineReader = ({
  database,
  cipher,
}: {
  readonly database: Queryable;
  readonly cipher: Pick<ThreadCipher, "encrypt" | "decrypt">;
}): TimelineReader => {
  const notFound = () => new AppError("NOT_FOUND", "There is no such thread.");

  const select = async <Row extends { readonly id: string }, OfThread = unknown>(
    name: string,
    sql: string,
    threadId: string,
    principal: string,
    values: readonly unknown[],
  ): Promise<{ readonly wrappedKey: Uint8Array | null; readonly thread: OfThread; readonly rows: Row[] }> => {
    if (!isUuid(threadId)) throw notFound();
    const rows = await database.query<Joined<Row, OfThread>>(sql, [threadId, principal, ...values], name);
    if (!rows[0]) throw notFound();
    return {
      wrappedKey: rows[0].wrapped_key,
      thread: rows[0],
      rows: rows.filter((row) => row.id !== null) as unknown as Row[],
    };
  };

  const threadRow: TimelineReader["threadRow"] = async (principal, threadId) => {
    if (!isUuid(threadId)) throw notFound();
    const [row] = await database.query<ThreadRow>(
      `select ${threadColumns} from threads t where id = $1 and ${seen}`,
      [threadId, principal],
      "thread_by_id",
    );
    if (!row) throw notFound();
    return row;
  };

  const listThreads = createListThreads({ database, cipher });

  return {
    threadRow,

    async message(principal, threadId, messageId) {
      const { wrappedKey, rows } = await select<MessageRow>(
        "message_by_id",
        inSeenThread(messageColumns, "current_messages where thread_id = t.id and id = $3", "item.position"),
        threadId,
        principal,
        [isUuid(messageId) ? messageId : null],
      );
      if (!rows[0]) throw new AppError("NOT_FOUND", "There is no such message.");
      return toMessage(cipher, threadId.toLowerCase(), wrappedKey, rows[0]);
    },

    timeline: {
      async thread(principal, threadId) {
        return toThread(cipher, await threadRow(principal.id, threadId));
      },

      threads: (principal, page) => listThreads(principal, page),

      async messages(principal, threadId, { after, limit }) {
        const { wrappedKey, thread, rows } = await select<
          MessageRow,
          { readonly mode: Mode; readonly revisions: number }
        >(
          "messages_after",
          inSeenThread(
            messageColumns,
            "current_messages where thread_id = t.id and position > $3 and position <= $3::bigint + $4 order by position limit $4",
            "item.position",
            stateOfThread,
          ),
          threadId,
          principal.id,
          [after, limit + 1],
        );
        const page = rows.slice(0, limit).map((row) => toMessage(cipher, threadId.toLowerCase(), wrappedKey, row));
        return {
          messages: page,
          nextAfter: rows.length > limit ? page.at(-1)?.position : undefined,
          mode: thread.mode,
          revisions: thread.revisions,
        };
      },

      async changed(principal, threadId, { since, limit }) {
        const { wrappedKey, rows } = await select<MessageRow>(
          "messages_changed",
          inSeenThread(
            messageColumns,
            `current_messages where thread_id = t.id and id = any (array(
               select message_id from message_revisions where thread_id = t.id and created_at >= $3))
             order by position limit $4`,
            "item.position",
          ),
          threadId,
          principal.id,
          [since, limit],
        );
        return rows.map((row) => toMessage(cipher, threadId.toLowerCase(), wrappedKey, row));
      },

      async latest(principal, threadId, limit) {
        const { wrappedKey, rows } = await select<MessageRow>(
          "messages_latest",
          inSeenThread(
            messageColumns,
            `current_messages where thread_id = t.id and revision_kind is distinct from 'tombstone'
               and position > t.last_position - $3 - (
                 select count(*) from message_revisions r where r.thread_id = t.id and r.kind = 'tombstone')
             order by position desc limit $3`,
            "item.position",
          ),
          threadId,
          principal.id,
          [limit],
        );
        return rows.map((row) => toMessage(cipher, threadId.toLowerCase(), wrappedKey, row));
      },

      async receipts(principal, threadId, limit) {
        const { rows } = await select<ReceiptRow>(
          "receipts_latest",
          inSeenThread(
            "id, sequence, created_at, egress, receipt",
            "query_logs where thread_id = t.id and (t.owner = $2 or principal = $2) order by sequence desc limit $3",
            "item.sequence desc",
          ),
          threadId,
          principal.id,
          [limit],
        );
        return rows.map((row) => ({
          queryId: row.id,
          createdAt: isoTime(row.created_at),
          egress: row.egress,
          lines: row.receipt,
        }));
      },
    },
  };
};
