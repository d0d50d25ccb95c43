import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createCorePostgresStore } from "../../../atlas/core/postgres-store.ts";
import type { VectorItem, VectorSpace } from "../../../atlas/vectors/vector-store.ts";
import { hashedEmbedding } from "../../../platform/models/hashed-embedding.ts";
import { describeOnEachDatabase } from "../../support/each-database.ts";

const space: VectorSpace = { id: 1, model: "test", dimension: 64 };
const itemOf = (...texts: string[]): VectorItem => ({
  id: randomUUID(),
  kind: "message",
  parent: randomUUID(),
  scopeKey: "user:ada",
  service: null,
  createdAt: new Date("2026-03-01T12:00:00Z"),
  lasting: true,
  vectors: texts.map((text) => hashedEmbedding(text, space.dimension)),
});

describe("vectors in the core's own database", () => {
  describeOnEachDatabase(
    (database) => {
      test("stay the rows that they are when the same page comes again; what changed is written", async () => {
        const store = createCorePostgresStore({ database: database() });
        await store.prepare(space);
        const items = [itemOf("tea", "cake"), itemOf("coffee")];
        const rows = () =>
          database().query<{ item: string; xmin: string }>(
            "select item, xmin::text from core_vectors_1 order by item, part",
          );
        await store.upsert(space, items);
        const before = await rows();
        await store.upsert(space, items);
        expect(await rows()).toEqual(before);
        await store.upsert(space, [{ ...items[1]!, vectors: itemOf("cocoa").vectors }]);
        const after = await rows();
        expect(after.filter(({ xmin }, at) => xmin !== before[at]?.xmin).map(({ item }) => item)).toEqual([
          items[1]!.id,
        ]);
      });

      test("are found exactly where they are too long for an index", async () => {
        const store = createCorePostgresStore({ database: database(), few: 1 });
        const long: VectorSpace = { id: 2, model: "long", dimension: 4_096 };
        await store.prepare(long);
        const along = (first: number, second: number) =>
          Array.from({ length: long.dimension }, (_, place) => (place === 0 ? first : place === 1 ? second : 0));
        const items = [along(1, 0), along(0, 1), along(-1, 0)].map((vector) => ({ ...itemOf(), vectors: [vector] }));
        await store.upsert(long, items);
        const found = await store.search(long, {
          vector: along(1, 0.5),
          scopeKeys: ["user:ada"],
          kinds: ["message"],
          service: null,
          limit: 2,
        });
        expect(found.map(({ id }) => id)).toEqual([items[0]?.id, items[1]?.id]);
        await store.drop(long);
      });

      test("have another origin when their table was lost and made again, and the same after every other start", async () => {
        const store = createCorePostgresStore({ database: database() });
        await store.prepare(space);
        const before = await store.origins(space);
        expect(before).toHaveLength(1);
        await store.prepare(space);
        await store.clear(space);
        expect(await store.origins(space)).toEqual(before);
        await database().query("drop table core_vectors_1");
        expect(await store.origins(space)).toEqual([]);
        await store.prepare(space);
        expect(await store.origins(space)).not.toEqual(before);
      });
    },
    { schema: "none" },
  );
});
