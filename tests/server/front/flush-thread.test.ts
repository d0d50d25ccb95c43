import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createSealedBox } from "../../../atlas/sealed-box.ts";
import type { WaitingEntry } from "../../../platform/cache/session-store.ts";
import { AppError } from "../../../platform/errors/app-error.ts";
import { type AppendOutcome, type FlushThreadDeps, flushThread } from "../../../server/front/flush-thread.ts";
import { createEntrySeal, type FrontEntry } from "../../../server/front/front-entry.ts";

const seal = createEntrySeal(createSealedBox(randomBytes(32)));
const thread = "thread";
const entry = (key: string, text = key, principal = "ada"): FrontEntry => ({
  key,
  principal,
  token: `token of ${principal}`,
  text,
  createdAt: new Date(0).toISOString(),
  meta: {},
});

/** What waits, without files: the part of a store that flushing uses. */
const createList = () => {
  const threads = new Map<string, WaitingEntry[]>();
  const of = (name: string) => threads.get(name) ?? [];
  const aside: WaitingEntry[] = [];
  const store: FlushThreadDeps["store"] & { add(name: string, item: WaitingEntry): Promise<void> } = {
    async add(name, item) {
      threads.set(name, [...of(name), item]);
    },
    refused: {
      async put(name, item) {
        aside.push(item);
        return store.settle(name, [item.key]);
      },
    },
    waiting: async (name, limit) => of(name).slice(0, limit),
    async settle(name, keys) {
      threads.set(
        name,
        of(name).filter(({ key }) => !keys.includes(key)),
      );
      return true;
    },
  };
  return { store, of, aside };
};

interface Row {
  readonly principal: string;
  readonly key: string | undefined;
  readonly text: string;
}

/**
 * An engine with the rules of `append` (keys included) that fails as it is told: before it writes, after it wrote, or not. An
 * answer may also come after other appends (`late`).
 */
const createEngine = () => {
  const rows: Row[] = [];
  const write = (since: number, messages: readonly FrontEntry[]): AppendOutcome => {
    const conflict: AppendOutcome = { state: "conflict", expectedPosition: rows.length };
    if (since > rows.length) return conflict;
    const stored = (message: FrontEntry) =>
      rows.findIndex(({ key, principal }) => key === message.key && principal === message.principal);
    for (const [index, message] of messages.entries()) {
      const row = rows[since + index];
      if (row === undefined) {
        // The rest follows the last position, without what is stored already.
        for (const { key, principal, text } of messages.slice(index)) {
          if (stored({ ...message, key, principal }) === -1) rows.push({ key, principal, text });
        }
        return { state: "ok", lastPosition: rows.length, mode: "open" };
      }
      if (row.key !== message.key || row.principal !== message.principal) return conflict;
    }
    return { state: "ok", lastPosition: rows.length, mode: "open" };
  };
  return { rows, write };
};

