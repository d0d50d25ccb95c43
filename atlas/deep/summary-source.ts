import type { Queryable } from "../../platform/db/database.ts";
import { askTerms } from "../recall/ask-terms.ts";
import type { CandidateSource } from "../recall/candidate-source.ts";

type Ask = Parameters<CandidateSource["find"]>[0];

export interface SummarySourceDeps {
  readonly database: Queryable;
  /** The vector of a query, for summaries whose vectors are of the same model; without it words alone find them. */
  readonly embedQuery?: (
    ask: Ask,
  ) => Promise<{ readonly vector: ArrayLike<number>; readonly model: string; readonly background: number } | undefined>;
}

/** A summary's best counts as much of full text's best: it says less than the words themselves. */
const weight = 0.3;
const mostCandidates = 500;
/** Vectors that are compared one by one: of the newest summaries. */
const mostVectors = 1_000;
/** Of the query's words, by their rarity, a summary must hold this share, or be as near to it in meaning. */
const leastShare = 0.5;
const leastNear = 0.35;

const byWords = `
  select s.id, array(select unnest(s.terms) intersect select unnest($1::integer[])) as hits
  from thread_summaries s join threads t on t.id = s.thread_id
  where s.terms && $1::integer[] and s.scope_key = any ((select scope_keys($2, $4))::text[]) and t.mode = 'open'
    and ($3::uuid is null or s.thread_id <> $3)
  order by s.created_at desc limit ${mostCandidates}`;

const byVector = `
  select near.id, 1 - (near.embedding::vector <=> $5::vector) as cosine from (
    select s.id, s.embedding from thread_summaries s join threads t on t.id = s.thread_id
    where s.embedding_model = $1 and cardinality(s.embedding) = $6
      and s.scope_key = any ((select scope_keys($2, $4))::text[]) and t.mode = 'open'
      and ($3::uuid is null or s.thread_id <> $3)
    order by s.created_at desc limit ${mostVectors} offset 0
  ) near order by cosine desc limit $7`;

/** Finds threads by their summaries: words of the query, weighted by how few summaries hold them, and the vectors of a core. */
export const createSummarySource = ({ database, embedQuery }: SummarySourceDeps): CandidateSource => {
  /** Shares of the query's words that summaries hold. */
  const findByWords = async ({ principal, query, threadId, scope }: Ask): Promise<[string, number][]> => {
    const { terms } = askTerms(query);
    const asked = terms.filter(({ isWord }) => isWord);
    if (asked.length === 0) return [];
    const hashes = asked.flatMap(({ hash, otherHash }) => (otherHash === undefined ? [hash] : [hash, otherHash]));
    const rows = await database.query<{ id: string; hits: number[] }>(
      byWords,
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
      .map(({ id, held }): [string, number] => [
        id,
        rarity.reduce((sum, value, term) => sum + (held[term] ? value : 0), 0) / all,
      ])
      .filter(([, share]) => share >= leastShare);
  };

  /** Nearness above what texts that have nothing in common have, 0–1. */
  const findByVector = async (ask: Ask): Promise<[string, number][]> => {
    // Where there is no vector of the query, the source of vectors tells it; words go on finding.
    const embedded = await embedQuery?.(ask).catch(() => undefined);
    if (!embedded) return [];
    const { vector, model, background } = embedded;
    const rows = await database.query<{ id: string; cosine: number }>(
      byVector,
      [model, ask.principal.id, ask.threadId, ask.scope, `[${Array.from(vector).join(",")}]`, vector.length, ask.limit],
      "recall_summary_vectors",
    );
    return rows
      .map(({ id, cosine }): [string, number] => [id, (cosine - background) / (1 - background)])
      .filter(([, near]) => near >= leastNear);
  };

  return {
    name: "summary",
    weight,
    async find(ask) {
      if (!ask.withMessages) return [];
      const [words, vectors] = await Promise.all([findByWords(ask), findByVector(ask)]);
      const best = new Map(words);
      for (const [id, near] of vectors) best.set(id, Math.max(near, best.get(id) ?? 0));
      return [...best]
        .map(([id, score]) => ({ id, score }))
        .sort((one, other) => other.score - one.score)
        .slice(0, ask.limit);
    },
  };
};
