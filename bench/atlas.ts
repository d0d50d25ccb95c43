import { randomUUID } from "node:crypto";
import { pino } from "pino";
import { createThreadChanges } from "../atlas/create-thread-changes.ts";
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
  for (const table of ["text_items", "text_postings", "text_vocabulary", "messages", "threads", "follower_cursors"]) {
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

const insert = `insert into messages (id, thread_id, position, role, author, owner, scope_key, content)
  select (m ->> 'id')::uuid, $2, (m ->> 'position')::int, 'user', 'ada', 'ada', 'user:ada', m ->> 'content'
  from jsonb_array_elements($1::jsonb) as m`;

/** Appends of a hundred messages to one thread as shares of the speed of bare INSERTs into the same table: one for all, one for each. */
const benchAppend = async (database: Database) => {
  const changes = createThreadChanges({ database, cipher: await cipherOf() });
  const random = createRandom(13);
  const texts = Array.from({ length: perBatch }, () => sentence(random, 14));
  const thread = await changes.create({ principal });
  const bare = await changes.create({ principal });
  let since = 0;
  let position = 0;
  const rowsOf = () =>
    texts.map((content) => {
      position += 1;
      return { id: randomUUID(), position, content };
    });
  const works = {
    append: async () => {
      const messages = texts.map((content) => ({ role: "user" as const, author: "ada", content }));
      const appended = await changes.append({ principal, threadId: thread.id, sincePosition: since, messages });
      if (appended.state !== "ok") throw new Error("the thread was written to by another");
      since = appended.lastPosition;
    },
    oneInsert: () => database.query(insert, [JSON.stringify(rowsOf()), bare.id], "bench_insert"),
    inserts: () =>
      database.transaction(async (connection) => {
        for (const row of rowsOf()) await connection.query(insert, [JSON.stringify([row]), bare.id], "bench_insert");
      }),
  };
  const times = { append: [] as number[], oneInsert: [] as number[], inserts: [] as number[] };
  // In turns, so that all meet the same noise; the first ones warm up.
  for (let run = 0; run < batches; run += 1) {
    for (const name of ["append", "oneInsert", "inserts"] as const) {
      const at = performance.now();
      await works[name]();
      if (run >= 10) times[name].push(performance.now() - at);
    }
  }
  const append = percentiles(times.append).p50;
  return { ofOneInsert: percentiles(times.oneInsert).p50 / append, ofInserts: percentiles(times.inserts).p50 / append };
};

export interface AtlasFigures {
  readonly messages: number;
  readonly indexedPerSecond: number;
  readonly recall: ReturnType<typeof percentiles>;
}

/** The memory on a PostgreSQL of its own: recall over histories of the given sizes, and appending beside bare inserts. */
export const benchAtlas = async (
  sizes: readonly number[],
): Promise<{ readonly recall: readonly AtlasFigures[]; readonly append: Awaited<ReturnType<typeof benchAppend>> }> => {
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
    const append = await benchAppend(database);
    await database.close();
    return { recall, append };
  } finally {
    await server.stop();
  }
};
