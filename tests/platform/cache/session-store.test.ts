import { appendFile, mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { openJournalSessionStore } from "../../../platform/cache/journal-session-store.ts";
import { openRedisSessionStore } from "../../../platform/cache/redis-session-store.ts";
import type { SessionStore } from "../../../platform/cache/session-store.ts";
import { contractLimits, sessionStoreContract } from "../../contracts/session-store.contract.ts";
import { type RedisServer, startRedis } from "../../support/redis.ts";
import { describeWithServer } from "../../support/servers.ts";
import { until } from "../../support/until.ts";

const logger = pino({ level: "silent" });
const opened: SessionStore[] = [];
const folders: string[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()));
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});
const noted = <Store extends SessionStore>(store: Store): Store => {
  opened.push(store);
  return store;
};
const freshFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), "athena-front-"));
  folders.push(folder);
  return folder;
};

describe("in memory with a journal", () => {
  const openIn = (folder: string) => openJournalSessionStore({ folder, limits: contractLimits, logger });
  sessionStoreContract(async () => noted(await openIn(await freshFolder())));

  test("gives back after its end what waited, and nothing that was settled", async () => {
    const folder = await freshFolder();
    const store = await openIn(folder);
    for (const key of ["a", "b", "c"]) await store.add("thread", { key, value: key });
    await store.settle("thread", ["b"]);
    // Not closed: as a killed process leaves it.
    const next = noted(await openIn(folder));
    expect(await next.waiting("thread", 9)).toEqual([
      { key: "a", value: "a" },
      { key: "c", value: "c" },
    ]);
    await store.close();
    expect((await stat(join(folder, "waiting.journal"))).mode & 0o777).toBe(0o600);
  });

  test("gives back after its end what was put aside, where it lay, whatever of its last step was written", async () => {
    const folder = await freshFolder();
    const path = join(folder, "waiting.journal");
    const store = await openIn(folder);
    for (const key of ["a", "b", "c", "d"]) await store.add("thread", { key, value: key });
    for (const key of ["a", "b", "d"]) await store.refused.put("thread", { key, value: `refused ${key}` });
    await store.refused.giveBack("thread", { key: "a", value: "a again" });
    await store.refused.drop("thread", ["d"]);
    await store.refused.put("thread", { key: "c", value: "refused c" });
    await store.close();
    const next = await openIn(folder);
    expect(await next.waiting("thread", 9)).toEqual([{ key: "a", value: "a again" }]);
    expect((await next.refused.of("thread")).map(({ value }) => value)).toEqual(["refused b", "refused c"]);
    expect(await next.threads()).toEqual(["thread"]);
    await next.close();
    // The last line of a step was cut off: it lies in both places, and neither is lost by the next step.
    await appendFile(path, '["thread","x","x"]\n["refused.thread","x","refused x"]\n["thre');
    const last = noted(await openIn(folder));
    expect((await last.waiting("thread", 9)).map(({ key }) => key)).toEqual(["a", "x"]);
    await last.refused.put("thread", { key: "x", value: "again" });
    expect((await last.waiting("thread", 9)).map(({ key }) => key)).toEqual(["a"]);
    expect((await last.refused.of("thread")).at(-1)).toEqual({ key: "x", value: "refused x" });
  });

  test("leaves no trace of what was given up in its file", async () => {
    const folder = await freshFolder();
    const store = noted(await openIn(folder));
    await store.add("thread", { key: "a", value: "walrus" });
    await store.refused.put("thread", { key: "a", value: "walrus, refused" });
    await store.refused.drop("thread", ["a"]);
    expect(await readFile(join(folder, "waiting.journal"), "utf8")).toBe("");
  });

  test("moves nothing that it cannot write", async () => {
    const folder = await freshFolder();
    const store = await openIn(folder);
    for (const key of ["a", "b"]) await store.add("thread", { key, value: key });
    await store.refused.put("thread", { key: "b", value: "b" });
    await store.close(); // its file is gone for it
    expect(await store.refused.put("thread", { key: "a", value: "a" })).toBe(false);
    await expect(store.refused.giveBack("thread", { key: "b", value: "b" })).rejects.toMatchObject({ retryable: true });
    await expect(store.refused.drop("thread", ["b"])).rejects.toMatchObject({ retryable: true });
    const atOnce = [
      store.refused.put("thread", { key: "a", value: "a" }),
      store.refused.giveBack("thread", { key: "a", value: "a" }),
    ];
    expect((await Promise.allSettled(atOnce)).map((one) => "value" in one && one.value)).toEqual([false, false]);
    expect(await store.waiting("thread", 9)).toEqual([{ key: "a", value: "a" }]);
    expect(await store.refused.of("thread")).toEqual([{ key: "b", value: "b" }]);
  });

  test("leaves out a line that was cut off, and what it takes afterwards is whole", async () => {
    const folder = await freshFolder();
    const path = join(folder, "waiting.journal");
    const store = await openIn(folder);
    await store.add("thread", { key: "whole", value: "1" });
    await store.close();
    await appendFile(path, '["thread","cut","2');
    const next = await openIn(folder);
    await next.add("thread", { key: "later", value: "3" });
    await next.close();
    const last = noted(await openIn(folder));
    expect((await last.waiting("thread", 9)).map(({ key }) => key)).toEqual(["whole", "later"]);
  });

  test("keeps a file that was damaged, and all that can be read of it", async () => {
    const folder = await freshFolder();
    const path = join(folder, "waiting.journal");
    const store = await openIn(folder);
    await store.add("thread", { key: "before", value: "1" });
    await store.close();
    await appendFile(path, 'garbage\n["thread","after","2"]\n');
    const next = noted(await openIn(folder));
    expect((await next.waiting("thread", 9)).map(({ key }) => key)).toEqual(["before", "after"]);
    expect(await readFile(path, "utf8")).toContain("garbage");
  });

  test("wipes what was settled for a thread from its file at once, and nothing that comes meanwhile", async () => {
    const folder = await freshFolder();
    const path = join(folder, "waiting.journal");
    const store = noted(await openIn(folder));
    await store.add("secret", { key: "a", value: "walrus" });
    await store.add("other", { key: "b", value: "kept" });
    await store.settle("secret", ["a"]);
    expect(await readFile(path, "utf8")).toContain("walrus");
    const before = store.add("other", { key: "c", value: "kept" });
    const scrubbed = store.scrub("secret");
    const meanwhile = store.add("other", { key: "d", value: "kept" });
    await Promise.all([before, scrubbed, meanwhile]);
    expect(await readFile(path, "utf8")).not.toContain("walrus");
    const next = noted(await openIn(folder));
    expect((await next.waiting("other", 9)).map(({ key }) => key)).toEqual(["b", "c", "d"]);
  });

  test("wipes it from a damaged file too, of which it keeps the rest", async () => {
    const folder = await freshFolder();
    const path = join(folder, "waiting.journal");
    const first = await openIn(folder);
    await first.add("secret", { key: "a", value: "walrus" });
    await first.settle("secret", ["a"]);
    await first.close();
    await appendFile(path, "garbage\n");
    const store = noted(await openIn(folder));
    await store.scrub("secret");
    expect(await readFile(path, "utf8")).toBe("garbage\n");
  });

  test("acknowledges nothing that it cannot write", async () => {
    const folder = await freshFolder();
    const store = await openIn(folder);
    await store.close(); // its file is gone for it
    await expect(store.add("thread", { key: "a", value: "a" })).rejects.toMatchObject({ code: "UPSTREAM_UNAVAILABLE" });
    expect(await store.count()).toBe(0);
    await expect(store.ping()).rejects.toMatchObject({ code: "UPSTREAM_UNAVAILABLE" });
  });
});

