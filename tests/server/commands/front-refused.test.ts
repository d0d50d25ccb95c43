import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ChatClient, connectChat, type Frame } from "../../support/chat-client.ts";
import { type EngineGate, openEngineGate } from "../../support/engine-gate.ts";
import { type RedisServer, startRedis } from "../../support/redis.ts";
import { runAthena } from "../../support/run-command.ts";
import { runAthenaHere } from "../../support/run-command-here.ts";
import { freePort, freshDataDir } from "../../support/server-process.ts";
import { describeWithServer } from "../../support/servers.ts";
import { type AthenaProcess, startAthena } from "../../support/start-athena.ts";
import { until } from "../../support/until.ts";
import { usedDataDir } from "../../support/used-data-dir.ts";

const keys = "ada=a-secret-of-ada,ops=a-secret-of-ops:admin";
const secret = "a walrus sings in the bath";
const folders: string[] = [];
let engine: AthenaProcess;
let gate: EngineGate;

beforeAll(async () => {
  folders.push(await usedDataDir());
  engine = await startAthena("serve", await freePort(), { ATHENA_DATA_DIR: folders[0]!, ATHENA_API_KEYS: keys });
  gate = await openEngineGate(() => engine.url);
}, 180_000);
afterAll(async () => {
  await Promise.all([engine?.kill(), gate?.close()]);
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

const api = async (path: string, body?: object): Promise<Frame> => {
  const headers = { authorization: "Bearer a-secret-of-ada", "content-type": "application/json" };
  const request = body === undefined ? { headers } : { method: "POST", headers, body: JSON.stringify(body) };
  return (await fetch(engine.url + path, request)).json();
};
const stored = async (thread: string): Promise<string[]> =>
  (await api(`/threads/${thread}/messages?limit=500`)).messages.map(({ content }: Frame) => content);

/** A front of its own; `settings` are those of the commands too. */
const startFront = async (more: Record<string, string> = {}) => {
  const folder = await freshDataDir();
  folders.push(folder);
  const port = await freePort();
  const settings = { ATHENA_DATA_DIR: folder, ATHENA_PORT: String(port), ATHENA_API_KEYS: keys, ...more };
  const start = () =>
    startAthena("front", port, { ...settings, ATHENA_BACKEND_URL: gate.url, ATHENA_FRONT_FLUSH_SECONDS: "0.05" });
  const refused = (...words: string[]) => runAthenaHere(["front", "refused", ...words], settings);
  /** The same as a process, which has to end by itself. */
  const refusedByProcess = (...words: string[]) => runAthena(["front", "refused", ...words], settings);
  const list = async (): Promise<Frame[]> => JSON.parse((await refused("list", "--json")).stdout);
  return { folder, settings, start, refused, refusedByProcess, list };
};

const refuseWalrus: EngineGate["judge"] = (call, body) =>
  call.endsWith("/append") && body.includes("walrus") ? { status: 413, code: "too_large" } : undefined;
/** Says texts that the engine refuses, and waits until it has. */
const sayRefused = async (client: ChatClient, texts: readonly string[]): Promise<void> => {
  gate.judge = refuseWalrus;
  for (const text of texts) client.send({ type: "message", text, reply: false });
  await until(() => client.of("error").length === texts.length);
};

describe("with a journal, which the running front holds", { timeout: 120_000 }, () => {
  let front: AthenaProcess;
  let made: Awaited<ReturnType<typeof startFront>>;
  let client: ChatClient;
  let thread: string;
  beforeAll(async () => {
    made = await startFront();
    front = await made.start();
    thread = (await api("/threads", {})).id;
    client = await connectChat(front.url, { token: "a-secret-of-ada", thread_id: thread });
  }, 60_000);
  afterAll(async () => {
    client?.socket.terminate();
    await front?.kill();
  });

  test("messages are listed without what they say, tried again and given up through it", async () => {
    const none = { code: 0, stdout: "No messages are refused.\n", stderr: "" };
    expect(await made.refusedByProcess("list")).toEqual(none);
    await sayRefused(client, [`1: ${secret}`, `2: ${secret}`, `3: ${secret}`]);
    const shown = await made.refused("list");
    expect(shown.stdout.trimEnd().split("\n")).toHaveLength(3);
    expect(shown.stdout).toMatch(
      new RegExp(
        `^[0-9a-f-]{36} {2}\\d{4}-\\S+Z {2}TOO_LARGE: As the gate says\\. {2}key:ada {2}thread ${thread} {2}29 characters$`,
        "m",
      ),
    );
    const all = await made.list();
    expect(JSON.stringify(all) + shown.stdout).not.toContain("walrus");
    const ids = client.of("error").map(({ message_id }) => message_id);
    expect(all.map(({ id }) => id).sort()).toEqual([...ids].sort());

    // Still unbearable: it comes back here, and its author is told once more.
    expect((await made.refused("retry", ids[0]!)).stdout).toBe("1 wait for the engine again.\n");
    await until(() => client.of("error").length === 4);
    expect(await made.list()).toHaveLength(3);
    gate.judge = () => undefined;
    expect((await made.refused("retry", ids[1]!, crypto.randomUUID())).stdout).toBe("1 wait for the engine again.\n");
    expect(await client.frame(({ position }) => position === 1)).toMatchObject({ id: ids[1], content: `2: ${secret}` });
    expect((await made.refused("drop", ids[0]!.toUpperCase())).stdout).toBe("1 dropped.\n");
    expect((await made.list()).map(({ id }) => id)).toEqual([ids[2]]);
    expect((await made.refused("drop", "--all")).stdout).toBe("1 dropped.\n");
    expect(await stored(thread)).toEqual([`2: ${secret}`]);
    expect(await (await fetch(`${front.url}/ready`)).json()).toMatchObject({ messages: { waiting: 0, refused: 0 } });
    // Nothing of them is left on the disk, sealed or not.
    await until(async () => (await readFile(join(made.folder, "front", "waiting.journal"), "utf8")) === "");
  });

  test("only for administrators, and what is wrong changes nothing", async () => {
    gate.judge = refuseWalrus;
    client.send({ type: "message", text: `4: ${secret}`, reply: false });
    await until(async () => (await made.list()).length === 1);
    const asAda = { ...made.settings, ATHENA_API_KEYS: "ada=a-secret-of-ada" };
    for (const words of [["list"], ["retry", "--all"], ["drop", "--all"]]) {
      const ran = await runAthenaHere(["front", "refused", ...words], asAda);
      expect(ran).toMatchObject({
        code: 1,
        stdout: "",
        stderr: expect.stringMatching(/^athena: [^\n]*:admin[^\n]*\n$/),
      });
    }
    for (const words of [["drop"], ["retry"], ["drop", "--all", crypto.randomUUID()], ["drop", "nonsense"]]) {
      expect(await made.refused(...words), words.join(" ")).toMatchObject({ code: 1, stdout: "" });
    }
    const ask = (path: string, body?: string, key = "a-secret-of-ops") =>
      fetch(front.url + path, {
        ...(body === undefined ? {} : { method: "POST", body }),
        headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      });
    for (const body of ["{}", '{"ids":[]}', '{"all":false}', '{"ids":["1"]}', '{"ids":[""],"all":true}', "[]", "{"]) {
      expect((await ask("/refused/drop", body)).status, body).toBe(400);
    }
    for (const [path, body] of [
      ["/refused"],
      ["/refused/retry", '{"all":true}'],
      ["/refused/drop", '{"all":true}'],
    ] as const) {
      expect((await ask(path, body, "a-secret-of-ada")).status, path).toBe(403);
      expect((await ask(path, body, "nobody")).status, path).toBe(401);
    }
    expect(await made.list()).toHaveLength(1);
  });

  test("when no front runs, the journal is opened; what is tried again is brought by the next one", async () => {
    await front.kill();
    const [message] = JSON.parse((await made.refusedByProcess("list", "--json")).stdout);
    expect(message).toMatchObject({ thread_id: thread, author: "key:ada", code: "TOO_LARGE", characters: 29 });
    const foreign = { ...made.settings, ATHENA_MASTER_KEY: Buffer.alloc(32, 1).toString("base64") };
    const unopened = await runAthenaHere(["front", "refused", "list"], foreign);
    expect(unopened.stdout).toBe(
      `${message.id}  -  cannot be opened with this master key  key:ada  thread ${thread}\n`,
    );
    expect((await runAthenaHere(["front", "refused", "retry", "--all"], foreign)).stdout).toMatch(/^0 /);
    expect((await made.refused("retry", "--all")).stdout).toBe("1 wait for the engine again.\n");
    expect(await made.list()).toEqual([]);
    gate.judge = () => undefined;
    front = await made.start();
    await until(async () => (await stored(thread)).includes(`4: ${secret}`));
  });

  test("another server where the settings say is not taken for the front", async () => {
    const beside = { ...made.settings, ATHENA_PORT: new URL(engine.url).port };
    expect(await runAthenaHere(["front", "refused", "list"], beside)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^athena: [^\n]* is no front[^\n]*\n$/),
    });
  });
});

