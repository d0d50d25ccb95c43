import type { QdrantClient } from "@qdrant/js-client-rest";
import { pointId } from "./point-id.ts";
import { isMissing } from "./qdrant-errors.ts";

type Note = Readonly<Record<string, unknown>>;

const collection = "atlas_notes";
const idOf = (name: string): string => pointId("note", name, 0);

/** Notes beside the vectors, in a collection of their own, which is made when something is noted. */
export const createQdrantNotes = (client: QdrantClient) => {
  let isThere = false;

  const make = async (): Promise<void> => {
    if (isThere) return;
    const exists = (await client.getCollections()).collections.some(({ name }) => name === collection);
    if (!exists) await client.createCollection(collection, { vectors: { size: 1, distance: "Cosine" } });
    isThere = true;
  };
  const put = async (name: string, note: Note): Promise<void> => {
    await make();
    await client.upsert(collection, { wait: true, points: [{ id: idOf(name), vector: [1], payload: { ...note } }] });
  };

  return {
    async note(name: string): Promise<Record<string, unknown> | undefined> {
      try {
        const [point] = await client.retrieve(collection, { ids: [idOf(name)], with_payload: true });
        return point?.payload ?? undefined;
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    async setNote(name: string, note: Note): Promise<void> {
      try {
        await put(name, note);
      } catch (error) {
        if (!isMissing(error)) throw error;
        // It was deleted while we ran.
        isThere = false;
        await put(name, note);
      }
    },
  };
};
