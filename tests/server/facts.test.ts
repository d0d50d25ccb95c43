import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningEngine, startEngine } from "../support/engine.ts";
import { removeDataDir } from "../support/server-process.ts";
import { until } from "../support/until.ts";
import { usedDataDir } from "../support/used-data-dir.ts";

let engine: RunningEngine;
let dataDir: string;
beforeAll(async () => {
  dataDir = await usedDataDir();
  engine = await startEngine({
    ATHENA_DATA_DIR: dataDir,
    ATHENA_API_KEYS: "ada=a-secret-of-ada,eve=a-secret-of-eve",
  });
});
afterAll(async () => {
  await engine?.close();
  await removeDataDir(dataDir);
});

type Who = "ada" | "eve";
const send = async (who: Who, method: string, path: string, body?: unknown) => {
  const response = await fetch(engine.url + path, {
    method,
    headers: { authorization: `Bearer a-secret-of-${who}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  // biome-ignore lint/suspicious/noExplicitAny: shapes are what the tests look at
  return { status: response.status, body: (text === "" ? undefined : JSON.parse(text)) as any };
};
const found = async (who: Who, query: string) =>
  (await send(who, "GET", `/atlas/search?${new URLSearchParams({ q: query })}`)).body.fragments;
const list = async (who: Who, query: Record<string, string> = {}) =>
  (await send(who, "GET", `/memory/facts?${new URLSearchParams(query)}`)).body.facts;

describe("/memory/facts", { timeout: 30_000 }, () => {
  test("what a person says in a query is a fact within moments, and is recalled with its source", async () => {
    const asked = await send("ada", "POST", "/ai/query", { text: "My brother's name is Zbigniew. What time is it?" });
    expect(asked.status).toBe(200);
    await until(async () => (await list("ada", { q: "brother" })).length === 1);
    const [fact] = await list("ada", { subject: "brother" });
    expect(fact).toMatchObject({
      sentence: "My brother's name is Zbigniew",
      attribute: "name",
      scope: "personal",
      owner: "key:ada",
      origin: "user",
      source_message_id: asked.body.message_id,
      source_thread_id: asked.body.thread_id,
    });
    const recalled = await found("ada", "who is Zbigniew?");
    expect(recalled.filter(({ kind }: { kind: string }) => kind === "fact")).toMatchObject([
      {
        kind: "fact",
        id: fact.id,
        thread_id: asked.body.thread_id,
        fact: { subject: "brother", attribute: "name", message_id: asked.body.message_id },
        content: fact.sentence,
        layer: "fact",
      },
    ]);
    expect(await list("eve")).toEqual([]);
    expect(await found("eve", "Zbigniew")).toEqual([]);
  });

  test.each([
    ["Remember that the spare key is under the mat.", "the spare key is under the mat", "I'll remember that."],
    ["Zapamiętaj, że zapasowy klucz jest w szopie.", "zapasowy klucz jest w szopie", "Zapamiętam to."],
  ])("without a model whoever asks to remember is told that it is kept: %s", async (text, sentence, answer) => {
    expect((await send("ada", "POST", "/ai/query", { text })).body).toMatchObject({ answer, degraded: [] });
    await until(async () => (await list("ada")).some((fact: { sentence: string }) => fact.sentence === sentence));
    // Nothing is kept of a confidential thread, and none is said to be.
    const confidential = await send("ada", "POST", "/ai/query", { text, mode: "confidential" });
    expect(confidential.body.answer).not.toBe(answer);
  });

  test("one is stated, corrected and erased; recall follows in the same moment", async () => {
    const stated = await send("ada", "POST", "/memory/facts", { sentence: "My vet is Dr Kowal" });
    expect(stated.status).toBe(201);
    const again = await send("ada", "POST", "/memory/facts", { sentence: "my vet is dr kowal" });
    expect(again.body).toEqual(stated.body);
    const path = `/memory/facts/${stated.body.id}`;
    const corrected = await send("ada", "PATCH", path, { sentence: "My vet is Dr Sowa" });
    expect(corrected).toMatchObject({ status: 200, body: { sentence: "My vet is Dr Sowa" } });
    const contents = async () => (await found("ada", "vet")).map(({ content }: { content: string }) => content);
    expect(await contents()).toEqual(["My vet is Dr Sowa"]);
    expect((await send("ada", "PATCH", path, { sentence: "again" })).status).toBe(409);
    expect((await send("ada", "GET", path)).body).toMatchObject({ superseded_by: corrected.body.id });
    expect(await list("ada", { q: "vet", at: stated.body.valid_from })).toMatchObject([{ id: stated.body.id }]);
    const history = (await send("ada", "GET", `${path}/history`)).body.facts;
    expect(history.map(({ id }: { id: string }) => id)).toEqual([stated.body.id, corrected.body.id]);
    expect((await send("ada", "DELETE", `/memory/facts/${corrected.body.id}`)).status).toBe(204);
    expect(await contents()).toEqual([]);
    expect((await send("ada", "GET", path)).status).toBe(404);
  });

  test.each(["What do you know about me?", "Co o mnie wiesz?", "Що ти пам'ятаєш про мене?", "מה אתה יודע עליי?"])(
    "%s is answered with what the caller told",
    async (text) => {
      await send("ada", "POST", "/memory/facts", { sentence: "My cello is from 1901" });
      const { status, body } = await send("ada", "POST", "/ai/query", { text });
      expect(status).toBe(200);
      expect(body.answer).toContain("My cello is from 1901");
      expect((await send("eve", "POST", "/ai/query", { text })).body.answer).not.toContain("cello");
    },
  );

  test("another's fact is the same 404 as one that is not there", async () => {
    const { body } = await send("ada", "POST", "/memory/facts", { sentence: "The cellar code is under the stairs" });
    for (const [method, rest, change] of [
      ["GET", "", undefined],
      ["GET", "/history", undefined],
      ["PATCH", "", { sentence: "mine now" }],
      ["DELETE", "", undefined],
    ] as const) {
      const [foreign, missing, senseless] = await Promise.all(
        [body.id, randomUUID(), "x'; --"].map((id) =>
          send("eve", method, `/memory/facts/${encodeURIComponent(id)}${rest}`, change),
        ),
      );
      expect(foreign!.status).toBe(404);
      for (const other of [missing!, senseless!]) {
        expect({ ...other.body.error, request_id: "" }).toEqual({ ...foreign!.body.error, request_id: "" });
      }
    }
    expect((await send("ada", "GET", `/memory/facts/${body.id}`)).body).toEqual(body);
  });

  test.each([
    ["POST", "/memory/facts", {}],
    ["POST", "/memory/facts", { sentence: "  " }],
    ["POST", "/memory/facts", { sentence: "?!" }],
    ["POST", "/memory/facts", { sentence: "x".repeat(1_001) }],
    ["POST", "/memory/facts", { sentence: "a fact", scope: "public" }],
    ["POST", "/memory/facts", { sentence: "a fact", scope: "team", team_id: "nobody's" }],
    ["GET", "/memory/facts?at=yesterday", undefined],
    ["GET", "/memory/facts?limit=0", undefined],
    ["GET", "/memory/facts?scope=public", undefined],
  ] as const)("%s %s with bad input is 400 and changes nothing", async (method, path, body) => {
    const before = await list("ada");
    expect((await send("ada", method, path, body)).status).toBe(400);
    expect(await list("ada")).toEqual(before);
  });
});
