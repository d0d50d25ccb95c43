import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningEngine, startEngine } from "../support/engine.ts";
import { jsonOf, startEdge } from "../support/start-edge.ts";
import { until } from "../support/until.ts";

const coreKey = "the-key-of-the-deep-core";
const userKey = "the-key-of-a-person";

describe("what a deep core pulls and sends back", () => {
  let engine: RunningEngine;
  const as = (key: string) => ({ authorization: `Bearer ${key}` });
  const sync = (query: string, key = coreKey) => fetch(`${engine.url}/atlas/sync${query}`, { headers: as(key) });
  const say = async (content: string) => {
    const thread = await jsonOf(await engine.post("/threads", {}, as(userKey)));
    const body = { since_position: 0, messages: [{ role: "user", content }] };
    await engine.post(`/threads/${thread.id}/append`, body, as(userKey));
    return thread.id as string;
  };

  beforeAll(async () => {
    engine = await startEngine({ ATHENA_CORE_KEY: coreKey, ATHENA_API_KEYS: `ada=${userKey}` });
  });
  afterAll(() => engine.close());

  test("gives changes after a cursor, and waits for the next when it is asked to", async () => {
    const id = await say("the narwhal swims");
    let cursor = "";
    await until(async () => {
      const page = await jsonOf(await sync(""));
      cursor = page.next;
      return page.changes.some((change: { thread_id: string; content: string }) => change.thread_id === id);
    }, 10_000);
    const waiting = sync(`?after=${cursor}&wait=20`);
    await say("the beluga sings");
    expect((await jsonOf(await waiting)).changes).toMatchObject([
      { kind: "message", role: "user", scope_key: "user:key:ada", content: "the beluga sings" },
    ]);
  });

  test("opens for the core's key only, and no other door opens for it", async () => {
    for (const key of [userKey, "guessed-key-of-the-core"]) {
      expect((await sync("", key)).status).toBe(401);
      const summaries = { summaries: [{ thread_id: randomUUID(), summary: "x", first_position: 1, last_position: 1 }] };
      expect((await engine.post("/atlas/summaries", summaries, as(key))).status).toBe(401);
    }
    expect((await fetch(`${engine.url}/atlas/sync`)).status).toBe(401);
    expect((await fetch(`${engine.url}/atlas/summaries`, { headers: as(userKey) })).status).toBe(401);
    expect((await fetch(`${engine.url}/threads`, { headers: as(coreKey) })).status).toBe(401);
  });

  test("refuses a cursor, a limit and a reader that cannot be", async () => {
    for (const query of ["?after=7", "?after=%27%3B--", "?limit=0", "?limit=100000", "?wait=-1", "?reader=a%20b"]) {
      const refused = await sync(query);
      expect(refused.status).toBe(400);
      expect((await jsonOf(refused)).error.code).toBe("invalid_input");
    }
  });

  test("keeps summaries, and refuses what is none", async () => {
    const id = await say("we talk about ferns");
    const summary = { thread_id: id, summary: "Ferns.", first_position: 1, last_position: 1 };
    const post = (...summaries: unknown[]) => engine.post("/atlas/summaries", { summaries }, as(coreKey));
    expect(await jsonOf(await post(summary))).toEqual({ stored: [id], refused: [] });
    expect((await post({ ...summary, first_position: 2 })).status).toBe(400);
    expect((await post({ ...summary, embedding: [0.1] })).status).toBe(400);
    expect((await post()).status).toBe(400);
    expect(await jsonOf(await post({ ...summary, thread_id: randomUUID() }))).toMatchObject({ stored: [] });
  });

  test("shows long threads that wait for a summary, page by page", async () => {
    const ask = (query: string) => fetch(`${engine.url}/atlas/summaries${query}`, { headers: as(coreKey) });
    const texts = Array.from({ length: 20 }, (_, index) => ({
      role: "user",
      content: `the tapir eats ${index} leaves`,
    }));
    const thread = await jsonOf(await engine.post("/threads", {}, as(userKey)));
    await engine.post(`/threads/${thread.id}/append`, { since_position: 0, messages: texts }, as(userKey));
    const page = await jsonOf(await ask("?limit=1"));
    expect(page).toMatchObject({
      threads: [{ thread_id: thread.id, last_position: 20, revisions: 0 }],
      next: thread.id,
    });
    expect(page.threads[0].messages[0]).toMatchObject({ role: "user", content: "the tapir eats 0 leaves" });
    expect(await jsonOf(await ask(`?after=${thread.id}`))).toEqual({ threads: [], next: null });
    for (const query of ["?after=7", "?limit=0", "?limit=100", "?embedding_model="]) {
      expect((await ask(query)).status).toBe(400);
    }
  });

  test("is not there without a key of the core", async () => {
    const edge = await startEdge();
    try {
      const answer = await fetch(`${edge.url}/atlas/sync`);
      expect(answer.status).toBe(501);
      expect((await jsonOf(answer)).error.message).toContain("ATHENA_CORE_KEY");
    } finally {
      await edge.close();
    }
  });
});
