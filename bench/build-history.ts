import pg from "pg";
import type { Database } from "../platform/db/database.ts";
import { storeHistory } from "./made-up-history.ts";
import type { WholeAtlas } from "./whole-atlas.ts";

/** From here on the indexes of postings and similar words are made after their rows: else a million messages take half an hour. */
const bulkFrom = 200_000;

/** Statements that may take minutes, on a connection of their own: the product's give up much sooner. */
const runSlowly = async (url: string, statements: readonly string[]): Promise<void> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("set maintenance_work_mem = '512MB'");
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
};

/** Takes the two costly indexes away; gives the statements that make them again as the migrations define them. */
const dropIndexes = async (database: Database): Promise<readonly string[]> => {
  const [made] = await database.query<{ postings: string; similar: string }>(
    `select (select pg_get_constraintdef(oid) from pg_constraint where conname = 'text_postings_pkey') as postings,
       (select indexdef from pg_indexes where indexname = 'text_vocabulary_similar') as similar`,
  );
  if (!made) throw new Error("the full-text index has no tables");
  await database.query("alter table text_postings drop constraint text_postings_pkey");
  await database.query("drop index text_vocabulary_similar");
  return [`alter table text_postings add constraint text_postings_pkey ${made.postings}`, made.similar];
};

export interface HistoryToBuild {
  readonly owner: string;
  readonly messages: number;
  readonly atlas: WholeAtlas;
  /** Of a PostgreSQL server; without it everything is indexed row by row. */
  readonly url?: string;
}

/**
 * Stores a made-up history and has the product's own followers take it in; of very long ones facts and graph are left out, for
 * time: made-up words hold none.
 *
 * @returns messages that full text took in a second.
 */
export const buildHistory = async (
  database: Database,
  { owner, messages, atlas, url }: HistoryToBuild,
): Promise<number> => {
  await storeHistory(database, owner, messages);
  const startedAt = performance.now();
  const missing = url === undefined || messages < bulkFrom ? [] : await dropIndexes(database);
  await atlas.text.catchUp();
  if (url !== undefined) await runSlowly(url, missing);
  const indexedPerSecond = messages / ((performance.now() - startedAt) / 1_000);
  await atlas.vectors.catchUp();
  if (messages < bulkFrom) {
    await atlas.facts.catchUp();
    await atlas.graph.catchUp();
  }
  const vacuum = ["vacuum analyze"];
  if (url !== undefined) await runSlowly(url, vacuum);
  else for (const statement of vacuum) await database.query(statement);
  return indexedPerSecond;
};
