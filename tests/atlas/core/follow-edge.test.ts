import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createDeepIndex } from "../../../atlas/core/deep-index.ts";
import { createEdgeFollower, type EdgeFollower } from "../../../atlas/core/follow-edge.ts";
import type { QdrantLayout } from "../../../atlas/core/qdrant-collections.ts";
import { createQdrantStore } from "../../../atlas/core/qdrant-store.ts";
import { AppError } from "../../../platform/errors/app-error.ts";
import { hashedEmbedding } from "../../../platform/models/hashed-embedding.ts";
import { type QdrantServer, startQdrantServer } from "../../support/qdrant-server.ts";
import { createScriptedSync, messageOf } from "../../support/scripted-sync.ts";
import { until } from "../../support/until.ts";

const silent = { info: () => undefined, warn: () => undefined };
const embedder = {
  model: "test",
  dimension: 32,
  async embed(texts: readonly string[]) {
    if (texts.includes("poison")) throw new AppError("PROVIDER_REFUSED", "The model refused the request.");
    return texts.map((text) => hashedEmbedding(text, 32));
  },
};

describe("a core that follows an engine", () => {
  let qdrant: QdrantServer;
  const running: EdgeFollower[] = [];

  beforeEach(async () => {
    qdrant = await startQdrantServer();
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((follower) => follower.stop()));
    await qdrant.stop();
  });

  const follow = (sync: ReturnType<typeof createScriptedSync>, layout: QdrantLayout = "tenants") => {
    const store = createQdrantStore({ url: qdrant.url, layout, collectionOf: () => "atlas_deep" });
    const index = createDeepIndex({ store, embedder });
    const pauses = { shortestPauseMs: 10, longestPauseMs: 50 };
    const follower = createEdgeFollower({ edge: sync.edge, index, notes: store, logger: silent, ...pauses });
    follower.start();
    running.push(follower);
    return {
      index,
      follower,
      holds: (count: number) => until(async () => (await index.count().catch(() => -1)) === count, 20_000),
    };
  };
  const lose = (collection: string) => fetch(`${qdrant.url}/collections/${collection}`, { method: "DELETE" });
  const threeOf = () => [messageOf("tea"), messageOf("cake", "user:eve"), messageOf("jam", "public")];

  test("pulls everything again when its store loses all that it held, while nothing else happens", async () => {
    const sync = createScriptedSync();
    sync.log.push(...threeOf());
    const { holds } = follow(sync);
    await holds(3);
    for (const collection of qdrant.collections()) await lose(collection);
    await holds(3);
    sync.log.push(messageOf("more"));
    await holds(4);
  });

  test("pulls everything again when only its vectors are lost and the next change comes at once", async () => {
    const sync = createScriptedSync();
    sync.log.push(...threeOf());
    const { holds } = follow(sync);
    await holds(3);
    await lose("atlas_deep");
    sync.log.push(messageOf("more"));
    await holds(4);
  });

  test("notices also when somebody has made the lost collection again before it looked", async () => {
    const sync = createScriptedSync();
    sync.log.push(...threeOf());
    const { index, holds } = follow(sync);
    await holds(3);
    await lose("atlas_deep");
    const other = messageOf("given by hand");
    const works = (call: Promise<unknown>) => call.then(Boolean, () => false);
    await until(() => works(index.apply([other]).then(() => true)), 20_000);
    await until(() => works(index.count().then((count) => count >= 3)), 20_000);
  });

  test("notices after a start that vectors were lost while it was away, where the note of its place was not", async () => {
    const sync = createScriptedSync();
    sync.log.push(...threeOf());
    const first = follow(sync);
    await first.holds(3);
    await until(() => qdrant.stored("atlas_notes").length === 1);
    await first.follower.stop();
    await lose("atlas_deep");
    sync.log.push(messageOf("more"));
    await follow(sync).holds(4);
  });

  test("notices the loss of one scope's collection where each scope has one, and of none when a scope is new", async () => {
    const sync = createScriptedSync();
    sync.log.push(...threeOf());
    const { holds } = follow(sync, "collections");
    await holds(3);
    sync.log.push(messageOf("new here", "user:new"));
    await holds(4);
    expect(sync.asked.filter((after) => after === undefined)).toHaveLength(1);
    await lose("user_eve_atlas_deep");
    await holds(4);
    expect(sync.asked.filter((after) => after === undefined)).toHaveLength(2);
  });

  test("gets past an item that its model does not take, and names it, also after a start, until it changes", async () => {
    const sync = createScriptedSync();
    const [bad, good] = [messageOf("poison"), messageOf("tea")];
    sync.log.push(bad, good);
    const first = follow(sync);
    await first.holds(1);
    sync.log.push(messageOf("cake"));
    await first.holds(2);
    const refused = [{ id: bad.id, reason: expect.stringContaining("refused") }];
    await until(() => sync.asked.at(-1)?.endsWith(".3") === true);
    expect(first.follower.state().refused).toEqual(refused);
    await first.follower.stop();
    const second = follow(sync);
    await until(() => second.follower.state().refused.length === 1);
    sync.log.push({ ...bad, content: "better" });
    await second.holds(3);
    await until(() => second.follower.state().refused.length === 0);
  });

  test("goes on where it was after a start when nothing is lost", async () => {
    const sync = createScriptedSync();
    sync.log.push(...threeOf());
    const first = follow(sync);
    await first.holds(3);
    await until(() => qdrant.stored("atlas_notes").length === 1);
    await first.follower.stop();
    sync.log.push(messageOf("more"));
    await follow(sync).holds(4);
    expect(sync.asked.filter((after) => after === undefined)).toHaveLength(1);
  });
});
