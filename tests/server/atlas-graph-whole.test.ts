import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
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
});
afterAll(async () => {
  await engine?.close();
  await rm(dataDir, { recursive: true, force: true });
});

const send = async (who: "ada" | "eve", method: string, path: string, body?: unknown) => {
  const response = await fetch(engine.url + path, {
    method,
    headers: { authorization: `Bearer a-secret-of-${who}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: shapes are what the tests look at
  return { status: response.status, body: (await response.json()) as any };
};

test("what was appended is in the graph within moments, for who may see it and for nobody else", async () => {
  const { id } = (await send("ada", "POST", "/threads", {})).body;
  const messages = [
    { role: "user", author: "Grace", content: "weather depends on db-7 #Cluster/Storage, as seen in Gdańsk" },
  ];
  await send("ada", "POST", `/threads/${id}/append`, { since_position: 0, messages });
  const labels = async () =>
    ((await send("ada", "GET", "/atlas/graph?entity=db-7&depth=2")).body.nodes ?? []).map(
      ({ label }: { label?: string }) => label ?? "message",
    );
  await expect
    .poll(labels, { timeout: 10_000 })
    .toEqual(expect.arrayContaining(["db-7", "message", "weather", "Gdańsk", "Grace", "Cluster/Storage"]));
  expect((await send("ada", "GET", "/atlas/topics")).body.topics).toMatchObject([
    { topic: "Cluster", items: 0, items_with_below: 1 },
    { topic: "Cluster/Storage", items: 1, items_with_below: 1 },
  ]);
  const [another, missing] = [
    await send("eve", "GET", "/atlas/graph?entity=db-7"),
    await send("eve", "GET", `/atlas/graph?entity=${randomUUID()}`),
  ];
  expect(another.status).toBe(404);
  const { request_id: _, ...error } = missing.body.error;
  expect(another.body.error).toMatchObject(error);
  expect((await send("eve", "GET", "/atlas/topics")).body.topics).toEqual([]);
});
