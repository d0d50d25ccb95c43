import { describe, expect, test } from "vitest";
import { createApplyPage } from "../../../atlas/core/apply-page.ts";
import { createDeepIndex } from "../../../atlas/core/deep-index.ts";
import { createQdrantStore } from "../../../atlas/core/qdrant-store.ts";
import { AppError } from "../../../platform/errors/app-error.ts";
import { hashedEmbedding } from "../../../platform/models/hashed-embedding.ts";
import { startQdrantServer } from "../../support/qdrant-server.ts";
import { messageOf } from "../../support/scripted-sync.ts";

describe("a page of changes with an item that a model will not take", () => {
  const refusal = new AppError("PROVIDER_REFUSED", "The model refused the request.");
  const start = async () => {
    const qdrant = await startQdrantServer();
    const store = createQdrantStore({ url: qdrant.url, layout: "tenants", collectionOf: () => "atlas_deep" });
    const model = { down: false, longest: 0 };
    const embedder = {
      model: "test",
      dimension: 32,
      async embed(texts: readonly string[]) {
        model.longest = Math.max(model.longest, ...texts.map((text) => text.length));
        if (model.down || texts.some((text) => text.includes("poison"))) throw refusal;
        return texts.map((text) => hashedEmbedding(text, 32));
      },
    };
    const index = createDeepIndex({ store, embedder });
    await index.prepare();
    const apply = createApplyPage({ index, logger: { warn: () => undefined }, pauseMs: 1 });
    const { signal } = new AbortController();
    const items = () => qdrant.stored("atlas_deep").map(({ payload }) => (payload.metadata as { item: string }).item);
    return {
      qdrant,
      index,
      model,
      items,
      apply: (changes: Parameters<typeof apply>[1]) => apply("one", changes, signal),
    };
  };

  test("is tried as it is three times, then goes on without the item, whose older text is gone too", async () => {
    const { qdrant, apply, items } = await start();
    try {
      const old = messageOf("an older text");
      await apply([old]);
      const page = [messageOf("tea"), { ...old, content: "poison" }, messageOf("cake")];
      for (let times = 0; times < 3; times += 1) await expect(apply(page)).rejects.toBe(refusal);
      expect(await apply(page)).toEqual([{ id: old.id, reason: "PROVIDER_REFUSED: The model refused the request." }]);
      expect(items().toSorted()).toEqual([page[0]!.id, page[2]!.id].toSorted());
    } finally {
      await qdrant.stop();
    }
  });

  test("waits as a whole, however long, while the model takes nothing at all", async () => {
    const { qdrant, apply, items, model } = await start();
    try {
      model.down = true;
      const page = [messageOf("tea"), messageOf("cake")];
      for (let times = 0; times < 8; times += 1) await expect(apply(page)).rejects.toBe(refusal);
      model.down = false;
      expect(await apply(page)).toEqual([]);
      expect(items()).toHaveLength(2);
    } finally {
      await qdrant.stop();
    }
  });

  test("gives the model no more of a chunk's headings than says where it stands", async () => {
    const { qdrant, index, model } = await start();
    try {
      const { id, scope_key } = messageOf("");
      const title = "An endless title. ".repeat(10_000);
      await index.apply([{ kind: "chunk", id, scope_key, document_id: id, title, content: "short" }]);
      expect(model.longest).toBeLessThan(500);
    } finally {
      await qdrant.stop();
    }
  });
});
