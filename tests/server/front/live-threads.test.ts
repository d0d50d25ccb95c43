import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, expect, test } from "vitest";
import { createSealedBox } from "../../../atlas/sealed-box.ts";
import { openJournalSessionStore } from "../../../platform/cache/journal-session-store.ts";
import { createBroadcast } from "../../../platform/events/broadcast.ts";
import type { WireMessage } from "../../../server/chat-socket/chat-backend.ts";
import { createLiveThreads } from "../../../server/front/live-threads.ts";

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

const start = async () => {
  const folder = await mkdtemp(join(tmpdir(), "athena-live-"));
  const limits = { entries: 10, characters: 10_000, recent: 10 };
  const store = await openJournalSessionStore({ folder, limits, logger: pino({ level: "silent" }) });
  ends.push(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });
  const broadcast = createBroadcast("embedded");
  const turned: string[] = [];
  const live = createLiveThreads({
    store,
    box: createSealedBox(randomBytes(32)),
    broadcast,
    onConfidential: (threadId) => turned.push(threadId),
  });
  live.know({ id, mode: "open", lastPosition: 1, revisions: 0 });
  return { live, broadcast, turned };
};
const id = "thread";
const message = (content: string): WireMessage => ({
  id: "m",
  position: 1,
  role: "user",
  author: "ada",
  content,
  created_at: new Date(0).toISOString(),
  meta: {},
});
const page = (content: string, revisions: number) => ({
  messages: [message(content)],
  mode: "open" as const,
  revisions,
});

test("gives what was read until the engine counts another edit", async () => {
  const { live } = await start();
  await live.beginReading(id)(page("said", 0));
  expect(await live.recall(id, 0)).toEqual([message("said")]);
  live.know({ id, mode: "open", lastPosition: 1, revisions: 0 });
  expect(await live.recall(id, 0)).toEqual([message("said")]);
  live.know({ id, mode: "open", lastPosition: 1, revisions: 1 });
  expect(await live.recall(id, 0)).toBeUndefined();
  await live.beginReading(id)(page("edited", 1));
  expect(await live.recall(id, 0)).toEqual([message("edited")]);
  await live.beginReading(id)({ messages: [], mode: "open", revisions: 2 });
  expect(await live.recall(id, 0)).toBeUndefined();
});

test("a reading that began before an edit is not kept, whoever tells of the edit", async () => {
  const { live, broadcast } = await start();
  const tellings = [
    () => live.forget(id),
    () => broadcast.publish(id, { kind: "revised", position: 1, at: 0 }),
    () => live.beginReading(id)({ messages: [], mode: "open", revisions: 3 }),
  ];
  await live.beginReading(id)(page("said", 2));
  for (const tell of tellings) {
    const late = live.beginReading(id);
    await tell();
    await late(page("said", 2));
    expect(await live.recall(id, 0)).toBeUndefined();
  }
});

test("a thread that turns is confidential from the first word of it on, and nothing of it is kept", async () => {
  const words = [
    ({ broadcast }) => broadcast.publish(id, { kind: "mode", mode: "confidential" }),
    ({ live }) => live.know({ id, mode: "confidential", lastPosition: 0 }),
    ({ live }) => live.beginReading(id)({ messages: [], mode: "confidential", revisions: 0 }),
  ] satisfies ((parts: Awaited<ReturnType<typeof start>>) => unknown)[];
  for (const tell of words) {
    const parts = await start();
    const { live, turned } = parts;
    await live.beginReading(id)(page("said", 0));
    const late = live.beginReading(id);
    await tell(parts);
    await tell(parts);
    await late(page("said", 0));
    expect([live.isConfidential(id), turned, await live.recall(id, 0)]).toEqual([true, [id], undefined]);
  }
});
