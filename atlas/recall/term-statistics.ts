import type { Queryable } from "../../platform/db/database.ts";
import { serviceSuffix, type TextKind } from "../index/text-item.ts";
import type { SeenBy } from "./read-fragments.ts";

export interface Collection {
  readonly id: number;
  readonly kind: TextKind;
  readonly items: number;
  /** Mean length of an item, and of an item together with the turns around it (`widen`). */
  readonly meanLength: number;
  readonly meanWideLength: number;
}

/** What the visible collections say of terms. */
export interface TermCounts {
  readonly collections: readonly Collection[];
  readonly items: number;
  /** Items that hold each term; terms asked for and not found have 0. */
  readonly found: Map<number, number>;
}

interface Row {
  readonly id: number;
  readonly kind: TextKind;
  readonly items: string;
  readonly terms: string;
  readonly text_terms: string;
  readonly found: readonly number[];
}

/** Weights of the turns around one sum up to 1.2; at the ends of a thread some are missing. */
const wideShare = 1.1;
const rememberedMs = 60_000;
const mostRemembered = 200_000;
/** Before anything is counted. */
const usualLength = 12;

const counts = `
  select c.id, c.kind, c.items, c.terms, c.text_terms, array(
    select coalesce((select v.items from text_vocabulary v where v.collection = c.id and v.hash = asked.hash), 0)
    from unnest($2::int[]) with ordinality as asked (hash, n) order by n
  ) as found
  from text_collections c
  where c.scope_key = any (array(select key || $5 from unnest(scope_keys($1, $4)) as key)) and c.kind = any ($3::text[])`;

const more =
  "select collection, hash, items from text_vocabulary where collection = any ($1::int[]) and hash = any ($2::int[])";

const toCollection = (row: Row): Collection => {
  const items = Number(row.items);
  const meanLength = items > 0 ? Number(row.terms) / items : usualLength;
  const meanText = items > 0 ? Number(row.text_terms) / items : usualLength;
  return {
    id: row.id,
    kind: row.kind,
    items,
    meanLength,
    meanWideLength: row.kind === "message" ? meanLength + wideShare * meanText : meanLength,
  };
};

/**
 * How common terms are. `begin` always asks the database, so that what was just indexed is found; `learn` adds terms of found
 * texts and remembers them for a minute: there a count may lag behind.
 */
export const createTermStatistics = ({ database }: { readonly database: Queryable }) => {
  // By collection, then by term: plain integers are found fastest. Forgotten all at once, because a cache that keeps an age for
  // each count took longer than the ranking.
  let remembered = new Map<number, Map<number, number>>();
  let size = 0;
  let since = performance.now();
  const rememberedOf = (collection: number): Map<number, number> => {
    const known = remembered.get(collection) ?? new Map<number, number>();
    remembered.set(collection, known);
    return known;
  };
  const forgetOld = (): void => {
    if (size < mostRemembered && performance.now() - since < rememberedMs) return;
    remembered = new Map();
    size = 0;
    since = performance.now();
  };

  return {
    async begin(
      [principal, scope]: SeenBy,
      kinds: readonly TextKind[],
      service: string | undefined,
      hashes: readonly number[],
    ): Promise<TermCounts> {
      const rows = await database.query<Row>(
        counts,
        [principal, hashes, kinds, scope, serviceSuffix(service)],
        "recall_counts",
      );
      const collections = rows.map(toCollection).filter(({ items }) => items > 0);
      const found = new Map<number, number>();
      hashes.forEach((hash, index) => {
        found.set(
          hash,
          rows.reduce((sum, row) => sum + (row.found[index] ?? 0), 0),
        );
      });
      return { collections, items: collections.reduce((sum, { items }) => sum + items, 0), found };
    },

    async learn({ collections, found }: TermCounts, hashes: Iterable<number>): Promise<void> {
      forgetOld();
      const known = collections.map(({ id }) => rememberedOf(id));
      const missing = new Set<number>();
      for (const hash of hashes) {
        if (found.has(hash)) continue;
        let sum = 0;
        for (const counts of known) sum += counts.get(hash) ?? Number.NaN;
        if (Number.isNaN(sum)) missing.add(hash);
        else found.set(hash, sum);
      }
      if (missing.size === 0) return;
      const rows = await database.query<{ collection: number; hash: number; items: number }>(
        more,
        [collections.map(({ id }) => id), [...missing]],
        "recall_counts_more",
      );
      for (const hash of missing) {
        found.set(hash, 0);
        for (const counts of known) counts.set(hash, 0);
      }
      size += missing.size * known.length;
      for (const { collection, hash, items } of rows) {
        rememberedOf(collection).set(hash, items);
        found.set(hash, (found.get(hash) ?? 0) + items);
      }
    },
  };
};
export type TermStatistics = ReturnType<typeof createTermStatistics>;
