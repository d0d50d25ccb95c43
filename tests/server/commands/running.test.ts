import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { QueryReply } from "../../../server/native/query-request.ts";
import { providersAt } from "../../support/engine.ts";
import { startProviderServer } from "../../support/provider-server.ts";
import { runAthena } from "../../support/run-command.ts";
import { runAthenaHere } from "../../support/run-command-here.ts";
import {
  freePort,
  freshDataDir,
  removeDataDir,
  type ServerProcess,
  startServer,
} from "../../support/server-process.ts";
import { usedDataDir } from "../../support/used-data-dir.ts";

// Nothing public can be reached, whatever machine this runs on.
const nowhere = { ...providersAt("http://127.0.0.1:9"), ATHENA_TIMEZONE: "Europe/Warsaw" };
const question = "How high is Gdańsk airport, and what is 17 % of 2,340?";

const children: ChildProcess[] = [];
const folders: string[] = [];
const dataFolder = async (make = usedDataDir): Promise<string> => {
  const folder = await make();
  folders.push(folder);
  return folder;
};
afterAll(async () => {
  for (const child of children) child.kill("SIGKILL"); // those that a failed test left running
  for (const folder of folders) await removeDataDir(folder);
});

describe("without a server", () => {
  let environment: Record<string, string>;
  beforeAll(async () => {
    environment = {
      ...nowhere,
      ATHENA_DATA_DIR: await dataFolder(freshDataDir),
      ATHENA_PORT: String(await freePort()),
    };
  });

  test("migrate makes the database, and again changes nothing", async () => {
    const first = await runAthena(["migrate"], environment);
    expect(first).toMatchObject({ code: 0, stderr: "" });
    expect(first.stdout).toMatch(/^The embedded database is up to date; default rows: \d+ added/);
    const second = await runAthena(["migrate"], environment);
    expect(second).toMatchObject({
      code: 0,
      stdout: "The embedded database is up to date; default rows were up to date.\n",
    });
  });

  test("ask answers in its own process: text, sources and the thread, and nothing else", async () => {
    const { code, stdout, stderr } = await runAthena(["ask", question], environment);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("489");
    expect(stdout).toContain("397.8");
    expect(stdout).toMatch(/^Sources: /m);
    expect(stdout).toMatch(/^Thread: \S+$/m);
  });

  test("ask --json prints the reply of /ai/query, and --thread goes on with it", async () => {
    const first = QueryReply.parse(JSON.parse((await runAthenaHere(["ask", "--json", question], environment)).stdout));
    expect(first.intents.map(({ name }) => name)).toEqual(["airports", "calculate"]);
    const second = await runAthenaHere(
      ["ask", "--json", "--thread", first.thread_id, "--locale", "pl", "ile to 6 razy 7?"],
      environment,
    );
    const reply = QueryReply.parse(JSON.parse(second.stdout));
    expect(reply).toMatchObject({ thread_id: first.thread_id, position: first.position + 2 });
    expect(reply.answer).toContain("42");
  });

  test("ask --mode confidential answers from what is local and sends nothing", async () => {
    const { code, stdout } = await runAthenaHere(["ask", "--json", "--mode", "confidential", question], environment);
    expect(code).toBe(0);
    expect(QueryReply.parse(JSON.parse(stdout))).toMatchObject({ egress: "blocked" });
  });

  test("ask of an unknown thread fails with one sentence", async () => {
    const thread = "00000000-0000-4000-8000-000000000000";
    const { code, stdout, stderr } = await runAthenaHere(["ask", "--thread", thread, "hello"], environment);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^athena: [^\n]+\n$/);
  });

  test("an empty question fails with one sentence", async () => {
    const { code, stderr } = await runAthenaHere(["ask", "  "], environment);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^athena: text: [^\n]+\n$/);
  });

  test("ask is the person of the settings, never a front end", async () => {
    const ATHENA_API_KEYS = "web=a-secret-of-a-page:open-webui,ada=a-secret-of-ada";
    const asked = async (keys: object, ...more: string[]) => {
      const { stdout } = await runAthenaHere(["ask", "--json", ...more, "what is 6 times 7?"], {
        ...environment,
        ...keys,
      });
      return stdout === "" ? undefined : QueryReply.parse(JSON.parse(stdout));
    };
    const first = await asked({ ATHENA_API_KEYS });
    expect(first?.answer).toContain("42");
    const thread = ["--thread", first!.thread_id];
    expect(await asked({ ATHENA_API_KEYS: "ada=another-secret" }, ...thread)).toMatchObject({
      thread_id: first!.thread_id,
    });
    expect(await asked({ ATHENA_API_KEYS: "web=a-secret-of-a-page" }, ...thread)).toBeUndefined();
  });
});

