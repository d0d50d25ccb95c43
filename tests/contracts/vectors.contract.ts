import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createThreadChanges } from "../../atlas/create-thread-changes.ts";
import { createTimeline } from "../../atlas/create-timeline.ts";
import type { MasterKey } from "../../atlas/master-key.ts";
import { createRecall } from "../../atlas/recall.ts";
import { createTeams } from "../../atlas/teams.ts";
import { createThreadCipher } from "../../atlas/thread-cipher.ts";
import type { NewMessage, RecallRequest } from "../../atlas/timeline.ts";
import { createVectors, type VectorsDeps } from "../../atlas/vectors/create-vectors.ts";
import { builtInModel } from "../../atlas/vectors/hashed-embedder.ts";
import { createPostgresVectorStore } from "../../atlas/vectors/postgres-vector-store.ts";
import { reindexVectors } from "../../atlas/vectors/reindex-vectors.ts";
import type { Database } from "../../platform/db/database.ts";
import type { Mode } from "../../platform/egress/egress-class.ts";
import type { Principal } from "../../platform/policy/principal.ts";
import { somebody } from "../support/timeline-samples.ts";
import { until } from "../support/until.ts";

const day = 86_400_000;

/** Vectors that follow messages and documents, and recall through them, on whatever database. */
export const vectorsContract = (databaseOf: () => Database, masterKeyOf: () => MasterKey): void => {
  const depsOf = (more: Partial<VectorsDeps> = {}): VectorsDeps => {
    const database = databaseOf();
    return {
      database,
      logger: { warn: () => undefined },
      rule: "scoped",
      stores: [createPostgresVectorStore({ database })],
      store: "postgres",
      models: { embed: () => Promise.reject(new Error("there is no model")) },
      model: builtInModel,
      hotDays: 90,
      ...more,
    };
  };

  const partsOf = (more: Partial<VectorsDeps> = {}) => {
    const database = databaseOf();
    const cipher = createThreadCipher({ masterKey: masterKeyOf() });
    const vectors = createVectors(depsOf(more));
    const timeline = createTimeline({ database, cipher });
    return {
      database,
      vectors,
      timeline,
      principal: somebody(),
      changes: createThreadChanges({ database, cipher }),
      say: (
        principal: Principal,
        mode: Mode,
        texts: readonly (string | NewMessage)[],
        meta?: Record<string, unknown>,
      ) =>
        timeline.open({
          principal,
          mode,
          ...(meta ? { meta } : {}),
          messages: texts.map((text) =>
            typeof text === "string" ? { role: "user", author: principal.id, content: text } : text,
          ),
        }),
      /** What vectors alone find. */
      nearest: async (principal: Principal, query: string, more: object = {}) =>
        (
          await vectors.source.find({
            ...{ principal, query, threadId: null, scope: null, kinds: ["message", "document"] as const },
            ...{ withMessages: true, limit: 10 },
            ...more,
          })
        ).map(({ id }) => id),
      /** What the whole of recall finds, the full-text index being empty of it. */
      recall: async (principal: Principal, query: string, more: Partial<RecallRequest> = {}) => {
        const recall = createRecall({ database, cipher, sources: [vectors.source] });
        return recall({ principal, query, limit: 10, ...more });
      },
      rows: (parent: string) =>
        database.query(
          "select item, part, kind, parent, scope_key, service, lasting, created_at from message_vectors where parent = $1 order by item, part",
          [parent],
        ),
    };
  };

  describe("vectors of the memory", () => {
    test("find what was said moments ago, also by words that are written otherwise", async () => {
      const { vectors, say, nearest, principal } = partsOf();
      vectors.follower.start();
      try {
        await vectors.follower.catchUp();
        const { thread, messages } = await say(principal, "open", ["My ophthalmologist is Dr Nowak", "Bring the tent"]);
        const at = performance.now();
        vectors.follower.hint(thread.id);
        await until(async () => (await nearest(principal, "ophtalmologists")).includes(messages[0]!.id));
        expect(performance.now() - at).toBeLessThan(2_000);
        expect(await nearest(principal, "ophtalmologists")).toEqual([messages[0]!.id]);
      } finally {
        await vectors.follower.stop();
      }
    });

    test("recall names the vector layer of what words did not find, with its own score", async () => {
      const { vectors, say, recall, principal, database } = partsOf();
      const { thread } = await say(principal, "open", ["The thermostat hangs in the corridor"]);
      await vectors.follower.catchUp();
      // As if full text had it, so that it is not read beside the index, and had nothing of it.
      await database.query(
        "insert into follower_cursors (follower, thread_id, position, revisions, holds_items) values ('text', $1, 1, 0, true)",
        [thread.id],
      );
      const [found, ...others] = await recall(principal, "thermostatic");
      expect(others).toEqual([]);
      expect(found).toMatchObject({ content: "The thermostat hangs in the corridor", layer: "vector" });
      expect(found!.score).toBeGreaterThan(0);
      expect(found!.score).toBeLessThan(1);
      expect(await recall(principal, "entirely unrelated question about zebras")).toEqual([]);
      expect(await recall(principal, "?! …")).toEqual([]);
    });

    test("never find what another principal or another team said", async () => {
      const { vectors, say, nearest, timeline, principal: ada, database } = partsOf();
      const eve = somebody();
      const teamId = `team-${randomUUID()}`;
      await createTeams({ database }).add(teamId, [ada.id]);
      const own = await say(ada, "open", ["the passphrase is xylophone"]);
      const shared = await timeline.open({
        principal: ada,
        mode: "open",
        scope: "team",
        teamId,
        messages: [{ role: "user", author: "ada", content: "the team's passphrase is xylophone" }],
      });
      await vectors.follower.catchUp();
      const [personal, team] = [own.messages[0]!.id, shared.messages[0]!.id];
      expect(new Set(await nearest(ada, "xylophone passphrase"))).toEqual(new Set([personal, team]));
      expect(await nearest(ada, "xylophone passphrase", { scope: "personal" })).toEqual([personal]);
      expect(await nearest(eve, "xylophone passphrase")).toEqual([]);
      await createTeams({ database }).remove(teamId, [ada.id]);
      expect(await nearest(ada, "xylophone passphrase")).toEqual([personal]);
    });

    test("follow edits and deletions", async () => {
      const { vectors, say, nearest, changes, principal, rows } = partsOf();
      const { thread, messages } = await say(principal, "open", ["meet on the balcony", "bring the telescope"]);
      await vectors.follower.catchUp();
      const [first, second] = messages.map(({ id }) => ({ principal, threadId: thread.id, messageId: id }));
      await changes.edit({ ...first!, content: "meet in the orchard" });
      await changes.remove(second!);
      await vectors.follower.catchUp();
      expect(await nearest(principal, "orchard")).toEqual([messages[0]!.id]);
      expect(await nearest(principal, "balcony")).toEqual([]);
      expect(await nearest(principal, "telescope")).toEqual([]);
      expect(await rows(thread.id)).toHaveLength(1);
    });

    test("confidential content has none, and what turned confidential leaves, also a half-filled reindex", async () => {
      const { vectors, say, timeline, principal, rows, database } = partsOf();
      const secret = await say(principal, "confidential", ["the quokka lives in the cellar"]);
      const turned = await say(principal, "open", ["the quokka was said in clear"]);
      await vectors.follower.catchUp();
      expect(await rows(secret.thread.id)).toEqual([]);
      expect(await rows(turned.thread.id)).toHaveLength(1);
      const stop = new AbortController();
      const halted = reindexVectors(depsOf({ batch: 1 }), () => stop.abort(new Error("stopped")), stop.signal);
      await expect(halted).rejects.toThrow();
      await timeline.open({ principal, threadId: turned.thread.id, mode: "confidential", messages: [] });
      await vectors.follower.catchUp();
      expect(await rows(turned.thread.id)).toEqual([]);
      await reindexVectors(depsOf());
      expect(await rows(turned.thread.id)).toEqual([]);
      expect(await database.query("select from vector_spaces")).toHaveLength(1);
    });

    test("the same messages embedded again give the same rows, also by two at once", async () => {
      const { vectors, say, principal, rows, database } = partsOf();
      const texts = ["one boat", "łódka", "?!", "the of and", ` ${"long text. ".repeat(400)}`];
      const { thread } = await say(principal, "open", texts);
      await Promise.all([vectors.follower.catchUp(), partsOf().vectors.follower.catchUp()]);
      const before = await rows(thread.id);
      expect(new Set(before.map(({ item }) => item)).size).toBe(3);
      expect(before.length).toBeGreaterThan(4);
      await database.query(
        "update follower_cursors set position = 0 where follower like 'vectors%' and thread_id = $1",
        [thread.id],
      );
      await vectors.follower.catchUp();
      expect(await rows(thread.id)).toEqual(before);
    });

    test("whatever is said, edited and deleted, what is left is what embedding the last state gives", async () => {
      const { vectors, changes, timeline, principal, rows, database } = partsOf();
      const text = fc.constantFrom("boat", "łódka", "човен", "", "?", "the zebra");
      const step = fc.record({ message: fc.nat(2), text: fc.option(text) });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 5 }), async (steps) => {
          const { thread, messages } = await timeline.open({
            principal,
            mode: "open",
            messages: [1, 2, 3].map((n) => ({ role: "user", author: principal.id, content: `first ${n}` })),
          });
          const gone = new Set<number>();
          for (const [place, { message, text }] of steps.entries()) {
            const at = { principal, threadId: thread.id, messageId: messages[message]!.id };
            if (gone.has(message)) continue;
            if (text === null) {
              await changes.remove(at);
              gone.add(message);
            } else await changes.edit({ ...at, content: text });
            if (place % 2 === 0) await vectors.follower.catchUp();
          }
          await vectors.follower.catchUp();
          const followed = await rows(thread.id);
          await database.query("delete from message_vectors where parent = $1", [thread.id]);
          await database.query(
            "update follower_cursors set position = 0 where follower like 'vectors%' and thread_id = $1",
            [thread.id],
          );
          await vectors.follower.catchUp();
          expect(await rows(thread.id)).toEqual(followed);
        }),
        { numRuns: 8 },
      );
    });

    test("hold what is hot: lately said, pinned, of a project that goes on, documents", async () => {
      const { vectors, say, principal, rows, database } = partsOf();
      const old: NewMessage = {
        role: "user",
        author: "ada",
        content: "an old boat",
        createdAt: new Date(Date.now() - 400 * day).toISOString(),
      };
      const [plain, pinned, project, over] = [
        await say(principal, "open", [old, "a new boat"]),
        await say(principal, "open", [old], { pinned: true }),
        await say(principal, "open", [old], { project: "regatta" }),
        await say(principal, "open", [old], { project: "wound up" }),
      ];
      await say(principal, "open", ["the regatta goes on"], { project: "regatta" });
      await vectors.follower.catchUp();
      const counts = async () =>
        Promise.all([plain, pinned, project, over].map(async ({ thread }) => (await rows(thread.id)).length));
      expect(await counts()).toEqual([1, 1, 1, 0]);

      // A year later all is old but what is pinned.
      const later = partsOf({ now: () => new Date(Date.now() + 365 * day) });
      expect(await later.vectors.tend()).toBeGreaterThanOrEqual(2);
      expect(await counts()).toEqual([0, 1, 0, 0]);

      // Today the project goes on, and what is pinned afterwards comes back whole.
      await database.query(`update threads set meta = '{"pinned": true}' where id = $1`, [plain.thread.id]);
      await vectors.tend();
      await vectors.follower.catchUp();
      expect(await counts()).toEqual([2, 1, 1, 0]);
    });

    test("documents are found with their title, leave with it, and a service's are its own", async () => {
      const { vectors, nearest, principal, database, rows } = partsOf();
      const store = async (source: string, content: string, more: object = {}) => {
        const document = {
          principal: principal.id,
          scope: "personal",
          source,
          title: "Heating handbook",
          content_hash: content,
          chunks: [{ heading_path: ["Valves"], content }],
          ...more,
        };
        const [row] = await database.query<{ document_store: { id: string } }>("select document_store($1::jsonb)", [
          JSON.stringify(document),
        ]);
        return row!.document_store.id;
      };
      const id = await store("a.md", "turn it clockwise");
      await store("b.md", "turn it clockwise", { service: "plumbing" });
      await vectors.follower.catchUp();
      const [chunk] = await rows(id);
      expect(await nearest(principal, "heating handbook")).toEqual([chunk!.item]);
      expect(await nearest(principal, "heating handbook", { kinds: ["message"] })).toEqual([]);
      expect(await nearest(principal, "heating handbook", { service: "plumbing" })).toHaveLength(1);
      await store("a.md", "turn it the other way");
      await vectors.follower.catchUp();
      expect((await rows(id)).map(({ item }) => item)).not.toContain(chunk!.item);
      expect(await rows(id)).toHaveLength(1);
      await database.query("delete from documents where id = $1", [id]);
      await vectors.follower.catchUp();
      expect(await rows(id)).toEqual([]);
    });

    test("a reindex puts new vectors in place of the old, which serve until then", async () => {
      const { vectors, say, nearest, principal, database, rows } = partsOf({ lookMs: 20 });
      const { thread, messages } = await say(principal, "open", ["the harbour at night"]);
      await vectors.follower.catchUp();
      vectors.follower.start();
      try {
        const servingNow = async () =>
          (await database.query<{ id: number }>("select id from vector_spaces where state = 'serving'"))[0]!.id;
        const before = await servingNow();
        const shares: number[] = [];
        const searching = new AbortController();
        const misses: string[] = [];
        const search = (async () => {
          while (!searching.signal.aborted) {
            if (!(await nearest(principal, "harbour")).includes(messages[0]!.id)) misses.push("not found");
          }
        })();
        const { resumed } = await reindexVectors(depsOf({ batch: 5 }), ({ done, messages: all }) =>
          shares.push(done / all),
        );
        await until(async () => (await rows(thread.id)).length === 1);
        searching.abort();
        await search;
        expect(misses).toEqual([]);
        expect(resumed).toBe(false);
        expect(shares.length).toBeGreaterThan(0);
        expect(await servingNow()).not.toBe(before);
        expect(await database.query("select to_regclass($1) as old", [`message_vectors_${before}`])).toEqual([
          { old: null },
        ]);
        // The running follower goes on with the new ones.
        const later = await say(principal, "open", ["a lighthouse by day"]);
        vectors.follower.hint(later.thread.id);
        await until(async () => (await nearest(principal, "lighthouse")).length === 1);
      } finally {
        await vectors.follower.stop();
      }
    });
  });
};
