import { randomUUID } from "node:crypto";
import { pino } from "pino";
import { createTimeline } from "../atlas/create-timeline.ts";
import { createIndexer } from "../atlas/index/create-indexer.ts";
import { loadMasterKey } from "../atlas/master-key.ts";
import { createRecall } from "../atlas/recall.ts";
import { createThreadCipher } from "../atlas/thread-cipher.ts";
import type { Database } from "../platform/db/database.ts";
import { migrate } from "../platform/db/migrate.ts";
import { openDatabase } from "../platform/db/open-database.ts";
import type { Principal } from "../platform/policy/principal.ts";
import { startPostgres } from "../tests/support/postgres.ts";
import { createRandom, sentence, storeHistory } from "./made-up-history.ts";
import { percentiles } from "./percentiles.ts";

const principal: Principal = { id: "ada", roles: ["user"], profile: "openai" };
const logger = pino({ level: "silent" });
const batches = 60;
const perBatch = 100;

const cipherOf = async () =>
  createThreadCipher({ masterKey: await loadMasterKey({ ATHENA_MASTER_KEY: "5e".repeat(32), dataDir: "" }) });

/** Recall over so many messages, warm: questions are five words that stand together in some message. */
const benchRecall = async (database: Database, messages: number) => {
  await storeHistory(database, principal.id, messages);
  const startedAt = performance.now();
  await createIndexer({ database, rule: "scoped", logger, batch: 500 }).catchUp();
  const indexedPerSecond = messages / ((performance.now() - startedAt) / 1_000);
  for (const table of ["text_items", "text_postings", "text_vocabulary", "messages", "threads", "text_cursors"]) {
    await database.query(`vacuum analyze ${table}`);
  }
  const recall = createRecall({ database, cipher: await cipherOf() });
  const random = createRandom(11);
  const ask = async (): Promise<number> => {
    const at = performance.now();
    await recall({ principal, query: sentence(random, 5), limit: 10, neighbours: true });
    return performance.now() - at;
  };
  for (let warm = 0; warm < 100; warm += 1) await ask();
  const times: number[] = [];
  for (let measured = 0; measured < 300; measured += 1) times.push(await ask());
  return { indexedPerSecond, recall: percentiles(times) };
};

/** Appends of a hundred messages, and the bare statement on a table without anything else. */
const benchAppend = async (database: Database): Promise<number> => {
  const timeline = createTimeline({ database, cipher: await cipherOf() });
  const random = createRandom(13);
  const texts = Array.from({ length: perBatch }, () => sentence(random, 14));
  await database.query(
    `create table bare (id uuid primary key, thread_id uuid not null, position integer not null, role text not null,
       author text not null, content text not null, created_at timestamptz not null default now(), meta jsonb not null default '{}')`,
  );
  const bare = async (): Promise<void> => {
    const rows = texts.map((content, index) => ({ id: randomUUID(), position: index + 1, content }));
    await database.query(
      `insert into bare (id, thread_id, position, role, author, content)
       select (m ->> 'id')::uuid, $2, (m ->> 'position')::int, 'user', 'ada', m ->> 'content' from jsonb_array_elements($1::jsonb) as m`,
      [JSON.stringify(rows), randomUUID()],
      "bench_bare",
    );
  };
  const append = async (): Promise<void> => {
    const messages = texts.map((content) => ({ role: "user" as const, author: "ada", content }));
    await timeline.open({ principal, mode: "open", messages });
  };
  const timeOf = async (work: () => Promise<void>): Promise<number> => {
    const at = performance.now();
    await work();
    return performance.now() - at;
  };
  for (let warm = 0; warm < 20; warm += 1) {
    await bare();
    await append();
  }
  // In turns, so that both meet the same noise.
  const times = { bare: [] as number[], append: [] as number[] };
  for (let measured = 0; measured < batches; measured += 1) {
    times.bare.push(await timeOf(bare));
    times.append.push(await timeOf(append));
  }
  return percentiles(times.bare).p50 / percentiles(times.append).p50;
};

export interface AtlasFigures {
  readonly messages: number;
  readonly indexedPerSecond: number;
  readonly recall: ReturnType<typeof percentiles>;
}

/** The memory on a PostgreSQL of its own: recall over histories of the given sizes, and appending beside bare inserts. */
export const benchAtlas = async (
  sizes: readonly number[],
): Promise<{ readonly recall: readonly AtlasFigures[]; readonly appendShare: number }> => {
  const server = await startPostgres();
  try {
    const open = async () => {
      const { url } = await server.createDatabase();
      const database = await openDatabase({ settings: { ATHENA_DATA_DIR: "", DATABASE_URL: url }, logger });
      await migrate(database);
      return database;
    };
    const recall: AtlasFigures[] = [];
    for (const messages of sizes) {
      const database = await open();
      recall.push({ messages, ...(await benchRecall(database, messages)) });
      await database.close();
    }
    const database = await open();
    const appendShare = await benchAppend(database);
    await database.close();
    return { recall, appendShare };
  } finally {
    await server.stop();
  }
};
