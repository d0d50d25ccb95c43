import { AppError } from "../../platform/errors/app-error.ts";
import { lockFollower } from "../follow/lock-follower.ts";
import { type ReindexProgress, withProgress } from "../index/reindex-texts.ts";
import type { Embedder } from "./embedder.ts";
import { type FollowVectorsDeps, followVectors, storeOf } from "./follow-vectors.ts";
import { type Embedders, openEmbedder } from "./open-embedder.ts";
import { followerOf, forgetSpace, type NotedSpace, noteSpace, readSpaces } from "./vector-spaces.ts";
import type { VectorStore } from "./vector-store.ts";

export interface ReindexVectorsDeps extends FollowVectorsDeps, Embedders {
  readonly store: VectorStore["name"];
}

/** The space to fill: one that an earlier run left, when it is of the same model and store; another one goes. */
const takeSpace = async (
  { database, stores, store }: ReindexVectorsDeps,
  { model, dimension }: Pick<Embedder, "model" | "dimension">,
): Promise<{ readonly space: NotedSpace; readonly resumed: boolean }> => {
  const left = (await readSpaces(database)).find(({ state }) => state === "filling");
  if (left && left.model === model && left.dimension === dimension && left.store === store) {
    return { space: left, resumed: true };
  }
  if (left) {
    await storeOf(stores, left).drop(left);
    await database.transaction((connection) => forgetSpace(connection, left));
  }
  return { space: await noteSpace(database, { model, dimension, store, state: "filling" }), resumed: false };
};

/** From one moment to the next the new space serves, and the old one is gone. */
const serve = async ({ database, stores }: ReindexVectorsDeps, space: NotedSpace): Promise<void> => {
  const elsewhere = await database.transaction(async (connection) => {
    // Of two that come at once the second finds it done.
    await connection.query("select from vector_spaces order by id for update");
    const spaces = await readSpaces(connection);
    const state = spaces.find(({ id }) => id === space.id)?.state;
    if (state === "serving") return undefined;
    if (state === undefined) throw new AppError("CONFLICT", "Another reindex took the place of this one.");
    const former = spaces.find((one) => one.state === "serving");
    if (former) {
      // Whoever writes to it ends first, and finds it gone afterwards.
      await lockFollower(connection, followerOf(former));
      if (former.store === "postgres") await storeOf(stores, former).drop(former, connection);
      await forgetSpace(connection, former);
    }
    await connection.query("update vector_spaces set state = 'serving' where id = $1", [space.id]);
    return former && former.store !== "postgres" ? former : undefined;
  });
  if (elsewhere) await storeOf(stores, elsewhere).drop(elsewhere);
};

/**
 * Embeds everything that is hot anew by the configured model, beside the vectors that serve, and then puts them in their
 * place. Killed, it goes on where it was when it is run again. Servers may run meanwhile: they search the old vectors until
 * the new are complete, and follow the new ones some seconds later.
 *
 * @throws {AppError} what the model and the database throw: run it again then.
 */
export const reindexVectors = async (
  deps: ReindexVectorsDeps,
  onProgress: (progress: ReindexProgress) => void = () => undefined,
  signal: AbortSignal = new AbortController().signal,
): Promise<{ readonly model: string; readonly messages: number; readonly resumed: boolean }> => {
  const { database, stores } = deps;
  const { embedder } = await openEmbedder(deps, undefined, signal);
  const { model } = embedder;
  const { space, resumed } = await takeSpace(deps, embedder);
  await storeOf(stores, space).prepare(space);
  const follower = followVectors(deps, space, embedder);

  const { messages } = await withProgress(database, follower.name, onProgress, () => follower.catchUp(signal));
  signal.throwIfAborted();
  await serve(deps, space);
  return { model, messages, resumed };
};
