import type { Queryable } from "../../platform/db/database.ts";
import { askTerms } from "../recall/ask-terms.ts";
import type { CandidateSource } from "../recall/candidate-source.ts";

/** A summary's best counts as much of full text's best: it says less than the words themselves. */
const weight = 0.3;
const mostCandidates = 500;
/** Of the query's words, by their rarity, a summary must hold this share. */
const leastShare = 0.5;

const candidates = `
  select s.id, array(select unnest(s.terms) intersect select unnest($1::integer[])) as hits
  from thread_summaries s join threads t on t.id = s.thread_id
  where s.terms && $1::integer[] and s.scope_key = any ((select scope_keys($2, $4))::text[]) and t.mode = 'open'
    and ($3::uuid is null or s.thread_id <> $3)
  order by s.created_at desc limit ${mostCandidates}`;

/** Finds threads by their summaries: words of the query, weighted by how few summaries hold them. */
export const createSummarySource = ({ database }: { readonly database: Queryable }): CandidateSource => ({
  name: "summary",
  weight,
  async find({ principal, query, threadId, scope, withMessages, limit }) {
    if (!withMessages) return [];
    const { terms } = askTerms(query);
    const asked = terms.filter(({ isWord }) => isWord);
    if (asked.length === 0) return [];
    const hashes = asked.flatMap(({ hash, otherHash }) => (otherHash === undefined ? [hash] : [hash, otherHash]));
    const rows = await database.query<{ id: string; hits: number[] }>(
      candidates,
      [hashes, principal.id, threadId, scope],
      "recall_summaries",
    );
    const found = rows.map(({ id, hits }) => {
      const held = new Set(hits);
      return { id, held: asked.map(({ hash, otherHash }) => held.has(hash) || held.has(otherHash ?? hash)) };
    });
    const rarity = asked.map((_, term) => {
      const holders = found.filter(({ held }) => held[term]).length;
      return Math.log(1 + (rows.length + 1) / (holders + 0.5));
    });
    const all = rarity.reduce((sum, value) => sum + value, 0);
    return found
      .map(({ id, held }) => ({
        id,
        score: rarity.reduce((sum, value, term) => sum + (held[term] ? value : 0), 0) / all,
      }))
      .filter(({ score }) => score >= leastShare)
      .sort((one, other) => other.score - one.score)
      .slice(0, limit);
  },
});
