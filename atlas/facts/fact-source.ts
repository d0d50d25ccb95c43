import type { Database } from "../../platform/db/database.ts";
import type { PlaintextRule } from "../follow/plaintext-rule.ts";
import type { CandidateSource } from "../recall/candidate-source.ts";
import { toFragment } from "./fact-fragment.ts";
import { readFacts, toFact } from "./fact-rows.ts";
import { searchFacts } from "./search-facts.ts";

export interface FactSourceDeps {
  readonly database: Pick<Database, "query">;
  /** Facts are a person's or a team's: with the strict rule none is found in clear. */
  readonly rule: PlaintextRule;
}

/** Facts beside messages: a fact that holds all words of a query counts as much as the best message. */
const weight = 1;

/** Current facts that bear on a query, with the message that each comes from. */
export const createFactSource = ({ database, rule }: FactSourceDeps): CandidateSource => ({
  name: "fact",
  weight,
  scale: "share",
  async find({ principal, query, scope, withMessages, limit }) {
    if (!withMessages || rule === "public" || scope === "public") return [];
    const search = { principal: principal.id, query, scope, subject: null, at: null, limit };
    const found = await searchFacts(database, search);
    if (found.length === 0) return [];
    const ids = found.map(({ id }) => id);
    const facts = new Map((await readFacts(database, principal.id, ids, scope)).map((row) => [row.id, toFact(row)]));
    return found.flatMap(({ id, score }) => {
      const fact = facts.get(id);
      if (!fact || fact.validTo !== undefined) return [];
      return { id, score, fragment: toFragment(fact) };
    });
  },
});
