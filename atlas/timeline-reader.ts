import type { Queryable } from "../platform/db/database.ts";
import { AppError } from "../platform/errors/app-error.ts";
import type { ThreadCipher } from "./thread-cipher.ts";
import type { Timeline } from "./timeline.ts";
import { isoTime, type MessageRow, type ThreadRow, toMessage, toThread } from "./timeline-rows.ts";

export interface TimelineReader {
  /** @throws {AppError} NOT_FOUND when the thread is unknown, another's, or its id is none. */
  threadRow(owner: string, threadId: string): Promise<ThreadRow>;
  readonly timeline: Pick<Timeline, "thread" | "threads" | "messages" | "latest" | "receipts">;
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const threadColumns =
  "id, created_at, channel_id, scope, owner, mode, wrapped_key, last_position, meta, meta_ciphertext";
const messageColumns = "id, position, role, author, content, ciphertext, created_at, meta";

// Not "owner =": without statistics the planner would walk all of the owner's threads instead of finding one by its id.
// The thread joins everything that is read, so that ownership is checked in the same statement. A thread without a match
// gives no row; one without items gives one row whose item is null.
const inOwnThread = (columns: string, items: string, order: string): string =>
  `select t.wrapped_key, item.* from threads t left join lateral (select ${columns} from ${items}) item on true
   where t.id = $1 and t.owner is not distinct from $2 order by ${order}`;

type Joined<Row> = { readonly wrapped_key: Uint8Array | null } & (Row | { readonly [Key in keyof Row]: null });

interface ReceiptRow {
  readonly id: string;
  readonly created_at: string | Date;
  readonly egress: string;
  readonly receipt: readonly object[];
}

/** The reading half of the timeline; every statement is bound to the owner. */
export const createTimelineReader = ({
  database,
  cipher,
}: {
  readonly database: Queryable;
  readonly cipher: Pick<ThreadCipher, "encrypt" | "decrypt">;
}): TimelineReader => {
  const notFound = () => new AppError("NOT_FOUND", "There is no such thread.");

  const select = async <Row extends { readonly id: string }>(
    name: string,
    sql: string,
    threadId: string,
    owner: string,
    values: readonly unknown[],
  ): Promise<{ readonly wrappedKey: Uint8Array | null; readonly rows: Row[] }> => {
    if (!uuid.test(threadId)) throw notFound();
    const rows = await database.query<Joined<Row>>(sql, [threadId, owner, ...values], name);
    if (!rows[0]) throw notFound();
    return { wrappedKey: rows[0].wrapped_key, rows: rows.filter((row) => row.id !== null) as unknown as Row[] };
  };

  const threadRow: TimelineReader["threadRow"] = async (owner, threadId) => {
    if (!uuid.test(threadId)) throw notFound();
    const [row] = await database.query<ThreadRow>(
      `select ${threadColumns} from threads where id = $1 and owner is not distinct from $2`,
      [threadId, owner],
      "thread_by_id",
    );
    if (!row) throw notFound();
    return row;
  };

  return {
    threadRow,
    timeline: {
      async thread(principal, threadId) {
        return toThread(cipher, await threadRow(principal.id, threadId));
      },

      async threads(principal, { after, limit }) {
        if (after !== undefined && !uuid.test(after)) {
          throw new AppError("INVALID_INPUT", "'after' must be the id of a thread.", { field: "after" });
        }
        const rows = await database.query<ThreadRow>(
          `select ${threadColumns} from threads
           where owner = $1 and ($2::uuid is null
             or sequence < (select sequence from threads where id = $2 and owner = $1))
           order by sequence desc limit $3`,
          [principal.id, after ?? null, limit + 1],
        );
        const page = rows.slice(0, limit).map((row) => toThread(cipher, row));
        return { threads: page, nextAfter: rows.length > limit ? page.at(-1)?.id : undefined };
      },

      async messages(principal, threadId, { after, limit }) {
        const { wrappedKey, rows } = await select<MessageRow>(
          "messages_after",
          inOwnThread(
            messageColumns,
            "messages where thread_id = t.id and position > $3 order by position limit $4",
            "item.position",
          ),
          threadId,
          principal.id,
          [after, limit + 1],
        );
        const page = rows.slice(0, limit).map((row) => toMessage(cipher, threadId.toLowerCase(), wrappedKey, row));
        return { messages: page, nextAfter: rows.length > limit ? page.at(-1)?.position : undefined };
      },

      async latest(principal, threadId, limit) {
        const { wrappedKey, rows } = await select<MessageRow>(
          "messages_latest",
          inOwnThread(
            messageColumns,
            "messages where thread_id = t.id order by position desc limit $3",
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
          inOwnThread(
            "id, sequence, created_at, egress, receipt",
            "query_logs where thread_id = t.id order by sequence desc limit $3",
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
