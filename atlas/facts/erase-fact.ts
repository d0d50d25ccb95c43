import type { Queryable } from "../../platform/db/database.ts";
import type { FactRow } from "./fact-rows.ts";
import { lineBefore } from "./line-before.ts";
import { relink } from "./relink.ts";

/**
 * Erases a fact and what it replaced, as far as its owner stated it, on the caller's transaction under `lockFacts`. What others
 * stated stays, and holds again where the erased fact had ended it.
 */
export const eraseFact = async (
  connection: Queryable,
  { id, owner, scope_key }: Pick<FactRow, "id" | "owner" | "scope_key">,
): Promise<void> => {
  const line = await connection.query<{ id: string }>(lineBefore, [id], "facts_line_before");
  const own = await connection.query<{ id: string }>(
    "select id from facts where id = any ($1::uuid[]) and owner = $2 and scope_key = $3",
    [line.map((fact) => fact.id), owner, scope_key],
    "facts_own",
  );
  const ids = own.map((fact) => fact.id);
  if (ids.length < line.length) {
    for (const gone of ids) await connection.query(relink, [gone], "facts_relink");
  }
  await connection.query("delete from fact_sources where fact = any ($1::uuid[]) and thread_id is null", [ids]);
  // The rows of messages stay without their fact: reading those again does not bring it back.
  await connection.query(
    "update fact_sources set fact = null, owner = null, sentence = null where fact = any ($1::uuid[])",
    [ids],
  );
  await connection.query("delete from facts where id = any ($1::uuid[])", [ids]);
};
