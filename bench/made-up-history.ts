import { randomUUID } from "node:crypto";
import type { Queryable } from "../platform/db/database.ts";

const perThread = 100;
const atOnce = 2_000;
const vocabulary = 30_000;
const quarterMs = 900_000;

/** A small linear congruential generator: the same history each time. */
export const createRandom = (seed: number) => {
  let state = seed >>> 0;
  return (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
};

const syllables = "ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu".split(" ");

/** A word for a rank: the rarer the longer. */
const wordOf = (rank: number): string => {
  let word = "";
  for (let rest = rank + 20; rest > 0; rest = Math.floor(rest / 20)) word += syllables[rest % 20];
  return word;
};

/** Words as language has them: the frequency of each is one over its rank. */
export const sentence = (random: () => number, words: number): string =>
  Array.from({ length: words }, () => wordOf(Math.floor(vocabulary ** random()))).join(" ");

/**
 * Threads of a hundred messages each, between two people, one message each quarter of an hour until now; written without the
 * timeline, for speed.
 */
export const storeHistory = async (database: Queryable, owner: string, messages: number): Promise<void> => {
  const random = createRandom(7);
  const scopeKey = `user:${owner}`;
  const firstAt = Date.now() - messages * quarterMs;
  await database.query("insert into channels (id, kind, owner) values ($1, 'direct', $2) on conflict (id) do nothing", [
    `direct:${owner}`,
    owner,
  ]);
  for (let from = 0; from < messages; from += atOnce) {
    const count = Math.min(atOnce, messages - from);
    const threads = Array.from({ length: Math.ceil(count / perThread) }, () => randomUUID());
    await database.query(
      `insert into threads (id, channel_id, scope, owner, scope_key, mode, last_position)
       select id, $2, 'personal', $3, $4, 'open', least($5::int, $6::int - (n - 1) * $5::int)
       from unnest($1::uuid[]) with ordinality as given (id, n)`,
      [threads, `direct:${owner}`, owner, scopeKey, perThread, count],
    );
    const rows = Array.from({ length: count }, (_, index) => ({
      thread: threads[Math.floor(index / perThread)]!,
      position: (index % perThread) + 1,
      author: index % 2 === 0 ? "ada" : "grace",
      content: sentence(random, 6 + Math.floor(15 * random())),
      at: new Date(firstAt + (from + index) * quarterMs).toISOString(),
    }));
    await database.query(
      `insert into messages (id, thread_id, position, role, author, owner, scope_key, content, created_at)
       select gen_random_uuid(), thread, place, 'user', author, $6, $7, content, at
       from unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::timestamptz[]) as given (thread, place, author, content, at)`,
      [
        rows.map(({ thread }) => thread),
        rows.map(({ position }) => position),
        rows.map(({ author }) => author),
        rows.map(({ content }) => content),
        rows.map(({ at }) => at),
        owner,
        scopeKey,
      ],
      "bench_messages",
    );
  }
};