describe("flushing a thread", () => {
  test("brings runs of one principal each, in order, with the token of who said it", async () => {
    const { store, of } = createList();
    const { rows, write } = createEngine();
    for (const item of [entry("1"), entry("2"), entry("3", "hi", "eve"), entry("4")]) {
      await store.add(thread, seal.seal(thread, item));
    }
    const tokens: unknown[] = [];
    const flushed = await flushThread(thread, 0, {
      store,
      seal,
      tokenOf: (principal) => (principal === "eve" ? "newer" : undefined),
      append: async (token, _thread, since, messages) => {
        tokens.push(token);
        return write(since, messages);
      },
    });
    expect(flushed).toEqual({ state: "done", lastPosition: 4, settled: 4, unreadable: 0, stuck: 0 });
    expect(rows.map(({ key }) => key)).toEqual(["1", "2", "3", "4"]);
    expect(tokens).toEqual(["token of ada", "newer", "token of ada"]);
    expect(of(thread)).toEqual([]);
  });

  test("puts aside what is refused, with the reason, and goes on with the others", async () => {
    const { store, of, aside } = createList();
    const { rows, write } = createEngine();
    for (const key of ["1", "bad", "3"]) await store.add(thread, seal.seal(thread, entry(key)));
    const told: string[] = [];
    const flushed = await flushThread(thread, 0, {
      store,
      seal,
      append: async (_token, _thread, since, messages) => {
        if (messages.some(({ key }) => key === "bad")) throw new AppError("TOO_LARGE", "Too long.");
        return write(since, messages);
      },
      onRefused: (_thread, { key }) => told.push(key),
    });
    expect(flushed.state).toBe("done");
    expect(rows.map(({ key }) => key)).toEqual(["1", "3"]);
    expect(told).toEqual(["bad"]);
    expect(of(thread)).toEqual([]);
    expect(aside.map((item) => seal.open(thread, item))).toEqual([
      { ...entry("bad"), refused: { code: "TOO_LARGE", reason: "Too long.", at: expect.stringMatching(/Z$/) } },
    ]);
  });

  test.each([new AppError("UPSTREAM_UNAVAILABLE", "away"), new Error("anything else")])(
    "keeps everything while the engine does not take it (%s)",
    async (error) => {
      const { store, of } = createList();
      await store.add(thread, seal.seal(thread, entry("1")));
      const append = async () => {
        throw error;
      };
      expect(await flushThread(thread, 0, { store, seal, append })).toMatchObject({ state: "away", settled: 0 });
      expect(of(thread)).toHaveLength(1);
    },
  );

  test("ends where the store does not let go of what the engine takes", async () => {
    const { store, of } = createList();
    await store.add(thread, seal.seal(thread, entry("1")));
    let appends = 0;
    const flushed = await flushThread(thread, 0, {
      store: { ...store, settle: async () => false },
      seal,
      append: async () => {
        appends += 1;
        if (appends > 9) throw new Error("again and again");
        return { state: "ok", lastPosition: 1, mode: "open" };
      },
    });
    expect(flushed).toMatchObject({ state: "away", settled: 0 });
    expect(appends).toBe(1);
    expect(of(thread)).toHaveLength(1);
  });

  test("what is refused and cannot be put aside waits on, tells nobody yet, and keeps nothing else back", async () => {
    const { store, of } = createList();
    const { rows, write } = createEngine();
    for (const key of ["1", "bad", "3"]) await store.add(thread, seal.seal(thread, entry(key)));
    const told: string[] = [];
    const flushed = await flushThread(thread, 0, {
      store: { ...store, refused: { put: async () => false } },
      seal,
      append: async (_token, _thread, since, messages) => {
        if (messages.some(({ key }) => key === "bad")) throw new AppError("TOO_LARGE", "Too long.");
        return write(since, messages);
      },
      onRefused: (_thread, { key }) => told.push(key),
    });
    expect(flushed).toMatchObject({ state: "partly", settled: 2, stuck: 1 });
    expect(rows.map(({ key }) => key)).toEqual(["1", "3"]);
    expect(of(thread).map((item) => seal.open(thread, item)?.key)).toEqual(["bad"]);
    expect(told).toEqual([]);
  });

  test("one whose key is not valid any more waits for the next one, and keeps nobody else back", async () => {
    const { store, of } = createList();
    const { rows, write } = createEngine();
    for (const item of [entry("1"), entry("2", "hi", "eve"), entry("3"), entry("4", "ho", "eve")]) {
      await store.add(thread, seal.seal(thread, item));
    }
    const flush = (keyOfAda: string) =>
      flushThread(thread, 0, {
        store,
        seal,
        tokenOf: (principal) => (principal === "ada" ? keyOfAda : undefined),
        append: async (token, _thread, since, messages) => {
          if (token === "revoked") throw new AppError("UNAUTHENTICATED", "The API key is not valid.");
          return write(since, messages);
        },
      });
    expect(await flush("revoked")).toMatchObject({ state: "partly", settled: 2 });
    expect(rows.map(({ key }) => key)).toEqual(["2", "4"]);
    expect(of(thread)).toHaveLength(2);
    expect(await flush("new")).toMatchObject({ state: "done", settled: 2 });
    expect(rows.map(({ key }) => key)).toEqual(["2", "4", "1", "3"]);
  });

  test("leaves alone what another front sealed with another key, says so, and brings what lies behind", async () => {
    const { store, of } = createList();
    const other = createEntrySeal(createSealedBox(randomBytes(32)));
    for (let index = 0; index < 150; index += 1) await store.add(thread, other.seal(thread, entry(`theirs${index}`)));
    await store.add(thread, seal.seal(thread, entry("ours")));
    const { rows, write } = createEngine();
    const append = async (
      _token: string | undefined,
      _thread: string,
      since: number,
      messages: readonly FrontEntry[],
    ) => write(since, messages);
    const flushed = await flushThread(thread, 0, { store, seal, append });
    expect(flushed).toEqual({ state: "partly", lastPosition: 1, settled: 1, unreadable: 150, stuck: 0 });
    expect(rows.map(({ key }) => key)).toEqual(["ours"]);
    expect(of(thread)).toHaveLength(150);
  });

  test("loses nothing, doubles nothing and leaves no gap, whatever two fronts, others and failures do", async () => {
    // Texts are few on purpose: messages that look alike are still two.
    const text = fc.constantFrom("ok", "yes", "no");
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ do: fc.constant("say" as const), front: fc.nat(1), text }) },
      { weight: 4, arbitrary: fc.record({ do: fc.constant("flush" as const), front: fc.nat(1) }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant("other" as const), text }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant("die" as const), front: fc.nat(1) }) },
    );
    const fate = fc.constantFrom("fine", "fine", "fine", "before", "after", "late");
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 40 }),
        fc.array(fate, { minLength: 20, maxLength: 20 }),
        fc.boolean(),
        fc.scheduler(),
        async (steps, fates, shared, scheduler) => {
          const { rows, write } = createEngine();
          const lists = shared ? [createList()] : [createList(), createList()];
          const listOf = (front: number) => lists[front % lists.length]!;
          const known = [0, 0];
          const said: { readonly front: number; readonly key: string; readonly text: string }[] = [];
          let attempts = 0;
          let healthy = false;
          let others = 0;
          const late: (() => void)[] = [];
          const append =
            () =>
            async (
              _token: string | undefined,
              _thread: string,
              since: number,
              messages: readonly FrontEntry[],
            ): Promise<AppendOutcome> => {
              const fate = healthy ? "fine" : fates[attempts++ % fates.length];
              if (fate === "late") {
                // Given up by the front, and written by the engine some time later.
                late.push(() => void write(since, messages));
                throw new AppError("UPSTREAM_UNAVAILABLE", "no answer in time");
              }
              if (fate === "before") throw new AppError("UPSTREAM_UNAVAILABLE", "no connection");
              const outcome = write(since, messages);
              if (fate === "after") throw new AppError("UPSTREAM_UNAVAILABLE", "the answer was lost");
              return outcome;
            };
          const flush = async (front: number): Promise<void> => {
            const flushed = await flushThread(thread, known[front]!, {
              store: listOf(front).store,
              seal,
              append: append(),
            });
            known[front] = flushed.lastPosition ?? known[front]!;
          };
          for (const [index, one] of steps.entries()) {
            void scheduler.schedule(Promise.resolve(), `${one.do} ${index}`).then(async () => {
              if (one.do === "say") {
                const key = `${index}`;
                said.push({ front: one.front, key, text: one.text });
                await listOf(one.front).store.add(thread, seal.seal(thread, entry(key, one.text)));
              } else if (one.do === "flush") await flush(one.front);
              else if (one.do === "other") rows.push({ key: `other ${others++}`, principal: "eve", text: one.text });
              else {
                known[one.front] = 0; // a new process knows nothing but its store
                late.shift()?.();
              }
            });
          }
          await scheduler.waitAll();
          for (const write of late.splice(0).reverse()) write();
          healthy = true;
          for (let round = 0; round < 2; round += 1) for (const front of [0, 1]) await flush(front);

          const own = rows.filter(({ principal }) => principal === "ada");
          expect(own.map(({ key }) => key).sort()).toEqual(said.map(({ key }) => key).sort());
          for (const { key, text } of said) expect(own.find((row) => row.key === key)?.text).toBe(text);
          expect(rows.length).toBe(said.length + others);
          // What one front took in order lies in order.
          for (const front of shared ? [0] : [0, 1]) {
            const order = said.filter((one) => shared || one.front === front).map(({ key }) => key);
            expect(own.filter(({ key }) => order.includes(key!)).map(({ key }) => key)).toEqual(order);
          }
          for (const list of lists) expect(list.of(thread)).toEqual([]);
        },
      ),
      { numRuns: 400 },
    );
  }, 60_000);
});
