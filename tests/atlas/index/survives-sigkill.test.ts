import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createThreadChanges } from "../../../atlas/create-thread-changes.ts";
import { createIndexer } from "../../../atlas/index/create-indexer.ts";
import { unpackParts, uuidOf } from "../../../atlas/index/packed-item.ts";
import { loadMasterKey } from "../../../atlas/master-key.ts";
import { createThreadCipher } from "../../../atlas/thread-cipher.ts";
import { migrate } from "../../../platform/db/migrate.ts";
import { openDatabase } from "../../../platform/db/open-database.ts";
import type { PoolDatabase } from "../../../platform/db/pool-database.ts";
import { nodeFlags } from "../../support/node-flags.ts";
import { type Postgres, startPostgres } from "../../support/postgres.ts";
import { describeWithServer } from "../../support/servers.ts";
import { said, somebody } from "../../support/timeline-samples.ts";
import { until } from "../../support/until.ts";

const program = fileURLToPath(new URL("../../support/index-until-killed.ts", import.meta.url));
const kills = 10;
const threads = 40;
const perThread = 100;
const logger = pino({ level: "silent" });

/** Lets a process index and kills it so long after its first step was committed, in the middle of another. */
const indexAndKill = async (url: string, messagesIndexed: () => Promise<number>, afterMs: number): Promise<void> => {
  const before = await messagesIndexed();
  const child = spawn(process.execPath, [...nodeFlags, program, url], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "close");
  const [begun] = await Promise.race([once(child.stdout, "data"), ended]);
  if (!(begun instanceof Buffer)) throw new Error("the indexing process ended by itself");
  await until(async () => (await messagesIndexed()) > before, 30_000);
  await wait(afterMs);
  child.kill("SIGKILL");
  await ended;
};

/** Everything in the index, with its meaning instead of the numbers of rows. */
const contentOf = async (database: PoolDatabase) => {
  const collections = await database.query<{ id: number; name: string }>(
    "select id, scope_key || ' ' || kind as name from text_collections",
  );
  const nameOf = new Map(collections.map(({ id, name }) => [id, name]));
  const items = await database.query<{ seq: string; packed: Uint8Array }>("select seq, packed from text_items");
  const parts = new Map(items.map(({ seq, packed }) => [seq, unpackParts(packed)[0]!]));
  const postings = await database.query<{ collection: number; term: number; seq: string; counts: string }>(
    "select collection, term, seq, frequency || ' ' || length as counts from text_postings",
  );
  const vocabulary = await database.query<{ collection: number; word: string }>(
    "select collection, hash || ' ' || term || ' ' || items as word from text_vocabulary",
  );
  const sums = await database.query<{ sums: string }>(
    "select concat_ws(' ', scope_key, kind, items, terms, text_terms) as sums from text_collections where items > 0",
  );
  const placeOf = (seq: string): string => {
    const part = parts.get(seq);
    return part ? `${uuidOf(part.item)} ${part.part}` : "nothing";
  };
  return {
    items: [...parts.keys()].map((seq) => {
      const { collection, parent, position, minutes, text, about } = parts.get(seq)!;
      return `${placeOf(seq)} ${nameOf.get(collection)} ${uuidOf(parent)} ${position} ${minutes} ${text} ${about}`;
    }),
    postings: postings.map(
      ({ collection, term, seq, counts }) => `${nameOf.get(collection)} ${term} ${placeOf(seq)} ${counts}`,
    ),
    vocabulary: vocabulary.map(({ collection, word }) => `${nameOf.get(collection)} ${word}`),
    sums: sums.map(({ sums }) => sums),
  };
};
const sorted = (content: Awaited<ReturnType<typeof contentOf>>) =>
  Object.fromEntries(Object.entries(content).map(([name, rows]) => [name, [...rows].sort()]));

describeWithServer("postgres", "the full-text index on PostgreSQL", () => {
  let server: Postgres;
  let database: PoolDatabase;
  beforeAll(async () => {
    server = await startPostgres();
    database = await openDatabase({ settings: { ATHENA_DATA_DIR: "", DATABASE_URL: server.url }, logger });
    await migrate(database);
  });
  afterAll(async () => {
    await database?.close();
    await server?.stop();
  });

  test(`is the same as a fresh one when its process was killed ${kills} times while people wrote, edited and deleted`, {
    timeout: 180_000,
  }, async () => {
    const masterKey = await loadMasterKey({ ATHENA_MASTER_KEY: "5e".repeat(32), dataDir: "" });
    const changes = createThreadChanges({ database, cipher: createThreadCipher({ masterKey }) });
    const principal = somebody();
    const texts = (from: number, count: number) =>
      Array.from({ length: count }, (_, index) =>
        said(`entry ${from + index} of ${principal.id}, word${index % 7} and more`),
      );
    const made = await Promise.all(
      Array.from({ length: threads }, async () => {
        const { id } = await changes.create({ principal });
        const appended = await changes.append({
          principal,
          threadId: id,
          sincePosition: 0,
          messages: texts(0, perThread),
        });
        return { id, messages: appended.state === "ok" ? appended.messages : [] };
      }),
    );
    const messagesIndexed = async () => {
      const [row] = await database.query<{ done: number }>(
        "select coalesce(sum(position), 0)::integer as done from follower_cursors where follower = 'text'",
      );
      return row!.done;
    };

    for (let round = 0; round < kills; round += 1) {
      const killed = indexAndKill(server.url, messagesIndexed, (round * 7) % 31);
      const thread = made[round]!;
      const [edited, removed] = thread.messages;
      await changes.edit({
        principal,
        threadId: thread.id,
        messageId: edited!.id,
        content: `changed in round ${round}`,
      });
      await changes.remove({ principal, threadId: thread.id, messageId: removed!.id });
      await changes.append({
        principal,
        threadId: thread.id,
        sincePosition: perThread,
        messages: texts(perThread, 20),
      });
      await killed;
    }
    const reached = await messagesIndexed();
    expect(reached).toBeGreaterThan(0);
    expect(reached).toBeLessThan(threads * perThread + kills * 20);

    await createIndexer({ database, rule: "scoped", logger }).catchUp();
    const survived = sorted(await contentOf(database));
    await database.query("delete from followers where name = 'text'");
    await createIndexer({ database, rule: "scoped", logger }).catchUp();
    const fresh = sorted(await contentOf(database));
    expect(survived.items).toHaveLength(threads * perThread + kills * 20 - kills);
    expect(new Set(survived.items).size).toBe(survived.items!.length);
    expect(survived).toEqual(fresh);
  });
});
