import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import type { VectorItem, VectorSearch, VectorSpace, VectorStore } from "../../atlas/vectors/vector-store.ts";
import type { Database } from "../../platform/db/database.ts";
import { hashedEmbedding } from "../../platform/models/hashed-embedding.ts";

const dimension = 64;
const vectorOf = (text: string) => hashedEmbedding(text, dimension);

/** A principal's own scope, another's, and a team's. */
const somebody = () => `vectors:${randomUUID()}`;

const itemOf = (scopeKey: string, texts: readonly string[], more: Partial<VectorItem> = {}): VectorItem => ({
  id: randomUUID(),
  kind: "message",
  parent: randomUUID(),
  scopeKey,
  service: null,
  createdAt: new Date("2026-03-01T12:00:00Z"),
  lasting: false,
  vectors: texts.map(vectorOf),
  ...more,
});

/**
 * What every store of vectors does. Scopes are those of the main database (`team_members`), wherever the vectors are.
 * @param createStore called once, inside the tests
 */
export const vectorStoreContract = (
  name: string,
  databaseOf: () => Database,
  createStore: (database: Database) => VectorStore | Promise<VectorStore>,
): void => {
  describe(`vectors in ${name}`, () => {
    let store: VectorStore;
    let space: VectorSpace;

    /** Each space has a number of its own; states are free, so that no other space is in the way. */
    const makeSpace = async (): Promise<VectorSpace> => {
      const [row] = await databaseOf().query<{ id: number }>(
        "insert into vector_spaces (model, dimension, store, state) values ($1, $2, $3, 'filling') returning id",
        [`test-${randomUUID()}`, dimension, store.name],
      );
      const made = { id: row!.id, model: "test", dimension };
      await store.prepare(made);
      // Only one may be filled at a time, and these never serve.
      await databaseOf().query("delete from vector_spaces where id = $1", [made.id]);
      return made;
    };

    beforeAll(async () => {
      store = await createStore(databaseOf());
      space = await makeSpace();
    });

    const search = async (principal: string, query: string, more: Partial<VectorSearch> = {}) =>
      store.search(space, {
        vector: vectorOf(query),
        principal,
        scope: null,
        kinds: ["message", "chunk"],
        service: null,
        limit: 10,
        ...more,
      });
    const idsOf = async (...request: Parameters<typeof search>) => (await search(...request)).map(({ id }) => id);

    test("finds the nearest first, 1 for the same direction, each item once by its best part", async () => {
      const ada = somebody();
      const near = itemOf(`user:${ada}`, ["something else", "the dentist on Long Street"]);
      const far = itemOf(`user:${ada}`, ["the dentist is away"]);
      await store.upsert(space, [far, near]);
      const found = await search(ada, "the dentist on Long Street");
      expect(found.map(({ id }) => id)).toEqual([near.id, far.id]);
      expect(found[0]!.score).toBeCloseTo(1, 2);
      expect(found[1]!.score).toBeLessThan(0.9);
      expect(await idsOf(ada, "the dentist", { limit: 1 })).toHaveLength(1);
    });

    test("never finds what another principal or another team holds", async () => {
      const [ada, eve, team] = [somebody(), somebody(), `team-${randomUUID()}`];
      await databaseOf().query("insert into teams (id) values ($1)", [team]);
      await databaseOf().query("insert into team_members (principal, team_id) values ($1, $2)", [ada, team]);
      const own = itemOf(`user:${ada}`, ["the passphrase"]);
      const shared = itemOf(`team:${team}`, ["the passphrase"]);
      const open = itemOf("public", [`the passphrase ${ada}`]);
      await store.upsert(space, [own, shared, open]);
      const found = async (principal: string, more: Partial<VectorSearch> = {}) =>
        new Set(await idsOf(principal, `the passphrase ${ada}`, { limit: 100, ...more }));
      expect(await found(ada)).toEqual(new Set([own.id, shared.id, open.id]));
      expect(await found(eve)).toEqual(new Set([open.id]));
      expect(await found("")).toEqual(new Set([open.id]));
      expect(await found(ada, { scope: "personal" })).toEqual(new Set([own.id]));
      expect(await found(ada, { scope: "team" })).toEqual(new Set([shared.id]));
      expect(await found(eve, { scope: "team" })).toEqual(new Set());
      // Names that look like a scope or a pattern are names.
      for (const name of [`${ada}%`, `*`, `${ada}' or '1'='1`, `${ada}","public`]) {
        expect(await found(name)).toEqual(new Set([open.id]));
      }
      await databaseOf().query("delete from team_members where team_id = $1", [team]);
      expect(await found(ada)).toEqual(new Set([own.id, open.id]));
      await store.remove(space, { items: [open.id] });
    });

    test("finds one kind only, and of documents those of the service that is asked", async () => {
      const ada = somebody();
      const scopeKey = `user:${ada}`;
      const message = itemOf(scopeKey, ["tea"]);
      const chunk = itemOf(scopeKey, ["tea"], { kind: "chunk", lasting: true });
      const ofService = itemOf(scopeKey, ["tea"], { kind: "chunk", lasting: true, service: "handbook" });
      await store.upsert(space, [message, chunk, ofService]);
      expect(new Set(await idsOf(ada, "tea"))).toEqual(new Set([message.id, chunk.id]));
      expect(await idsOf(ada, "tea", { kinds: ["chunk"] })).toEqual([chunk.id]);
      expect(await idsOf(ada, "tea", { kinds: ["message"] })).toEqual([message.id]);
      expect(await idsOf(ada, "tea", { service: "handbook" })).toEqual([ofService.id]);
    });

    test("takes an item again in place of what was there, and takes items and parents out", async () => {
      const ada = somebody();
      const item = itemOf(`user:${ada}`, ["apple", "pear"]);
      const other = itemOf(`user:${ada}`, ["grape"]);
      await store.upsert(space, [item, other]);
      await store.upsert(space, [item, other]);
      await store.upsert(space, [{ ...item, vectors: [vectorOf("plum")] }]);
      const [found] = await search(ada, "plum");
      expect(found).toMatchObject({ id: item.id });
      expect(found!.score).toBeCloseTo(1, 2);
      expect((await search(ada, "pear")).find(({ id }) => id === item.id)!.score).toBeLessThan(0.9);
      await store.remove(space, { items: [item.id] });
      expect(await idsOf(ada, "plum")).toEqual([other.id]);
      await store.remove(space, { parents: [other.parent], items: [randomUUID()] });
      await store.remove(space, {});
      expect(await idsOf(ada, "grape")).toEqual([]);
    });

    test("lets go of what is old, but for what lasts and the threads that are kept", async () => {
      const ada = somebody();
      const old = { createdAt: new Date("2020-01-01T00:00:00Z") };
      const [gone, kept, lasting, recent] = [
        itemOf(`user:${ada}`, ["boat"], old),
        itemOf(`user:${ada}`, ["boat"], old),
        itemOf(`user:${ada}`, ["boat"], { ...old, lasting: true }),
        itemOf(`user:${ada}`, ["boat"]),
      ];
      await store.upsert(space, [gone, kept, lasting, recent]);
      expect(await store.expire(space, new Date("2021-01-01T00:00:00Z"), [kept.parent])).toBe(1);
      expect(new Set(await idsOf(ada, "boat"))).toEqual(new Set([kept.id, lasting.id, recent.id]));
      expect(await store.expire(space, new Date("2021-01-01T00:00:00Z"), [kept.parent])).toBe(0);
    });

    test("holds what the last of any changes says", async () => {
      const ada = somebody();
      const word = fc.constantFrom("boat", "łódka", "човен", "סירה", "zebra", "7");
      const step = fc.record({ item: fc.nat(2), words: fc.array(word, { maxLength: 3 }) });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
          const items = Array.from({ length: 3 }, () => itemOf(`user:${ada}`, []));
          const last = new Map<string, readonly string[]>();
          for (const { item, words } of steps) {
            const { id } = items[item]!;
            await store.upsert(space, [{ ...items[item]!, vectors: words.map(vectorOf) }]);
            last.set(id, words);
          }
          const found = await search(ada, "boat");
          expect(new Set(found.map(({ id }) => id))).toEqual(
            new Set([...last].filter(([, words]) => words.length > 0).map(([id]) => id)),
          );
          for (const { id, score } of found) expect(score > 0.99).toBe(last.get(id)!.includes("boat"));
          await store.remove(space, { items: items.map(({ id }) => id) });
        }),
        { numRuns: 8 },
      );
    });

    test("keeps spaces apart, clears one and drops it", async () => {
      const ada = somebody();
      const other = await makeSpace();
      const item = itemOf(`user:${ada}`, ["boat"]);
      await store.upsert(other, [item]);
      expect(await idsOf(ada, "boat")).toEqual([]);
      const inOther = () =>
        store.search(other, {
          vector: vectorOf("boat"),
          principal: ada,
          scope: null,
          kinds: ["message"],
          service: null,
          limit: 5,
        });
      expect((await inOther()).map(({ id }) => id)).toEqual([item.id]);
      await store.prepare(other);
      expect(await inOther()).toHaveLength(1);
      await store.clear(other);
      expect(await inOther()).toEqual([]);
      await store.drop(other);
      await store.drop(other);
      await expect(inOther()).rejects.toThrow();
    });

    test("finds a caller's few among the many of others", async () => {
      const [ada, crowd] = [somebody(), somebody()];
      const many = Array.from({ length: 400 }, (_, index) => itemOf(`user:${crowd}`, [`boat number ${index}`]));
      await store.upsert(space, many);
      const few = Array.from({ length: 3 }, (_, index) => itemOf(`user:${ada}`, [`wholly different ${index}`]));
      await store.upsert(space, few);
      expect(new Set(await idsOf(ada, "boat number 7"))).toEqual(new Set(few.map(({ id }) => id)));
      expect(await idsOf(crowd, "boat number 7", { limit: 1 })).toEqual([many[7]!.id]);
    });
  });
};