describeWithServer("redis", "in Redis, which fronts share", () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis?.stop());

  test("messages are listed, tried again and given up beside a front that runs", async () => {
    const made = await startFront({ REDIS_URL: redis.url });
    const front = await made.start();
    const thread = (await api("/threads", {})).id;
    const client = await connectChat(front.url, { token: "a-secret-of-ada", thread_id: thread });
    await sayRefused(client, [`1: ${secret}`, `2: ${secret}`]);
    const all = await made.list();
    expect(all.map(({ thread_id, author, code }) => [thread_id, author, code])).toEqual(
      Array.from({ length: 2 }, () => [thread, "key:ada", "TOO_LARGE"]),
    );
    const [one, two] = client.of("error").map(({ message_id }) => message_id);
    expect((await made.refusedByProcess("drop", two)).stdout).toBe("1 dropped.\n");
    gate.judge = () => undefined;
    expect((await made.refused("retry", "--all")).stdout).toBe("1 wait for the engine again.\n");
    expect(await client.frame(({ position }) => position === 1)).toMatchObject({ id: one, content: `1: ${secret}` });
    expect(await made.list()).toEqual([]);
    const ready = async (): Promise<Frame> => (await fetch(`${front.url}/ready`)).json();
    await until(async () => (await ready()).messages.refused === 0, 10_000);
    client.socket.terminate();
    await front.kill();
  }, 120_000);
});
