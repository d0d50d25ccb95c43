import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type RunningEngine, startEngine } from "../support/engine.ts";
import { type NatsServer, startNats } from "../support/nats.ts";
import { freePort, removeDataDir } from "../support/server-process.ts";
import { describeWithServer } from "../support/servers.ts";
import { jsonOf } from "../support/start-edge.ts";
import { until } from "../support/until.ts";
import { usedDataDir } from "../support/used-data-dir.ts";

// One data folder for all: the first start makes the database and learns the examples.
let dataDir: string;
let running: RunningEngine | undefined;
beforeAll(async () => {
  dataDir = await usedDataDir();
});
afterAll(() => removeDataDir(dataDir));
afterEach(async () => {
  await running?.close();
  running = undefined;
});
const start = async (environment: Record<string, string> = {}): Promise<RunningEngine> => {
  running = await startEngine({ ATHENA_DATA_DIR: dataDir, ATHENA_EVENTS_IDLE_SECONDS: "60", ...environment });
  return running;
};
const ask = async (engine: RunningEngine): Promise<{ thread_id: string }> => {
  const response = await engine.post("/ai/query", { sender: "ada", text: "what is 6 times 7?", source: "test" });
  expect(response.status).toBe(200);
  return jsonOf(response);
};
const outbox = ({ engine }: RunningEngine, thread: string) =>
  engine.database.query<{ status: string }>("select status from outbox where aggregate_id = $1", [thread]);
const eventsDependency = async ({ url }: RunningEngine) => {
  const readiness = await jsonOf(await fetch(`${url}/ready`));
  const found = readiness.dependencies.find(({ name }: { name: string }) => name === "events");
  return { status: readiness.status, kind: found.kind, state: found.state };
};

const slow = { timeout: 60_000 };

describe("a serving engine", slow, () => {
  test("publishes the events of a query at once, without waiting for its next look", async () => {
    const engine = await start();
    const { thread_id } = await ask(engine);
    await until(async () => (await outbox(engine, thread_id)).every(({ status }) => status === "published"), 3_000);
    const events = await engine.engine.database.query<{ subject: string; role: string }>(
      "select subject, payload ->> 'role' as role from bus_events where aggregate_id = $1 order by position",
      [thread_id],
    );
    expect(events).toEqual(
      ["user", "assistant"].map((role) => ({ subject: expect.stringMatching(/^message\.created\./), role })),
    );
    expect(await eventsDependency(engine)).toEqual({ status: "ready", kind: "embedded", state: "up" });
    expect(await (await fetch(`${engine.url}/metrics`)).text()).toMatch(
      /^events_published_total\{outcome="published"\} [1-9]/m,
    );
  });

  test("answers while NATS is away and says so; its events wait", async () => {
    const engine = await start({ NATS_URL: `nats://127.0.0.1:${await freePort()}` });
    const { thread_id } = await ask(engine);
    expect(await eventsDependency(engine)).toEqual({ status: "degraded", kind: "external", state: "down" });
    expect((await outbox(engine, thread_id)).map(({ status }) => status)).toEqual(["pending", "pending"]);
  });
});

describeWithServer("nats", "a serving engine with NATS", () => {
  let server: NatsServer;
  afterEach(() => server?.stop());

  test("publishes when NATS comes back, and stops gently", slow, async () => {
    server = await startNats({ token: "token-of-the-test" });
    await server.crash();
    const engine = await start({ NATS_URL: server.url });
    const { thread_id } = await ask(engine);
    await server.restart();
    await until(async () => (await outbox(engine, thread_id)).every(({ status }) => status === "published"), 15_000);
    expect(await eventsDependency(engine)).toEqual({ status: "ready", kind: "external", state: "up" });
  });

  test("does not start with a token that NATS refuses", slow, async () => {
    server = await startNats({ token: "token-of-the-test" });
    await expect(start({ NATS_URL: server.url.replace("token-of-the-test", "another") })).rejects.toMatchObject({
      code: "CONFIG_INVALID",
    });
  });
});
