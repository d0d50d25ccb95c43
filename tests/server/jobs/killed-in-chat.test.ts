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

test.each(["in a fresh conversation", "under a message's own key"])(
  "killed between the job and the answer, the same request gives the same job, %s",
  { timeout: 90_000 },
  async (kind) => {
    server = await start();
    const before = await jobsOf(server.url);
    const thread = await jsonOf(
      await fetch(`${server.url}/threads`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: "{}",
      }),
    );
    const body = kind === "in a fresh conversation" ? {} : { thread_id: thread.id, key: "question-1" };
    const asking = ask(server.url, body, kind.replaceAll(" ", "-")).then(
      () => "answered",
      () => "cut off",
    );
    const { url } = server;
    await until(async () => (await jobsOf(url)).length > before.length, 20_000);
    await server.stop("SIGKILL");
    expect(await asking).toBe("cut off");

    server = await start();
    const [job, ...others] = (await jobsOf(server.url)).filter(({ id }) => before.every((known) => known.id !== id));
    expect(others).toEqual([]);
    const again = await ask(server.url, body, kind.replaceAll(" ", "-"));
    expect(again.status).toBe(200);
    expect((await jsonOf(again)).answer).toContain(`/v1/jobs/${job!.id}.`);
    expect(await jobsOf(server.url)).toHaveLength(before.length + 1);
    const restarted = server.url;
    await until(async () => (await jobsOf(restarted)).every(({ status }) => status === "completed"), 30_000);
    const { messages } = await jsonOf(await fetch(`${server.url}/threads/${job!.thread_id}/messages`));
    const roles = messages.map(({ role }: { role: string }) => role);
    expect(roles.filter((role: string) => role === "agent")).toHaveLength(1);
    expect(roles.filter((role: string) => role === "user")).toHaveLength(1);
    await server.stop("SIGKILL");
  },
);