describe("beside a server", () => {
  let server: ServerProcess;
  let environment: Record<string, string>;
  beforeAll(async () => {
    const secrets = { ATHENA_API_KEYS: "web=a-secret-of-a-page:open-webui,ada=a-secret-of-ada" };
    server = await startServer({ dataDir: await dataFolder(), environment: { ...nowhere, ...secrets } });
    environment = { ...nowhere, ...secrets, ATHENA_DATA_DIR: server.dataDir, ATHENA_PORT: new URL(server.url).port };
  });
  afterAll(() => server.stop());

  test("ask goes to the server, with a person's key of the settings", async () => {
    const { code, stdout } = await runAthena(["ask", "--json", question], environment);
    expect(code).toBe(0);
    const { thread_id } = QueryReply.parse(JSON.parse(stdout));
    const thread = await fetch(`${server.url}/threads/${thread_id}`, {
      headers: { authorization: "Bearer a-secret-of-ada" },
    });
    expect(await thread.json()).toMatchObject({ id: thread_id, owner: "key:ada" });
  });

  test("what needs the data folder says in one sentence that another process holds it", async () => {
    for (const command of ["migrate", "serve"]) {
      const { code, stderr } = await runAthena([command], environment);
      expect(code).toBe(1);
      expect(stderr).toMatch(/^athena: [^\n]+\n$/);
    }
  });

  test("a taken port is one sentence that names ATHENA_PORT", async () => {
    const { code, stderr } = await runAthena(["serve"], { ...environment, ATHENA_DATA_DIR: await dataFolder() });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^athena: [^\n]*ATHENA_PORT[^\n]*\n$/);
  });
});

/** Starts a command that serves, and gives the address of its log line. */
const serving = async (parameters: readonly string[], environment: Readonly<Record<string, string>>) => {
  const child = spawn(process.execPath, [resolve(import.meta.dirname, "../../../bin/athena.js"), ...parameters], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  const lines: Record<string, unknown>[] = [];
  const { promise, resolve: found, reject } = Promise.withResolvers<string>();
  createInterface({ input: child.stdout }).on("line", (line) => {
    const parsed = JSON.parse(line) as Record<string, unknown>;
    lines.push(parsed);
    if (typeof parsed.url === "string") found(parsed.url);
  });
  let stderr = "";
  child.stderr.on("data", (text) => (stderr += text));
  const exited = once(child, "exit").then(([code]) => code as number | null);
  void exited.then(() => reject(new Error(stderr)));
  return { url: await promise, child, lines, exited, stderr: () => stderr };
};

test("serve says in one line where and with what, and drains on SIGTERM with exit code 0", async () => {
  const environment = { ...nowhere, ATHENA_DATA_DIR: await dataFolder(), ATHENA_PORT: "0" };
  const { url, child, lines, exited, stderr } = await serving(["serve"], environment);
  expect(lines.filter((line) => "url" in line)).toEqual([lines.at(-1)]);
  expect(lines.at(-1)).toMatchObject({
    level: "info",
    msg: `Athena listens at ${url}`,
    database: "embedded",
    cache: "embedded",
    identity: "none, loopback only",
  });
  expect((await fetch(`${url}/ready`)).status).toBe(200);
  child.kill("SIGTERM");
  expect(await exited).toBe(0);
  expect(lines.at(-1)).toMatchObject({ msg: "stopped" });
  expect(stderr()).toBe("");
});

describe("service", () => {
  test("serves one service without a database until SIGTERM", async () => {
    const { url, child, exited } = await serving(["service", "airports", "--port", "0"], nowhere);
    expect(await (await fetch(`${url}/health`)).json()).toMatchObject({ status: "ok", service: "airports" });
    const answer = await fetch(`${url}/query`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ slots: { airport: "GDN" } }),
    });
    expect(answer.status).toBe(200);
    expect(JSON.stringify(await answer.json())).toContain("489");
    child.kill("SIGTERM");
    expect(await exited).toBe(0);
  });

  test("reaches its providers, as an engine that asks it would", async () => {
    const provider = await startProviderServer();
    provider.on("*", { status: 404, body: {} });
    const { url, child, exited } = await serving(["service", "weather", "--port", "0"], providersAt(provider.url));
    const answer = await fetch(`${url}/query`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ slots: { place: "Kraków" } }),
    });
    child.kill("SIGTERM");
    await exited;
    await provider.close();
    expect(provider.requests).not.toHaveLength(0);
    expect(answer.status).not.toBe(403);
  });

  test("an unknown name fails and says which there are", async () => {
    const { code, stderr } = await runAthena(["service", "ferries"], nowhere);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^athena: There is no service 'ferries'\. There are: [^\n]*weather[^\n]*\n$/);
  });

  test("another address than loopback is refused", async () => {
    const { code, stderr } = await runAthena(["service", "weather", "--host", "0.0.0.0", "--port", "0"], nowhere);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^athena: [^\n]*loopback[^\n]*\n$/);
  });
});
