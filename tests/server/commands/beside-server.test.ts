import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createConsumerStore } from "../../../platform/events/consumer-store.ts";
import { healthEvent } from "../../contracts/event-bus.contract.ts";
import { type RunningEngine, startEngine } from "../../support/engine.ts";
import { runAthena } from "../../support/run-command.ts";
import { runAthenaHere } from "../../support/run-command-here.ts";
import { freePort, freshDataDir, removeDataDir } from "../../support/server-process.ts";

const keys = "ada=a-secret-of-ada,ops=a-secret-of-ops:admin";

describe("while a server holds the embedded database", { timeout: 120_000 }, () => {
  let running: RunningEngine;
  let environment: Record<string, string>;
  beforeAll(async () => {
    running = await startEngine({ ATHENA_API_KEYS: keys });
    environment = { ATHENA_DATA_DIR: running.dataDir, ATHENA_PORT: new URL(running.url).port, ATHENA_API_KEYS: keys };
    const store = createConsumerStore(running.engine.database, "indexer");
    for (let index = 0; index < 3; index += 1) {
      const failed = { attempt: 1, at: new Date().toISOString(), error: "NOT_FOUND: gone" };
      await store.bury({ event: healthEvent("indexer", "a"), error: failed.error, history: [failed] });
    }
  });
  afterAll(() => running.close());
  const athena = (...words: string[]) => runAthenaHere(words, environment);
  /** The same as a process, which has to end by itself. */
  const athenaByProcess = (...words: string[]) => runAthena(words, environment);

  test("schedules are paused, run, resumed and listed through it", async () => {
    expect(await athenaByProcess("schedules", "pause", "hot-window")).toEqual({
      code: 0,
      stdout: "hot-window is paused.\n",
      stderr: "",
    });
    const ran = await athena("schedules", "run", "hot-window");
    expect(ran).toMatchObject({ code: 0, stdout: expect.stringMatching(/^hot-window done in .*removed 0/) });
    const paused = await athena("schedules", "list");
    expect(paused.stdout).toMatch(/^hot-window {2}.* {2}paused {2}last \S+ done in /m);
    expect(await athena("schedules", "resume", "hot-window")).toMatchObject({ code: 0 });
    const [listed] = JSON.parse((await athena("schedules", "list", "--json")).stdout).filter(
      ({ schedule }: { schedule: { id: string } }) => schedule.id === "hot-window",
    );
    expect(listed).toMatchObject({ schedule: { enabled: true }, runs: [{ status: "done", cause: "hand" }] });
    expect(await athena("schedules", "run", "nobody's")).toMatchObject({
      code: 1,
      stderr: "athena: There is no such schedule.\n",
    });
  });

  test("dead letters are shown, retried and dropped through it", async () => {
    const { stdout, stderr } = await athenaByProcess("dlq", "list", "--subject", "ops.>", "--consumer", "indexer");
    expect(stderr).toBe("");
    expect(stdout.trimEnd().split("\n")).toHaveLength(3);
    expect(stdout).toMatch(/^3 {2}\d{4}-\S+Z {2}indexer {2}ops\.health\.indexer {2}1× {2}NOT_FOUND: gone$/m);
    expect(JSON.parse((await athena("dlq", "show", "1")).stdout)).toMatchObject({
      id: 1,
      event: { subject: "ops.health.indexer" },
      history: [{ attempt: 1 }],
      createdAt: expect.stringMatching(/Z$/),
    });
    expect(await athena("dlq", "show", "99")).toMatchObject({
      code: 1,
      stderr: "athena: There is no dead letter 99.\n",
    });
    expect(await athena("dlq", "retry")).toMatchObject({ code: 1, stdout: "" });
    expect((await athena("dlq", "retry", "1", "99")).stdout).toBe("1 given to their consumers again.\n");
    expect((await athena("dlq", "drop", "--all", "--subject", "audit.>")).stdout).toBe("0 dropped.\n");
    expect((await athena("dlq", "drop", "--all", "--subject", "ops.>")).stdout).toBe("2 dropped.\n");
    expect(await running.engine.database.query("select id::integer, status from dead_letters order by id")).toEqual([
      { id: 1, status: "retried" },
      { id: 2, status: "dropped" },
      { id: 3, status: "dropped" },
    ]);
  });

  test("events are published again through it", async () => {
    const id = randomUUID();
    await running.engine.database.query(
      `insert into outbox (id, aggregate_type, aggregate_id, event_type, payload, status, published_at)
       values ($1, 'test', 'a', 'ops.health.x', '{}', 'published', '2026-03-01T12:00:00Z')`,
      [id],
    );
    const since = ["--since", "2026-03-01T11:00:00Z"];
    expect((await athena("events", "republish", ...since, "--subject", "audit.>")).stdout).toMatch(/^0 /);
    expect(await athenaByProcess("events", "republish", ...since, "--subject", "ops.health.x")).toMatchObject({
      code: 0,
      stdout: "1 events will be published again by a running server.\n",
    });
  });

  test("without the key of an administrator nothing changes, and a sentence says what to do", async () => {
    const asAda = (...words: string[]) =>
      runAthenaHere(words, { ...environment, ATHENA_API_KEYS: "ada=a-secret-of-ada" });
    for (const words of [
      ["schedules", "pause", "hot-window"],
      ["schedules", "run", "hot-window"],
      ["dlq", "list"],
      ["dlq", "drop", "--all"],
      ["events", "republish", "--since", "2026-03-01"],
      ["atlas", "status"],
    ]) {
      const { code, stdout, stderr } = await asAda(...words);
      expect({ code, stdout }, words.join(" ")).toEqual({ code: 1, stdout: "" });
      expect(stderr).toMatch(/^athena: [^\n]*administrators[^\n]*:admin[^\n]*stop it first\.\n$/);
    }
    expect((await athena("atlas", "status")).stdout).toMatch(/^messages +0$/m);
    const headers = { authorization: "Bearer a-secret-of-ada" };
    expect((await fetch(`${running.url}/dead-letters`, { headers })).status).toBe(403);
    expect((await fetch(`${running.url}/dead-letters/1`, { headers })).status).toBe(403);
    expect((await running.post("/dead-letters/drop", { all: true }, headers)).status).toBe(403);
    expect((await running.post("/events/republish", { since: "2026-03-01T12:00:00Z" }, headers)).status).toBe(403);
  });

  test("what is wrong is refused and changes nothing", async () => {
    const headers = { authorization: "Bearer a-secret-of-ops" };
    for (const body of [{}, { ids: [] }, { ids: [1], all: true }, { ids: ["1"] }, { all: true, subject: "a\u0000" }]) {
      expect((await running.post("/dead-letters/drop", body, headers)).status, JSON.stringify(body)).toBe(400);
    }
    expect((await running.post("/events/republish", { since: "yesterday" }, headers)).status).toBe(400);
    for (const path of ["?status=lost", "?consumer=%00", "/x", "/99999999999999999999"]) {
      expect((await fetch(`${running.url}/dead-letters${path}`, { headers })).status, path).toBe(400);
    }
  });

  test("a server with another database is left alone", async () => {
    const folder = await freshDataDir();
    const own = { ...environment, ATHENA_DATA_DIR: folder };
    expect((await runAthena(["schedules", "pause", "nightly-index"], own)).code).toBe(0);
    const rows = await running.engine.database.query("select 1 from schedules where not enabled");
    expect(rows).toEqual([]);
    await removeDataDir(folder);
  });

  test("when it is elsewhere than the settings say, the folder is in use", async () => {
    const away = { ...environment, ATHENA_PORT: String(await freePort()) };
    expect(await runAthena(["dlq", "list"], away)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^athena: [^\n]*in use by another Athena process[^\n]*\n$/),
    });
  });
});
