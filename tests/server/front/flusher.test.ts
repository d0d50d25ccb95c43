import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { pino } from "pino";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createSealedBox } from "../../../atlas/sealed-box.ts";
import { openJournalSessionStore } from "../../../platform/cache/journal-session-store.ts";
import type { SessionStore } from "../../../platform/cache/session-store.ts";
import { AppError } from "../../../platform/errors/app-error.ts";
import type { FlushThreadDeps } from "../../../server/front/flush-thread.ts";
import { createFlusher, type Flusher } from "../../../server/front/flusher.ts";
import { createEntrySeal } from "../../../server/front/front-entry.ts";
import { until } from "../../support/until.ts";

const logger = pino({ level: "silent" });
const seal = createEntrySeal(createSealedBox(randomBytes(32)));
const limits = { entries: 1_000, characters: 1_000_000, recent: 5 };
const away = new AppError("UPSTREAM_UNAVAILABLE", "away");
let folder: string;
let store: SessionStore;
let flusher: Flusher;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "athena-front-"));
  store = await openJournalSessionStore({ folder, limits, logger });
});
afterEach(async () => {
  await flusher.stop(100);
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

const say = (threadId: string): Promise<boolean> =>
  store.add(
    threadId,
    seal.seal(threadId, { key: "k", principal: "ada", text: "hi", createdAt: new Date(0).toISOString(), meta: {} }),
  );
const start = (append: FlushThreadDeps["append"], everyMs = 100): void => {
  flusher = createFlusher({ store, seal, logger, append, everyMessages: 1, everyMs, onFlushed: () => undefined });
  flusher.start();
};

test("an engine that is away is tried with one thread at a time, and comes back to a few at once", async () => {
  for (let index = 0; index < 60; index += 1) await say(`thread${index}`);
  let isThere = false;
  let attempts = 0;
  let [now, most] = [0, 0];
  start(async () => {
    attempts += 1;
    now += 1;
    most = Math.max(most, now);
    await delay(5);
    now -= 1;
    if (!isThere) throw away;
    return { state: "ok", lastPosition: 1, mode: "open" };
  });
  await delay(1_000); // three or four rounds
  expect(attempts).toBeGreaterThan(1);
  expect(attempts).toBeLessThan(8);
  isThere = true;
  flusher.wake();
  await until(async () => (await store.count()) === 0, 10_000);
  expect(most).toBeGreaterThan(2);
  expect(most).toBeLessThanOrEqual(8);
});

test("messages for many threads do not run over the engine either", async () => {
  let [now, most] = [0, 0];
  start(async () => {
    now += 1;
    most = Math.max(most, now);
    await delay(5);
    now -= 1;
    return { state: "ok", lastPosition: 1, mode: "open" };
  }, 60_000);
  for (let index = 0; index < 60; index += 1) {
    await say(`thread${index}`);
    flusher.added(`thread${index}`);
  }
  await until(async () => (await store.count()) === 0, 20_000);
  expect(most).toBeLessThanOrEqual(8);
});

test("threads that fail for reasons of their own keep no others back", async () => {
  for (let index = 0; index < 20; index += 1) await say(`thread${index}`);
  start(async (_token, threadId) => {
    if (threadId === "thread0" || threadId === "thread1") throw away;
    return { state: "ok", lastPosition: 1, mode: "open" };
  });
  await until(async () => (await store.count()) === 2, 20_000);
});