describeWithServer("redis", "in Redis", () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server?.stop());
  const openOne = () => openRedisSessionStore({ url: server.url, limits: contractLimits, logger });
  sessionStoreContract(async () => {
    await server.crash(); // it keeps nothing: empty for each test
    await server.restart();
    return noted(await openOne());
  });

  test("is shared by fronts", async () => {
    await server.crash();
    await server.restart();
    const [one, two] = [noted(await openOne()), noted(await openOne())];
    await one.add("thread", { key: "a", value: "1" });
    expect(await two.add("thread", { key: "a", value: "1" })).toBe(false);
    await two.settle("thread", ["a"]);
    expect(await one.waiting("thread", 9)).toEqual([]);
  });

  test("takes nothing while Redis is away, and goes on by itself", async () => {
    const store = noted(await openOne());
    await server.crash();
    await expect(store.add("thread", { key: "a", value: "1" })).rejects.toMatchObject({ code: "UPSTREAM_UNAVAILABLE" });
    expect(await store.recent("thread", 0)).toEqual([]);
    expect(await store.settle("thread", ["a"])).toBe(false);
    expect(await store.refused.put("thread", { key: "a", value: "1" })).toBe(false);
    const { refused } = store;
    const others = [refused.threads(), refused.of("thread"), refused.count(), refused.drop("thread", ["a"])];
    for (const other of [...others, refused.giveBack("thread", { key: "a", value: "1" })]) {
      await expect(other).rejects.toMatchObject({ code: "UPSTREAM_UNAVAILABLE" });
    }
    await expect(store.ping()).rejects.toMatchObject({ code: "UPSTREAM_UNAVAILABLE" });
    await server.restart();
    await until(() => store.add("thread", { key: "a", value: "1" }).catch(() => false));
  });

  test("says that it let go of nothing when Redis reads and does not write", async () => {
    await server.crash();
    await server.restart();
    const store = noted(await openOne());
    await store.add("thread", { key: "a", value: "1" });
    const control = new Redis(server.url);
    await control.config("SET", "min-replicas-to-write", "1");
    expect(await store.settle("thread", ["a"])).toBe(false);
    expect(await store.waiting("thread", 9)).toHaveLength(1);
    await expect(store.ping()).rejects.toMatchObject({ code: "UPSTREAM_UNAVAILABLE" });
    await control.config("SET", "min-replicas-to-write", "0");
    control.disconnect();
    expect(await store.settle("thread", ["a"])).toBe(true);
    expect(await store.waiting("thread", 9)).toEqual([]);
  });
});
