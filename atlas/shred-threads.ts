import type { Database } from "../platform/db/database.ts";
import { AppError } from "../platform/errors/app-error.ts";
import type { Audit } from "../platform/events/audit.ts";
import { subjectOf } from "../platform/events/subjects.ts";
import { isUuid } from "./uuid.ts";

export interface Shredded {
  readonly threadId: string;
  readonly messages: number;
  /** Said in clear before the thread turned confidential: hidden from every reader, but no key protects these. */
  readonly clear: number;
}

export interface ShredThreads {
  /**
   * Destroys the key of a confidential thread, with an audit record in the same transaction: its content cannot be read any
   * more, in no copy of the database that is younger.
   * @throws {AppError} NOT_FOUND; CONFLICT when the thread is open or was erased before
   */
  thread(threadId: string): Promise<Shredded>;
  /** The same for every confidential thread that a person owns. */
  person(principal: string): Promise<readonly Shredded[]>;
}

type Answer =
  | { readonly state: "ok"; readonly messages: number; readonly clear: number }
  | { readonly state: "not_found" | "open" | "erased" };

const refusals = {
  not_found: () => new AppError("NOT_FOUND", "There is no such thread."),
  open: () => new AppError("CONFLICT", "This thread is not confidential: there is no key to destroy."),
  erased: () => new AppError("CONFLICT", "This thread was erased before."),
} as const;

/** Erases confidential threads on behalf of `actor`. */
export const createShredThreads = ({
  database,
  audit,
  actor,
}: {
  readonly database: Database;
  readonly audit: Pick<Audit, "append">;
  readonly actor: string;
}): ShredThreads => {
  const shred = (threadId: string): Promise<Shredded> =>
    database.transaction(async (connection) => {
      const [row] = isUuid(threadId)
        ? await connection.query<{ channel_id: string; owner: string }>(
            "select channel_id, owner from threads where id = $1",
            [threadId],
          )
        : [];
      if (!row) throw refusals.not_found();
      const subject = subjectOf("message.deleted.{channel}", { channel: row.channel_id });
      const [result] = await connection.query<{ answer: Answer }>("select timeline_shred($1, $2, $3) as answer", [
        threadId,
        actor,
        subject,
      ]);
      const { answer } = result!;
      if (answer.state !== "ok") throw refusals[answer.state]();
      const { messages, clear } = answer;
      await audit.append(
        {
          actor,
          action: "atlas.shred",
          resource: `thread:${threadId.toLowerCase()}`,
          outcome: "ok",
          payload: { owner: row.owner, messages, clear },
        },
        connection,
      );
      return { threadId: threadId.toLowerCase(), messages, clear };
    });

  // The row's former version still holds the key until it is cleaned away.
  const cleanAway = () => database.query("vacuum threads");

  return {
    async thread(threadId) {
      const shredded = await shred(threadId);
      await cleanAway();
      return shredded;
    },
    async person(principal) {
      const rows = await database.query<{ id: string }>(
        "select id from threads where owner = $1 and mode = 'confidential' and shredded_at is null order by sequence",
        [principal],
      );
      const shredded: Shredded[] = [];
      for (const { id } of rows) shredded.push(await shred(id));
      if (shredded.length > 0) await cleanAway();
      return shredded;
    },
  };
};
