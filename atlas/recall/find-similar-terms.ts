import type { Queryable } from "../../platform/db/database.ts";

export interface SimilarTerm {
  readonly hash: number;
  readonly items: number;
  /** Share of the best one's likeness, 0–1. */
  readonly share: number;
}

interface Row {
  readonly n: number;
  readonly hash: number;
  readonly items: number;
  readonly likeness: number;
}

const mostWords = 4;
const mostForms = 3;

// The conditions on `term` are those of the index.
const similar = `
  select asked.n::int as n, best.hash, best.items, best.likeness
  from unnest($2::text[]) with ordinality as asked (word, n) cross join lateral (
    select v.hash, sum(v.items)::int as items, max(similarity(v.term, asked.word))::float8 as likeness
    from text_vocabulary v
    where v.term % asked.word and length(v.term) >= 4 and v.term !~ '[0-9:]' and v.collection = any ($1::int[])
      and similarity(v.term, asked.word) >= 0.35
    group by v.hash order by likeness desc, v.hash limit ${mostForms}
  ) best`;

/** For stems that no text holds: up to three that are written like each, by their trigrams; short ones and numbers are not guessed. */
export const findSimilarTerms = async (
  database: Queryable,
  collections: readonly number[],
  stems: readonly string[],
): Promise<ReadonlyMap<string, readonly SimilarTerm[]>> => {
  const words = stems.filter((stem) => stem.length >= 4 && !/[\p{N}:]/u.test(stem)).slice(0, mostWords);
  if (words.length === 0 || collections.length === 0) return new Map();
  const rows = await database.query<Row>(similar, [collections, words], "recall_similar_terms");
  return new Map(
    words.map((word, index) => {
      const forms = rows.filter(({ n }) => n === index + 1);
      const best = Math.max(...forms.map(({ likeness }) => likeness));
      return [word, forms.map(({ hash, items, likeness }) => ({ hash, items, share: likeness / best }))];
    }),
  );
};
