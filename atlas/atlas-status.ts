import { z } from "zod";
import type { Queryable } from "../platform/db/database.ts";
import { type DeepLag, readDeepLags } from "./deep/deep-readers.ts";
import { readBacklog } from "./follow/read-backlog.ts";

const count = z.int().min(0);

const behind = {
  lag_changes: count.describe("Messages, revisions and chunks that are not acknowledged, told to a core or not yet."),
  lag_seconds: z.number().min(0).describe("Age of the oldest of them."),
};

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
          threads: count.describe("Threads that it has not followed to their end."),
          messages: count.describe("Messages that it has not seen."),
          revisions: count.describe("Edits and deletions that it has not seen."),
          documents: count.describe("Documents that are new, changed or gone for it."),
          seconds: z.number().min(0).describe("Age of the oldest of them."),
        }),
      )
      .describe("The indexes that follow the timeline."),
    deep: z.object({
      configured: z.boolean(),
      breaker: z
        .enum(["closed", "open", "unknown"])
        .describe("`open`: the core failed and is left alone for the moment; `unknown`: no server was asked."),
      ...behind,
      asked_at: z.string().nullable().describe("When a core last asked."),
      cores: z
        .array(
          z.object({
            name: z.string().describe("ATHENA_CORE_NAME of the core."),
            ...behind,
            asked_at: z.string().describe("When it last asked; one that has not for seven days is forgotten."),
          }),
        )
        .describe("Each core that follows. The lag above is that of the one that is furthest behind."),
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

const rounded = (seconds: number): number => Math.round(seconds * 1_000) / 1_000;

const toDeep = (
  lags: readonly DeepLag[],
  isConfigured: boolean,
): Omit<AtlasStatus["deep"], "configured" | "breaker"> => {
  const most = (values: readonly number[]): number => (isConfigured ? Math.max(0, ...values) : 0);
  return {
    lag_changes: most(lags.map(({ changes }) => changes)),
    lag_seconds: rounded(most(lags.map(({ seconds }) => seconds))),
    asked_at:
      lags
        .flatMap(({ askedAt }) => askedAt ?? [])
        .toSorted()
        .at(-1) ?? null,
    cores: lags.flatMap(({ name, changes, seconds, askedAt }) =>
      name === undefined || askedAt === undefined
        ? []
        : [{ name, lag_changes: changes, lag_seconds: rounded(seconds), asked_at: askedAt }],
    ),
  };
};

/**
 * Counts everything: of a long history it takes a moment. No content, no names of anybody.
 * @throws {AppError} DATABASE_UNAVAILABLE
 */
export const readAtlasStatus = async (
  database: Queryable,
  core: { readonly configured: boolean; readonly breaker: AtlasStatus["deep"]["breaker"] },
): Promise<AtlasStatus> => {
  const [[held], names, lags] = await Promise.all([
    database.query<Record<string, number>>(counts),
    database.query<{ name: string }>("select name from followers order by name"),
    readDeepLags(database),
  ]);
  const followers: AtlasStatus["followers"] = [];
  for (const { name } of names) {
    const { threads, messages, revisions, documents, seconds } = await readBacklog(database, name);
    followers.push({ name, threads, messages, revisions, documents, seconds: rounded(seconds) });
  }
  return {
    layers: held ?? {},
    followers,
    deep: { ...core, ...toDeep(lags, core.configured) },
  };
};
