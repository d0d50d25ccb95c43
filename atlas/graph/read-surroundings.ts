import type { Queryable } from "../../platform/db/database.ts";
import type { Changes } from "../follow/changes.ts";

/** What is known of items by where they are. */
export interface Surroundings {
  /** When documents were stored. */
  readonly documentTimes: ReadonlyMap<string, Date>;
  /** Projects that threads and their channels belong to, by thread. */
  readonly projects: ReadonlyMap<string, readonly string[]>;
  /** Names of channels with several people, by thread. */
  readonly channels: ReadonlyMap<string, string>;
}

interface ThreadRow {
  readonly id: string;
  readonly kind: string;
  readonly title: string;
  readonly channel_id: string;
  readonly thread_project: string | null;
  readonly channel_project: string | null;
}

const threads = `
  select t.id, ch.kind, ch.title, ch.id as channel_id,
    case when jsonb_typeof(t.meta -> 'project') = 'string' then t.meta ->> 'project' end as thread_project,
    case when jsonb_typeof(ch.meta -> 'project') = 'string' then ch.meta ->> 'project' end as channel_project
  from threads t join channels ch on ch.id = t.channel_id where t.id = any ($1::uuid[]) and t.mode = 'open'`;

export const readSurroundings = async (database: Queryable, { messages, chunks }: Changes): Promise<Surroundings> => {
  const threadIds = [...new Set(messages.map(({ threadId }) => threadId))];
  const documentIds = [...new Set(chunks.map(({ documentId }) => documentId))];
  const rows = threadIds.length === 0 ? [] : await database.query<ThreadRow>(threads, [threadIds], "graph_threads");
  const documents =
    documentIds.length === 0
      ? []
      : await database.query<{ id: string; updated_at: string | Date }>(
          "select id, updated_at from documents where id = any ($1::uuid[])",
          [documentIds],
          "graph_documents",
        );
  return {
    documentTimes: new Map(documents.map(({ id, updated_at }) => [id, new Date(updated_at)])),
    projects: new Map(
      rows.map((row) => [row.id, [row.thread_project, row.channel_project].filter((project) => project !== null)]),
    ),
    // One's own direct channel says nothing.
    channels: new Map(
      rows.filter(({ kind }) => kind !== "direct").map(({ id, title, channel_id }) => [id, title || channel_id]),
    ),
  };
};
