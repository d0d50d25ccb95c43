import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { removeDataDir, type ServerProcess, startServer } from "../../support/server-process.ts";
import { jsonOf } from "../../support/start-edge.ts";
import { until } from "../../support/until.ts";
import { usedDataDir } from "../../support/used-data-dir.ts";

const kills = 4;
/** Jobs asked for in each life of the server, so that the kill meets some before, in and after their commit. */
const asked = 6;

let dataDir: string;
let server: ServerProcess | undefined;
beforeAll(async () => {
  dataDir = await usedDataDir();
});
afterAll(async () => {
  await server?.stop("SIGKILL");
  await removeDataDir(dataDir);
});

const start = () =>
  startServer({ dataDir, environment: { ATHENA_EVENTS_IDLE_SECONDS: "0.2", ATHENA_JOBS_PARALLEL: "100" } });
const ask = (url: string, key: string): Promise<Response> =>
  fetch(`${url}/v1/jobs`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ crew: "report", input: { period: "today" }, idempotency_key: key }),
  });

test("a server killed while it takes jobs on has each of them once, under its key, and does it", {
  timeout: 180_000,
}, async () => {
  const answered = new Map<string, string>();
  const keys: string[] = [];
  for (let life = 0; life < kills; life += 1) {
    server = await start();
    const { url } = server;
    const own = Array.from({ length: asked }, (_, index) => `life-${life}-${index}`);
    keys.push(...own);
    const asking = Promise.allSettled(
      own.map(async (key, index) => {
        await delay(index * 15);
        const response = await ask(url, key);
        const { id } = await jsonOf(response);
        answered.set(key, id);
      }),
    );
    await delay(Math.random() * 120);
    await server.stop("SIGKILL");
    await asking;
  }
  server = await start();
  const { url } = server;
  for (const key of keys) {
    const id = (await jsonOf(await ask(url, key))).id as string;
    // Whoever was told of a job before the kill is told of the same one.
    expect(answered.get(key) ?? id).toBe(id);
    answered.set(key, id);
  }
  const jobs = async () =>
    (await jsonOf(await fetch(`${url}/v1/jobs?limit=500`))).jobs as { id: string; status: string; thread_id: string }[];
  await until(async () => (await jobs()).every(({ status }) => status === "completed"), 60_000);
  const all = await jobs();
  expect(all.map(({ id }) => id).sort()).toEqual([...answered.values()].sort());
  for (const { thread_id } of all) {
    const { messages } = await jsonOf(await fetch(`${url}/threads/${thread_id}/messages`));
    expect(messages).toHaveLength(1);
  }
});
