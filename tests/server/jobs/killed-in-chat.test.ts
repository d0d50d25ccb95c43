import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { providersAt } from "../../support/engine.ts";
import { removeDataDir, type ServerProcess, startServer } from "../../support/server-process.ts";
import { jsonOf } from "../../support/start-edge.ts";
import { until } from "../../support/until.ts";
import { usedDataDir } from "../../support/used-data-dir.ts";

// Services that take the question and never answer: the turn waits for them while its job is stored.
const silent = createServer(() => undefined);
let dataDir: string;
let server: ServerProcess | undefined;
beforeAll(async () => {
  dataDir = await usedDataDir();
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  await server?.stop("SIGKILL");
  silent.closeAllConnections();
  silent.close();
  await removeDataDir(dataDir);
});

const start = () =>
  startServer({
    dataDir,
    environment: {
      ...providersAt(`http://127.0.0.1:${(silent.address() as AddressInfo).port}`),
      ...{ ATHENA_EVENTS_IDLE_SECONDS: "0.2", ATHENA_STEP_TIMEOUT_SECONDS: "3" },
    },
  });
const ask = (url: string, body: object, key: string) =>
  fetch(`${url}/ai/query`, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": key },
    body: JSON.stringify({ text: "What is the weather in Kraków and write the report for yesterday", ...body }),
  });
const jobsOf = async (url: string) =>
  (await jsonOf(await fetch(`${url}/v1/jobs`))).jobs as { id: string; status: string; thread_id: string }[];

test("killed between the job and the answer, the same request gives the same job, in a fresh conversation and under a message's own key", {
  timeout: 90_000,
}, async () => {
  server = await start();
  const { url } = server;
  const headers = { "content-type": "application/json" };
  const thread = await jsonOf(await fetch(`${url}/threads`, { method: "POST", headers, body: "{}" }));
  const requests = [
    { key: "fresh", body: {}, isOwn: ({ thread_id }: { thread_id: string }) => thread_id !== thread.id },
    {
      key: "keyed",
      body: { thread_id: thread.id, key: "question-1" },
      isOwn: ({ thread_id }: { thread_id: string }) => thread_id === thread.id,
    },
  ];
  const asking = requests.map(({ key, body }) =>
    ask(url, body, key).then(
      () => "answered",
      () => "cut off",
    ),
  );
  await until(async () => (await jobsOf(url)).length === requests.length, 20_000);
  await server.stop("SIGKILL");
  expect(await Promise.all(asking)).toEqual(["cut off", "cut off"]);

  server = await start();
  const restarted = server.url;
  const taken = await jobsOf(restarted);
  expect(taken).toHaveLength(requests.length);
  await Promise.all(
    requests.map(async ({ key, body, isOwn }) => {
      const again = await ask(restarted, body, key);
      expect(again.status).toBe(200);
      expect((await jsonOf(again)).answer).toContain(`/v1/jobs/${taken.find(isOwn)!.id}.`);
    }),
  );
  expect(await jobsOf(restarted)).toHaveLength(requests.length);
  await until(async () => (await jobsOf(restarted)).every(({ status }) => status === "completed"), 30_000);
  for (const { thread_id } of taken) {
    const { messages } = await jsonOf(await fetch(`${restarted}/threads/${thread_id}/messages`));
    const roles = messages.map(({ role }: { role: string }) => role);
    expect(roles.filter((role: string) => role === "agent")).toHaveLength(1);
    expect(roles.filter((role: string) => role === "user")).toHaveLength(1);
  }
});
