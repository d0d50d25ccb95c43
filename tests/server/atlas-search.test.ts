import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createIndexer } from "../../atlas/index/create-indexer.ts";
import { type RunningEngine, startEngine } from "../support/engine.ts";
import { usedDataDir } from "../support/used-data-dir.ts";

let engine: RunningEngine;
let dataDir: string;
beforeAll(async () => {
  dataDir = await usedDataDir();
  engine = await startEngine({
    ATHENA_DATA_DIR: dataDir,
    ATHENA_API_KEYS: "ada=a-secret-of-ada,eve=a-secret-of-eve",
  });
  const { database } = engine.engine;
  await database.query("insert into teams (id) values ('crew'), ('band')");
  await database.query("insert into team_members (team_id, principal) values ('crew', 'key:ada'), ('band', 'key:ada')");
});
afterAll(async () => {
  await engine?.close();
  await rm(dataDir, { recursive: true, force: true });
});

type Who = "ada" | "eve";
const send = async (who: Who, method: string, path: string, body?: unknown) => {
  const response = await fetch(engine.url + path, {
    method,
    headers: { authorization: `Bearer a-secret-of-${who}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: shapes are what the tests look at
  return { status: response.status, body: (await response.json()) as any, headers: response.headers };
};
const search = (who: Who, query: Record<string, string | number>) => {
  const texts = Object.fromEntries(Object.entries(query).map(([key, value]) => [key, `${value}`]));
  return send(who, "GET", `/atlas/search?${new URLSearchParams(texts)}`);
};
const found = async (who: Who, query: Record<string, string | number>): Promise<string[]> => {
  const { status, body } = await search(who, query);
  expect(status).toBe(200);
  return body.fragments.map(({ content }: { content: string }) => content);
};
const write = async (contents: readonly string[], thread: object = {}): Promise<string> => {
  const { id } = (await send("ada", "POST", "/threads", thread)).body;
  const messages = contents.map((content) => ({ role: "user", author: "Grace", content }));
  expect((await send("ada", "POST", `/threads/${id}/append`, { since_position: 0, messages })).status).toBe(200);
  return id;
};
const word = () => `w${randomUUID().replaceAll("-", "").slice(0, 12)}`;

describe("search", () => {
  test("finds what was said at once, with where it stands, who said it, when, and how it was found", async () => {
    const marker = word();
    const thread = await write([`the ${marker} sleeps in the barn`, "nothing of that kind"]);
    const { body } = await search("ada", { q: `where does the ${marker} sleep?` });
    expect(body.degraded).toEqual([]);
    expect(body.fragments[0]).toEqual({
      kind: "message",
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      thread_id: thread,
      position: 1,
      author: "Grace",
      role: "user",
      content: `the ${marker} sleeps in the barn`,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      layer: "text",
      score: expect.any(Number),
    });
  });

  test("finds documents with title and headings, and those of a service only when it is named", async () => {
    const marker = word();
    const store = (source: string, service: string | null) =>
      engine.engine.database.query("select document_store($1::jsonb)", [
        JSON.stringify({
          ...{ principal: "key:ada", scope: "personal", source, service, title: "Handbook", content_hash: source },
          chunks: [{ heading_path: ["Handbook", "Pumps"], content: `The ${marker} is oiled in May, says ${source}.` }],
        }),
      ]);
    await store("a.md", null);
    await store("b.md", "workshop");
    await createIndexer({
      database: engine.engine.database,
      rule: "scoped",
      logger: pino({ level: "silent" }),
    }).catchUp();
    const { body } = await search("ada", { q: marker, kinds: "document" });
    expect(body.fragments).toMatchObject([
      {
        kind: "document",
        document: { title: "Handbook", source: "a.md", heading_path: ["Handbook", "Pumps"] },
        position: 1,
      },
    ]);
    expect(body.fragments[0]).not.toHaveProperty("thread_id");
    expect(await found("ada", { q: marker, kinds: "message" })).toEqual([]);
    expect(await found("ada", { q: marker, service: "workshop" })).toEqual([
      `The ${marker} is oiled in May, says b.md.`,
    ]);
    expect(await found("eve", { q: marker, service: "workshop" })).toEqual([]);
  });

  test("is bounded by number and by tokens", async () => {
    const marker = word();
    await write(Array.from({ length: 12 }, (_, index) => `${marker} has number ${index} of ${word()} and ${word()}`));
    expect(await found("ada", { q: marker })).toHaveLength(10);
    expect(await found("ada", { q: marker, limit: 3 })).toHaveLength(3);
    const tight = await found("ada", { q: marker, budget_tokens: 80 });
    expect(tight.length).toBeGreaterThan(0);
    expect(tight.length).toBeLessThan(5);
  });
});

describe("what one may not see", () => {
  test("is not found by another, nor in another scope or team", async () => {
    const [own, team, everybody] = [word(), word(), word()];
    await write([`${own} is mine`]);
    await write([`${team} is ours`], { scope: "team", team_id: "crew" });
    await write([`${everybody} is known`], { scope: "public" });
    expect(await found("ada", { q: `${own} ${team} ${everybody}` })).toHaveLength(3);
    expect(await found("eve", { q: `${own} ${team} ${everybody}` })).toEqual([`${everybody} is known`]);
    for (const scope of ["personal", "team"]) {
      expect(await found("eve", { q: `${own} ${team} ${everybody}`, scope })).toEqual([]);
    }
    expect(await found("ada", { q: `${own} ${team} ${everybody}`, scope: "team" })).toEqual([`${team} is ours`]);
    await engine.engine.database.query("insert into team_members (team_id, principal) values ('crew', 'key:eve')");
    expect(await found("eve", { q: team })).toEqual([`${team} is ours`]);
    await engine.engine.database.query("delete from team_members where principal = 'key:eve'");
    expect(await found("eve", { q: team })).toEqual([]);
  });

  test("is a 404 as a thread, the same as one that is not there", async () => {
    const thread = await write(["mine"]);
    const foreign = await search("eve", { q: "mine", thread_id: thread });
    const missing = await search("eve", { q: "mine", thread_id: randomUUID() });
    const impossible = await search("eve", { q: "mine", thread_id: "no thread" });
    expect(foreign.status).toBe(404);
    for (const other of [missing, impossible]) {
      expect({ ...other.body.error, request_id: "" }).toEqual({ ...foreign.body.error, request_id: "" });
      expect([...other.headers.keys()]).toEqual([...foreign.headers.keys()]);
      expect(other.status).toBe(404);
    }
  });

  test("of a confidential thread is found from inside it alone, by its owner alone", async () => {
    const marker = word();
    const thread = await write([`${marker} stays between us`], { mode: "confidential" });
    expect(await found("ada", { q: marker })).toEqual([]);
    expect(await found("ada", { q: marker, thread_id: thread })).toEqual([`${marker} stays between us`]);
    expect((await search("eve", { q: marker, thread_id: thread })).status).toBe(404);
  });
});

test.each([
  ["q", {}],
  ["q", { q: "  " }],
  ["q", { q: "x".repeat(10_001) }],
  ["limit", { q: "x", limit: 0 }],
  ["limit", { q: "x", limit: 101 }],
  ["limit", { q: "x", limit: "ten" }],
  ["scope", { q: "x", scope: "everybody" }],
  ["kinds", { q: "x", kinds: "message,secret" }],
  ["deep", { q: "x", deep: "yes" }],
  ["budget_tokens", { q: "x", budget_tokens: -1 }],
])("a wrong '%s' is a 400 that names it: %o", async (field, query) => {
  const { status, body } = await search("ada", query as Record<string, string>);
  expect(status).toBe(400);
  expect(body.error.param).toMatch(new RegExp(`^${field}`));
});

test("a search without a key is a 401", async () => {
  expect((await fetch(`${engine.url}/atlas/search?q=x`)).status).toBe(401);
});

test("a question makes a thread of the team that it names, and of no other's", async () => {
  const ask = (who: Who, more: object) => send(who, "POST", "/ai/query", { text: "what is 6 times 7?", ...more });
  const made = await ask("ada", { scope: "team", team_id: "band" });
  expect(made.status).toBe(200);
  const thread = await send("ada", "GET", `/threads/${made.body.thread_id}`);
  expect(thread.body).toMatchObject({ scope: "team", team_id: "band" });
  for (const [who, more] of [
    ["ada", { scope: "team" }],
    ["eve", { scope: "team", team_id: "band" }],
    ["eve", { scope: "team", team_id: "none" }],
  ] as const) {
    expect(await ask(who, more)).toMatchObject({ status: 400, body: { error: { param: "team_id" } } });
  }
});
