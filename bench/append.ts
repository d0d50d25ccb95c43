import { randomUUID } from "node:crypto";
import { createThreadChanges } from "../atlas/create-thread-changes.ts";
import { loadMasterKey } from "../atlas/master-key.ts";
import { createThreadCipher } from "../atlas/thread-cipher.ts";
import { migrate } from "../platform/db/migrate.ts";
import type { PoolDatabase } from "../platform/db/pool-database.ts";
import { localPrincipal } from "../platform/policy/principal.ts";
import { openEmptyExternal } from "../tests/support/each-database.ts";
import { openEmptyEmbedded } from "../tests/support/embedded-database.ts";

const batch = 100;
const batches = 60;
const rounds = 5;
const words = "the river runs past old mills and quiet gardens where people talk about weather trains and music".split(
  " ",
);
const text = (seed: number): string =>
  Array.from({ length: 30 }, (_, index) => words[(seed * 7 + index * (1 + (seed % 5))) % words.length]).join(" ");

const insertBare = async (database: PoolDatabase, threadId: string): Promise<void> => {
  for (let at = 0; at < batches; at += 1) {
    const values = Array.from({ length: batch }, (_, index) => [
      randomUUID(),
      at * batch + index + 1,
      text(at * batch + index),
    ]).flat();
    const rows = Array.from(
      { length: batch },
      (_, index) =>
        `($${index * 3 + 2}, $1, $${index * 3 + 3}, 'user', 'ada', 'local', 'user:local', $${index * 3 + 4})`,
    );
    await database.query(
      `insert into messages (id, thread_id, position, role, author, owner, scope_key, content) values ${rows.join(", ")}`,
      [threadId, ...values],
      "bench_bare_insert",
    );
  }
};

/** Messages a second by bare multi-row INSERTs and by `append`, in batches of 100, in turns on one database. */
const measure = async (database: PoolDatabase) => {
  await migrate(database);
  const cipher = createThreadCipher({
    masterKey: await loadMasterKey({ ATHENA_MASTER_KEY: "5e".repeat(32), dataDir: "" }),
  });
  const changes = createThreadChanges({ database, cipher });
  const principal = localPrincipal;
  const best = { bare: 0, append: 0, sealed: 0 };
  const timed = async (what: keyof typeof best, work: () => Promise<void>) => {
    const started = performance.now();
    await work();
    best[what] = Math.max(best[what], (batch * batches * 1_000) / (performance.now() - started));
  };
  const appendTo = (threadId: string) => async () => {
    for (let at = 0; at < batches; at += 1) {
      const messages = Array.from({ length: batch }, (_, index) => ({
        role: "user" as const,
        author: "ada",
        content: text(at * batch + index),
      }));
      await changes.append({ principal, threadId, sincePosition: at * batch, messages });
    }
  };
  for (let round = 0; round < rounds; round += 1) {
    const bare = await changes.create({ principal });
    await timed("bare", () => insertBare(database, bare.id));
    await timed("append", appendTo((await changes.create({ principal })).id));
    await timed("sealed", appendTo((await changes.create({ principal, mode: "confidential" })).id));
  }
  await database.close();
  return best;
};

/** Best of five rounds on each database. */
export const benchAppend = async () => ({
  embedded: await measure(await openEmptyEmbedded()),
  postgres: await measure(await openEmptyExternal()),
});
