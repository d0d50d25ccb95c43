import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { createSealedBox } from "../../../atlas/sealed-box.ts";
import type { RecentEntry, SessionStore } from "../../../platform/cache/session-store.ts";
import { AppError } from "../../../platform/errors/app-error.ts";
import { type Broadcast, createBroadcast } from "../../../platform/events/broadcast.ts";
import { localPrincipal } from "../../../platform/policy/principal.ts";
import type { WireMessage } from "../../../server/chat-socket/chat-backend.ts";
import { createFrontBackend, type FrontBackendDeps } from "../../../server/front/create-front-backend.ts";
import { createEntrySeal } from "../../../server/front/front-entry.ts";
import { createLiveThreads } from "../../../server/front/live-threads.ts";

const caller = { id: "ada", principal: localPrincipal, token: "t" };
const away = () => new AppError("UPSTREAM_UNAVAILABLE", "The back end cannot be reached.");

/** A front before an engine that holds one message; `slow`: the engine answers nothing. */
const start = (kind: Broadcast["kind"]) => {
  const engine = { content: "said", mode: "open" as "open" | "confidential", revisions: 0, state: "there", reads: 0 };
  const answer = async <Answer>(answered: Answer): Promise<Answer> => {
    if (engine.state === "away") throw away();
    if (engine.state === "gone") throw new AppError("NOT_FOUND", "There is no such thread.");
    if (engine.state === "slow") await new Promise(() => undefined);
    return answered;
  };
  const message = (): WireMessage => ({
    id: "m",
    position: 1,
    role: "user",
    author: "ada",
    content: engine.content,
    created_at: new Date(0).toISOString(),
    meta: {},
  });
  const kept: string[] = [];
  let recent: readonly RecentEntry[] = [];
  let version = -1;
  const store: Pick<SessionStore, "add" | "waiting" | "recent" | "remember" | "forget"> = {
    async add(threadId) {
      kept.push(threadId);
      return true;
    },
    waiting: async () => [],
    recent: async (_threadId, wanted) => (wanted === version ? recent : []),
    async remember(_threadId, at, entries) {
      [version, recent] = [at, entries];
    },
    async forget() {
      recent = [];
    },
  };
  const box = createSealedBox(randomBytes(32));
  const broadcast = createBroadcast(kind);
  const appended: string[] = [];
  const flushed: string[] = [];
  const backend = createFrontBackend({
    client: {
      enter: () =>
        answer({
          id: "thread",
          channelId: "direct:ada",
          kind: "direct",
          agents: [],
          mode: engine.mode,
          lastPosition: 1,
          revisions: engine.revisions,
        }),
      messages(_token: string, _threadId: string, { after }: { after: number }) {
        engine.reads += 1;
        const { mode, revisions } = engine;
        return answer({ messages: after < 1 ? [message()] : [], more: false, mode, revisions });
      },
      async append(_token: string, _threadId: string, _since: number, [entry]: readonly [{ readonly text: string }]) {
        appended.push(entry.text);
        return { state: "ok", lastPosition: 2, mode: "confidential" };
      },
    } as unknown as FrontBackendDeps["client"],
    store,
    refused: {
      of: async (threadId, author) => [
        {
          id: "refused",
          threadId,
          author,
          about: { saidAt: "", refusedAt: "", code: "TOO_LARGE", reason: "", characters: 1 },
        },
      ],
    },
    seal: createEntrySeal(box),
    callers: {} as FrontBackendDeps["callers"],
    live: createLiveThreads({ store, box, broadcast }),
    flusher: {
      added: () => undefined,
      async flush(threadId) {
        flushed.push(threadId);
        return true;
      },
    },
    broadcast,
    engine: { call: (work) => work() },
  });
  const textOf = async () => (await backend.messages(caller, "thread", { after: 0, limit: 9 })).messages[0]?.content;
  const entered = {
    id: "thread",
    channelId: "direct:ada",
    kind: "direct" as const,
    agents: [],
    mode: "open" as const,
    lastPosition: 1,
  };
  return { engine, backend, textOf, kept, appended, flushed, entered };
};

test("with a carrier history comes from the front, until entering shows that it was edited", async () => {
  const { engine, backend, textOf } = start("nats");
  await backend.enter(caller, {});
  expect([await textOf(), await textOf(), engine.reads]).toEqual(["said", "said", 1]);
  Object.assign(engine, { content: "edited", revisions: 1 });
  await backend.enter(caller, {});
  expect(await textOf()).toBe("edited");
});

test("without a carrier history comes from the front only while the engine is away", async () => {
  const { engine, backend, textOf } = start("embedded");
  await backend.enter(caller, {});
  expect(await textOf()).toBe("said");
  Object.assign(engine, { content: "edited", revisions: 1 });
  expect(await textOf()).toBe("edited");
  engine.state = "away";
  expect(await textOf()).toBe("edited");
});

test("a message to a thread that turned unheard is brought to the engine, not kept", async () => {
  const { engine, backend, entered, kept, appended } = start("embedded");
  engine.mode = "confidential";
  await backend.say(caller, entered, { type: "message", key: "k", text: "secret" });
  expect([kept, appended]).toEqual([[], ["secret"]]);
});

test("an engine that is slow or away does not keep messages from being kept", async () => {
  for (const state of ["away", "slow"]) {
    const { engine, backend, entered, kept } = start("embedded");
    engine.state = state;
    const from = performance.now();
    await backend.say(caller, entered, { type: "message", key: "k", text: "kept" });
    expect(kept).toEqual(["thread"]);
    expect(performance.now() - from).toBeLessThan(2_000);
  }
});

test("when a thread is gone, what waits for it is brought before those on it are told: the refusal reaches them", async () => {
  const { engine, backend, textOf, flushed } = start("embedded");
  await backend.enter(caller, {});
  engine.state = "gone";
  await expect(textOf()).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect(flushed).toEqual(["thread"]);
});

test("says which of the caller's messages were refused, and why", async () => {
  const { backend } = start("embedded");
  expect(await backend.refused!(caller, "thread")).toEqual([{ messageId: "refused", code: "TOO_LARGE" }]);
});
