import type { Queryable } from "../../platform/db/database.ts";
import type { VectorSpace, VectorStore } from "./vector-store.ts";

/** A space as it is noted. */
export interface NotedSpace extends VectorSpace {
  readonly store: VectorStore["name"];
  /** `serving`: searched and kept up to date; `filling`: a reindex makes it. */
  readonly state: "serving" | "filling";
}

const columns = "id, model, dimension, store, state";

export const readSpaces = (connection: Queryable): Promise<NotedSpace[]> =>
  connection.query<NotedSpace>(`select ${columns} from vector_spaces order by id`, [], "vector_spaces");

/** Notes a space unless there is one in that state; gives the one that is there then. */
export const noteSpace = async (
  connection: Queryable,
  { model, dimension, store, state }: Omit<NotedSpace, "id">,
): Promise<NotedSpace> => {
  await connection.query(
    "insert into vector_spaces (model, dimension, store, state) values ($1, $2, $3, $4) on conflict (state) do nothing",
    [model, dimension, store, state],
  );
  const [noted] = await connection.query<NotedSpace>(`select ${columns} from vector_spaces where state = $1`, [state]);
  return noted!;
};

/** The follower that keeps a space, by name. */
export const followerOf = ({ id }: VectorSpace): string => `vectors ${id}`;

/** Forgets a space and how far it was followed, on the caller's transaction; its vectors are the store's to drop. */
export const forgetSpace = async (connection: Queryable, space: VectorSpace): Promise<void> => {
  const follower = followerOf(space);
  await connection.query("delete from vector_spaces where id = $1", [space.id]);
  await connection.query("delete from follower_cursors where follower = $1", [follower]);
  await connection.query("delete from follower_documents where follower = $1", [follower]);
  await connection.query("delete from followers where name = $1", [follower]);
};
