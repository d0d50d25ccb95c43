import { randomUUID } from "node:crypto";
import { pino } from "pino";
import { createThreadChanges } from "../atlas/create-thread-changes.ts";
import { loadMasterKey } from "../atlas/master-key.ts";
import { createThreadCipher } from "../atlas/thread-cipher.ts";
import { loadSettings } from "../platform/config/settings.ts";
import type { Database } from "../platform/db/database.ts";
import { migrate } from "../platform/db/migrate.ts";
import { openDatabase } from "../platform/db/open-database.ts";
import type { Principal } from "../platform/policy/principal.ts";
import { startPostgres } from "../tests/support/postgres.ts";
import { freshDataDir, removeDataDir } from "../tests/support/server-process.ts";
import { buildHistory } from "./build-history.ts";
import { createRandom, sentence } from "./made-up-history.ts";
import { percentiles } from "./percentiles.ts";
import { createWholeAtlas, type WholeAtlas } from "./whole-atlas.ts";

const principal: Principal = { id: "ada", roles: ["user"], profile: "openai" };
const logger = pino({ level: "silent" });
const batches = 150;
const perBatch = 100;

const cipherOf = async () =>
  createThreadCipher({ masterKey: await loadMasterKey({ ATHENA_MASTER_KEY: "5e".repeat(32), dataDir: "" }) });

interface Subject {
  readonly database: Database;
  readonly ask: () => Promise<number>;
}

const warmUps = 100;
const measured = 300;
const perTurn = 50;

/** Asks a history questions of five words that stand as language has them; each answers with its milliseconds. */
const createAsk = ({ recall }: WholeAtlas): (() => Promise<number>) => {
  const random = createRandom(11);
  return async () => {
    const at = performance.now();
    await recall({ principal, query: sentence(random, 5), limit: 10, neighbours: true });
    return performance.now() - at;
  };
};

/** The days that the product gives vectors to messages. */
const { ATHENA_VECTOR_DAYS: hotDays } = loadSettings({});
const atlasOn = async (database: Database, textBatch: number): Promise<WholeAtlas> =>
  createWholeAtlas({ database, cipher: await cipherOf(), hotDays, textBatch });

/** Times of several histories, warm; in turns, so that all meet the same noise, each long enough to be served as one engine is. */
const timeRecalls = async (subjects: readonly Subject[]): Promise<ReturnType<typeof percentiles>[]> => {
  const times = subjects.map((): number[] => []);
  for (let turn = 0; turn < (warmUps + measured) / perTurn; turn += 1) {
    for (const [place, { ask }] of subjects.entries()) {
      for (let run = 0; run < perTurn; run += 1) {
        const ms = await ask();
        if (turn * perTurn >= warmUps) times[place]!.push(ms);
      }
    }
  }
  return times.map(percentiles);
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
  // In turns, so that all meet the same noise, and each as often behind each other one; the first ones warm up.
  const names = ["append", "oneInsert", "inserts"] as const;
  for (let run = 0; run < batches; run += 1) {
    const order = run % 2 === 0 ? names : names.toReversed();
    for (const name of [...order.slice(run % 3), ...order.slice(0, run % 3)]) {
      const at = performance.now();
      await works[name]();
      if (run >= 10) times[name].push(performance.now() - at);
    }
  }
  const append = percentiles(times.append).p50;
  return { ofOneInsert: percentiles(times.oneInsert).p50 / append, ofInserts: percentiles(times.inserts).p50 / append };
};

export interface RecallFigures {
  readonly messages: number;
  readonly indexedPerSecond: number;
  readonly recall: ReturnType<typeof percentiles>;
}

export interface AtlasFigures {
  readonly recall: readonly RecallFigures[];
  /** Over the smallest of the histories in the embedded database. */
  readonly embedded: RecallFigures;
  readonly append: Awaited<ReturnType<typeof benchAppend>>;
}

const benchEmbedded = async (messages: number): Promise<RecallFigures> => {
  const dataDir = await freshDataDir();
  const database = await openDatabase({ settings: { ATHENA_DATA_DIR: dataDir, DATABASE_URL: undefined }, logger });
  try {
    await migrate(database);
    const atlas = await atlasOn(database, 500);
    const indexedPerSecond = await buildHistory(database, { owner: principal.id, messages, atlas });
    const [recall] = await timeRecalls([{ database, ask: createAsk(atlas) }]);
    return { messages, indexedPerSecond, recall: recall! };
  } finally {
    await database.close();
    await removeDataDir(dataDir);
  }
};

/** The memory on a PostgreSQL of its own: recall over histories of the given sizes, and appending beside bare inserts. */
export const benchAtlas = async (sizes: readonly number[]): Promise<AtlasFigures> => {
  const server = await startPostgres();
  const opened: Database[] = [];
  const open = async () => {
    const { url } = await server.createDatabase();
    const database = await openDatabase({ settings: { ATHENA_DATA_DIR: "", DATABASE_URL: url }, logger });
    opened.push(database);
    await migrate(database);
    return { database, url };
  };
  try {
    const append = await benchAppend((await open()).database);
    const subjects: (Subject & { messages: number; indexedPerSecond: number })[] = [];
    for (const messages of sizes) {
      const { database, url } = await open();
      const atlas = await atlasOn(database, 5_000);
      const indexedPerSecond = await buildHistory(database, { owner: principal.id, messages, atlas, url });
      subjects.push({ database, ask: createAsk(atlas), messages, indexedPerSecond });
    }
    const times = await timeRecalls(subjects);
    const recall = subjects.map(({ messages, indexedPerSecond }, place) => ({
      messages,
      indexedPerSecond,
      recall: times[place]!,
    }));
    return { recall, embedded: await benchEmbedded(Math.min(...sizes)), append };
  } finally {
    for (const database of opened) await database.close();
    await server.stop();
  }
};
