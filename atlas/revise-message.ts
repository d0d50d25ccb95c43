import { randomUUID } from "node:crypto";
import type { Queryable } from "../platform/db/database.ts";
import { storableText } from "../platform/db/storable.ts";
import { AppError } from "../platform/errors/app-error.ts";
import type { Revision, ThreadChanges } from "./thread-changes.ts";
import type { ThreadCipher } from "./thread-cipher.ts";
import type { ThreadWriter } from "./thread-writer.ts";
import type { TimelineReader } from "./timeline-reader.ts";
import { isoTime, type MessageRow, toMessage, toSealed } from "./timeline-rows.ts";
import { isUuid } from "./uuid.ts";

export interface ReviseMessageDeps {
  readonly database: Queryable;
  readonly cipher: ThreadCipher;
  readonly writer: ThreadWriter;
  readonly reader: Pick<TimelineReader, "threadRow" | "message">;
}

type RevisionRow = MessageRow & {
  readonly kind: Revision["kind"];
  readonly actor: string;
  readonly is_author: boolean;
};

// The message as it was written, then each revision in the same columns.
const statesOf = `
  select 'original' as kind, id, position, role, author, content, ciphertext, created_at, meta, id as sealed_as,
    0 as revision, coalesce(written_by, owner) as actor, coalesce(written_by, owner) = $3 as is_author
  from all_messages where id = $1 and thread_id = $2
  union all
  select r.kind, m.id, m.position, m.role, m.author, r.content, r.ciphertext, r.created_at, '{}', r.id,
    r.revision, r.actor, coalesce(m.written_by, m.owner) = $3
  from message_revisions r join all_messages m on m.id = r.message_id
  where r.message_id = $1 and r.thread_id = $2
  order by revision`;

/** Edits and deletions of messages, as revisions beside them; see `ThreadChanges`. */
export const createReviseMessage = ({
  database,
  cipher,
  writer,
  reader,
}: ReviseMessageDeps): Pick<ThreadChanges, "edit" | "remove" | "revisions"> => ({
  async edit({ principal, threadId, messageId, content }) {
    const id = threadId.toLowerCase();
    // Read first: its meta is sealed together with the new content.
    const { meta } = await reader.message(principal.id, id, messageId);
    const known = await writer.know(principal.id, id);
    const revision = randomUUID();
    const secret = { content: storableText(content), meta };
    await writer.write(
      "timeline_revise",
      id,
      known,
      (key) => ({
        message_id: messageId,
        revision_id: revision,
        kind: "edit",
        ...toSealed(cipher, id, key, revision, secret),
      }),
      "message.edited.{channel}",
    );
    return reader.message(principal.id, id, messageId);
  },

  async remove({ principal, threadId, messageId }) {
    const id = threadId.toLowerCase();
    const known = await writer.know(principal.id, id);
    if (!isUuid(messageId)) throw new AppError("NOT_FOUND", "There is no such message.");
    await writer.write(
      "timeline_revise",
      id,
      known,
      () => ({ message_id: messageId, revision_id: randomUUID(), kind: "tombstone" }),
      "message.deleted.{channel}",
    );
    return reader.message(principal.id, id, messageId);
  },

  async revisions({ principal, threadId, messageId }) {
    const { id, wrapped_key, shredded_at } = await reader.threadRow(principal.id, threadId);
    const rows = isUuid(messageId) ? await database.query<RevisionRow>(statesOf, [messageId, id, principal.id]) : [];
    const [original] = rows;
    if (!original) throw new AppError("NOT_FOUND", "There is no such message.");
    if (!original.is_author && !principal.roles.includes("auditor")) {
      throw new AppError("POLICY_DENIED", "Earlier states of a message are its author's to read.");
    }
    return rows.map((row) => {
      const content =
        row.kind === "tombstone" || shredded_at !== null
          ? undefined
          : toMessage(cipher, id, wrapped_key, { ...row, revision_kind: null, revised_at: null }).content;
      return { kind: row.kind, content, actor: row.actor, createdAt: isoTime(row.created_at) };
    });
  },
});
