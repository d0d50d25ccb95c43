import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, expect, test } from "vitest";
import { keyedMessageId } from "../../../atlas/keyed-message-id.ts";
import { createSealedBox } from "../../../atlas/sealed-box.ts";
import { openJournalSessionStore } from "../../../platform/cache/journal-session-store.ts";
import type { SessionStore } from "../../../platform/cache/session-store.ts";
import { createEntrySeal, type FrontEntry } from "../../../server/front/front-entry.ts";
import { createRefusedMessages } from "../../../server/front/refused-messages.ts";

const seal = createEntrySeal(createSealedBox(randomBytes(32)));
const limits = { entries: 4, characters: 100_000, recent: 5 };
let folder: string;
let store: SessionStore;
let retried: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "athena-front-"));
  store = await openJournalSessionStore({ folder, limits, logger: pino({ level: "silent" }) });
  retried = [];
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

const open = () =>
  createRefusedMessages({ refused: store.refused, seal, onRetried: (threadId) => retried.push(threadId) });
const said = (key: string, principal: string): FrontEntry => {
  const createdAt = new Date(0).toISOString();
  return { key, principal, token: "a key of theirs", text: `text of ${key}`, createdAt, meta: {} };
};
/** Puts a message aside that was refused so many seconds after the first one. */
const refuse = async (threadId: string, key: string, principal: string, second: number, by = seal): Promise<void> => {
  const refused = { code: "TOO_LARGE", reason: "Too long.", at: new Date(second * 1_000).toISOString() };
  await store.add(threadId, by.seal(threadId, said(key, principal)));
  await store.refused.put(threadId, by.seal(threadId, { ...said(key, principal), refused }));
};

test("lists what was refused last first, with the ids that their authors were told, and without texts or keys", async () => {
  await refuse("one", "a", "key:ada", 1);
  await refuse("two", "b", "key:ada/user:eve", 3);
  await refuse("one", "a key of more words", "key:eve", 2);
  const { messages, count } = await open().list(2);
  expect(count).toBe(3);
  expect(messages.map(({ id }) => id)).toEqual([
    keyedMessageId("two", "key:ada/user:eve", "b"),
    keyedMessageId("one", "key:eve", "a key of more words"),
  ]);
  expect(messages[0]).toMatchObject({
    threadId: "two",
    author: "key:ada/user:eve",
    about: { code: "TOO_LARGE", reason: "Too long.", refusedAt: "1970-01-01T00:00:03.000Z", characters: 9 },
  });
  expect(JSON.stringify(messages)).not.toMatch(/text of|key of theirs/);
  expect((await open().of("one", "key:ada")).map(({ author }) => author)).toEqual(["key:ada"]);
});

test("tries again as many as there is room for, as they were said, and says for which threads", async () => {
  for (const [index, key] of ["a", "b", "c"].entries()) await refuse("one", key, "key:ada", index);
  for (const key of ["x", "y"]) await store.add("two", seal.seal("two", said(key, "key:ada")));
  await expect(open().retry({ all: true })).rejects.toMatchObject({ code: "UPSTREAM_UNAVAILABLE" });
  expect(retried).toEqual(["one"]);
  const waiting = await store.waiting("one", 9);
  expect(waiting.map((item) => seal.open("one", item))).toEqual(["a", "b"].map((key) => said(key, "key:ada")));
  expect((await open().list(9)).count).toBe(1);
});

test("what was sealed with another key is shown and given up, but not tried again", async () => {
  await refuse("one", "a", "key:ada", 1, createEntrySeal(createSealedBox(randomBytes(32))));
  const id = keyedMessageId("one", "key:ada", "a");
  expect((await open().list(9)).messages).toEqual([{ id, threadId: "one", author: "key:ada", about: undefined }]);
  expect(await open().retry({ ids: [id] })).toBe(0);
  expect(retried).toEqual([]);
  expect(await open().drop({ ids: [id] })).toBe(1);
  expect((await open().list(9)).count).toBe(0);
});

test("does nothing unless it is told to which", async () => {
  await refuse("one", "a", "key:ada", 1);
  for (const which of [{}, { ids: [] }, { all: false }, { all: true, ids: ["x"] }]) {
    await expect(open().drop(which)).rejects.toMatchObject({ code: "INVALID_INPUT", field: "ids" });
  }
  expect(await open().drop({ ids: [keyedMessageId("one", "key:eve", "a")] })).toBe(0);
  expect((await open().list(9)).count).toBe(1);
});
