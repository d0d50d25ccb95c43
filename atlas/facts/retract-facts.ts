import type { Queryable } from "../../platform/db/database.ts";
import type { FactContent } from "./fact-content.ts";
import { endedBy } from "./record-facts.ts";

export interface Retraction {
  readonly scopeKey: string;
  /** Who says so: of a team's facts only one's own are ended by a word. */
  readonly owner: string;
  /** What no longer holds, as a statement. */
  readonly content: FactContent;
  readonly at: Date;
  readonly messageId: string;
}

/** Share of the retraction's words that a fact must hold. */
const fewestShared = 0.75;
/** More than these are not what somebody means by one sentence. */
const mostEnded = 3;

const current = `
  select id, content_key, terms from facts
  where scope_key = $1 and owner = $2 and valid_to is null and valid_from <= $3 and (content_key = $4 or terms && $5::int[])
  order by sequence desc limit 200`;

/**
 * Ends the facts that say what no longer holds: the one that says the same, else those that hold nearly all of its words,
 * unless there are many. On the caller's transaction under `lockFacts`.
 */
export const retractFacts = async (
  connection: Queryable,
  { scopeKey, owner, content, at, messageId }: Retraction,
): Promise<void> => {
  interface Row {
    readonly id: string;
    readonly content_key: string;
    readonly terms: readonly number[];
  }
  const values = [scopeKey, owner, at, content.contentKey, content.terms];
  const rows = await connection.query<Row>(current, values, "facts_current");
  const equal = rows.filter(({ content_key }) => content_key === content.contentKey);
  const near = rows.filter(({ terms }) => {
    const held = new Set(terms);
    return content.terms.filter((term) => held.has(term)).length >= fewestShared * content.terms.length;
  });
  const ended = equal.length > 0 ? equal : near.length <= mostEnded ? near : [];
  for (const { id } of ended) await endedBy(connection, { id, scopeKey }, { at, successor: null, messageId });
};
