import { z } from "zod";
import type { Queryable } from "../platform/db/database.ts";
import { readDeepLag } from "./deep/deep-readers.ts";

const count = z.int().min(0);

/** What the memory holds and how far each of its indexes is. */
export const AtlasStatus = z
  .object({
    layers: z
      .record(z.string(), count)
      .describe("Rows of each layer: what was said and read, and what derives from it."),
    followers: z
      .array(
        z.object({
          name: z.string(),
          threads: count.describe("Open threads that it has not followed to their end."),
          messages: count.describe("Messages that it has not seen."),
          documents: count.describe("Documents that are new, changed or gone for it."),
        }),
      )
      .describe("The indexes that follow the timeline."),
    deep: z.object({
      configured: z.boolean(),
      breaker: z
        .enum(["closed", "open", "unknown"])
        .describe("`open`: the core failed and is left alone for the moment; `unknown`: no server was asked."),
      lag_changes: count.describe("Changes that the core has not acknowledged, with what its follower has not seen."),
      lag_seconds: z.number().min(0).describe("Age of the oldest change that is not acknowledged."),
      asked_at: z.string().nullable().describe("When the core last asked."),
    }),
  })
  .meta({ id: "AtlasStatus" });
export type AtlasStatus = z.infer<typeof AtlasStatus>;

/** Layers and the tables that hold them. */
const layers = {
  threads: "threads",
  messages: "messages",
  archived_messages: "archived_messages",
  revisions: "message_revisions",
  documents: "documents",
  chunks: "document_chunks",
  text: "text_items",
  vectors: "message_vectors",
  entities: "entities",
  edges: "edges",
  facts: "facts",
  summaries: "thread_summaries",
  deep: "deep_changes",
} as const;

const counts = `select ${Object.entries(layers)
  .map(([name, table]) => `(select count(*) from ${table})::float8 as ${name}`)
  .join(", ")}`;

const followers = `
  select f.name, count(*) filter (where missing > 0)::float8 as threads, coalesce(sum(missing) filter (where missing > 0), 0)::float8 as messages,
    (select count(*) from documents d left join follower_documents x on x.follower = f.name and x.document_id = d.id
      where x.content_hash is distinct from d.content_hash || d.indexed::text)::float8
    + (select count(*) from follower_documents x
      where x.follower = f.name and not exists (select from documents d where d.id = x.document_id))::float8 as documents
  from followers f left join lateral (
    select t.last_position - coalesce(c.position, 0) as missing
    from threads t left join follower_cursors c on c.follower = f.name and c.thread_id = t.id
    where t.mode = 'open'
  ) behind on true
  group by f.name order by f.name`;

/**
 * Counts everything: of a long history it takes a moment. No content, no names of anybody.
 * @throws {AppError} DATABASE_UNAVAILABLE
 */
export const readAtlasStatus = async (
  database: Queryable,
  core: { readonly configured: boolean; readonly breaker: AtlasStatus["deep"]["breaker"] },
): Promise<AtlasStatus> => {
  const [[held], behind, lag] = await Promise.all([
    database.query<Record<string, number>>(counts),
    database.query<AtlasStatus["followers"][number]>(followers),
    readDeepLag(database, "core"),
  ]);
  const own = behind.find(({ name }) => name === "deep");
  return {
    layers: held ?? {},
    followers: behind,
    deep: {
      ...core,
      lag_changes: core.configured ? lag.changes + (own?.messages ?? 0) : 0,
      lag_seconds: core.configured ? Math.round(lag.seconds * 1_000) / 1_000 : 0,
      asked_at: lag.askedAt ?? null,
    },
  };
};
