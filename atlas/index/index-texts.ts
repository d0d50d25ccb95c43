import type { Queryable } from "../../platform/db/database.ts";
import { hashTerm } from "./hash-term.ts";
import { lockIndex } from "./index-lock.ts";
import { itemTerms } from "./item-terms.ts";
import { keyOf, lengthOf, type NewIndexedPart, packPart, toIndexedPart, unpackParts } from "./packed-item.ts";
import type { TextItem, TextKind } from "./text-item.ts";

interface CollectionRow {
  readonly id: number;
  readonly scope_key: string;
  readonly kind: TextKind;
}

const collectionIds = async (connection: Queryable, items: readonly TextItem[]): Promise<Map<string, number>> => {
  const wanted = [...new Map(items.map((item) => [`${item.kind} ${item.scopeKey}`, item])).values()];
  if (wanted.length === 0) return new Map();
  const values = [wanted.map(({ scopeKey }) => scopeKey), wanted.map(({ kind }) => kind)];
  await connection.query(
    `insert into text_collections (scope_key, kind) select * from unnest($1::text[], $2::text[])
     on conflict (scope_key, kind) do nothing`,
    values,
    "text_collections_make",
  );
  const rows = await connection.query<CollectionRow>(
    `select id, scope_key, kind from text_collections
     where (scope_key, kind) in (select * from unnest($1::text[], $2::text[]))`,
    values,
    "text_collections_of",
  );
  return new Map(rows.map((row) => [`${row.kind} ${row.scope_key}`, row.id]));
};

/** How often each term stands in a part, title and author twice. */
const frequencies = (part: Pick<NewIndexedPart, "text" | "about">): Map<number, number> => {
  const counts = new Map<number, number>();
  for (const hash of part.text) counts.set(hash, (counts.get(hash) ?? 0) + 1);
  for (const hash of part.about) if (hash !== 0) counts.set(hash, (counts.get(hash) ?? 0) + 1);
  return counts;
};

/** Changes of counts, gathered so that each row is written once. */
const createTally = () => {
  const terms = new Map<string, { collection: number; hash: number; items: number }>();
  const collections = new Map<number, { items: number; terms: number; textTerms: number }>();
  return {
    terms,
    collections,
    /** @param sign 1 for a part that comes, -1 for one that goes. */
    add(part: NewIndexedPart, counts: ReadonlyMap<number, number>, sign: 1 | -1): void {
      for (const hash of counts.keys()) {
        const key = `${part.collection} ${hash}`;
        const entry = terms.get(key) ?? { collection: part.collection, hash, items: 0 };
        entry.items += sign;
        terms.set(key, entry);
      }
      const sums = collections.get(part.collection) ?? { items: 0, terms: 0, textTerms: 0 };
      sums.items += sign;
      sums.terms += sign * lengthOf(part);
      sums.textTerms += sign * part.text.length;
      collections.set(part.collection, sums);
    },
  };
};
type Tally = ReturnType<typeof createTally>;

const writeCounts = async (
  connection: Queryable,
  { terms, collections }: Tally,
  names: ReadonlyMap<number, string>,
) => {
  const changed = [...terms.values()].filter(({ items }) => items !== 0);
  if (changed.length > 0) {
    await connection.query(
      `insert into text_vocabulary as v (collection, hash, term, items)
       select * from unnest($1::int[], $2::int[], $3::text[], $4::int[])
       on conflict (collection, hash) do update set items = v.items + excluded.items`,
      [
        changed.map(({ collection }) => collection),
        changed.map(({ hash }) => hash),
        changed.map(({ hash }) => names.get(hash) ?? ""),
        changed.map(({ items }) => items),
      ],
      "text_vocabulary_count",
    );
  }
  const fewer = changed.filter(({ items }) => items < 0);
  if (fewer.length > 0) {
    await connection.query(
      `delete from text_vocabulary v using unnest($1::int[], $2::int[]) as gone (collection, hash)
       where v.collection = gone.collection and v.hash = gone.hash and v.items <= 0`,
      [fewer.map(({ collection }) => collection), fewer.map(({ hash }) => hash)],
      "text_vocabulary_forget",
    );
  }
  const sums = [...collections];
  await connection.query(
    `update text_collections c set items = c.items + d.items, terms = c.terms + d.terms, text_terms = c.text_terms + d.text_terms
     from unnest($1::int[], $2::int[], $3::int[], $4::int[]) as d (id, items, terms, text_terms) where c.id = d.id`,
    [
      sums.map(([id]) => id),
      sums.map(([, sum]) => sum.items),
      sums.map(([, sum]) => sum.terms),
      sums.map(([, sum]) => sum.textTerms),
    ],
    "text_collections_count",
  );
};

/**
 * Brings the full-text index to the state of `items`, on the caller's transaction: new ones come in, changed ones replace what
 * was there, `gone` (ids) leave; the same again changes nothing.
 *
 * @returns how many parts came and went.
 */
export const indexTexts = async (
  connection: Queryable,
  items: readonly TextItem[],
  gone: readonly string[] = [],
): Promise<{ readonly added: number; readonly removed: number }> => {
  if (items.length + gone.length === 0) return { added: 0, removed: 0 };
  await lockIndex(connection);
  const collections = await collectionIds(connection, items);
  const names = new Map<number, string>();
  const wanted = new Map<string, NewIndexedPart>();
  for (const item of items) {
    const place = {
      collection: collections.get(`${item.kind} ${item.scopeKey}`) ?? 0,
      item: keyOf(item.id),
      parent: keyOf(item.parent),
      position: item.position,
      minutes: Math.floor((item.time?.getTime() || 0) / 60_000),
    };
    for (const part of itemTerms(item)) {
      for (const term of [...part.text, ...part.about]) if (term !== "") names.set(hashTerm(term), term);
      wanted.set(`${item.id} ${part.part}`, toIndexedPart(place, part));
    }
  }

  const stored = await connection.query<{ seq: string; item: string; part: number; packed: Uint8Array }>(
    "select seq, item, part, packed from text_items where item = any ($1::uuid[])",
    [[...items.map(({ id }) => id), ...gone]],
    "text_items_of",
  );
  const tally = createTally();
  const leaving: { seq: number; collection: number; hash: number }[] = [];
  const leavingSeqs: number[] = [];
  for (const row of stored) {
    const key = `${row.item} ${row.part}`;
    const fresh = wanted.get(key);
    const seq = Number(row.seq);
    if (fresh && packPart(seq, fresh).equals(row.packed)) {
      wanted.delete(key);
      continue;
    }
    const [old] = unpackParts(row.packed);
    if (!old) continue;
    const counts = frequencies(old);
    tally.add(old, counts, -1);
    leavingSeqs.push(seq);
    for (const hash of counts.keys()) leaving.push({ seq, collection: old.collection, hash });
  }
  if (leavingSeqs.length > 0) {
    await connection.query("delete from text_items where seq = any ($1::bigint[])", [leavingSeqs], "text_items_drop");
    await connection.query(
      `delete from text_postings p using unnest($1::int[], $2::int[], $3::bigint[]) as gone (collection, term, seq)
       where p.collection = gone.collection and p.term = gone.term and p.seq = gone.seq`,
      [leaving.map(({ collection }) => collection), leaving.map(({ hash }) => hash), leaving.map(({ seq }) => seq)],
      "text_postings_drop",
    );
  }
  await addParts(connection, [...wanted.values()], tally);
  if (tally.collections.size > 0) await writeCounts(connection, tally, names);
  return { added: wanted.size, removed: leavingSeqs.length };
};

const addParts = async (connection: Queryable, parts: readonly NewIndexedPart[], tally: Tally): Promise<void> => {
  if (parts.length === 0) return;
  const numbers = await connection.query<{ seq: string }>(
    "select nextval('text_items_seq_seq') as seq from generate_series(1, $1)",
    [parts.length],
    "text_items_number",
  );
  const postings = {
    collection: [] as number[],
    term: [] as number[],
    seq: [] as number[],
    frequency: [] as number[],
    length: [] as number[],
  };
  const seqs = numbers.map(({ seq }) => Number(seq));
  parts.forEach((part, index) => {
    const counts = frequencies(part);
    tally.add(part, counts, 1);
    const length = Math.min(lengthOf(part), 32_767);
    for (const [term, frequency] of counts) {
      postings.collection.push(part.collection);
      postings.term.push(term);
      postings.seq.push(seqs[index]!);
      postings.frequency.push(Math.min(frequency, 32_767));
      postings.length.push(length);
    }
  });
  await connection.query(
    `insert into text_items (seq, collection, item, part, parent, position, packed)
     select seq, collection, item, part, parent, place, decode(packed, 'base64')
     from unnest($1::bigint[], $2::int[], $3::text[]::uuid[], $4::int[], $5::text[]::uuid[], $6::int[], $7::text[])
       as given (seq, collection, item, part, parent, place, packed)`,
    [
      seqs,
      parts.map(({ collection }) => collection),
      parts.map(({ item }) => Buffer.from(item, "latin1").toString("hex")),
      parts.map(({ part }) => part),
      parts.map(({ parent }) => Buffer.from(parent, "latin1").toString("hex")),
      parts.map(({ position }) => position),
      parts.map((part, index) => packPart(seqs[index]!, part).toString("base64")),
    ],
    "text_items_add",
  );
  await connection.query(
    `insert into text_postings (collection, term, seq, frequency, length)
     select * from unnest($1::int[], $2::int[], $3::bigint[], $4::int[], $5::int[])`,
    [postings.collection, postings.term, postings.seq, postings.frequency, postings.length],
    "text_postings_add",
  );
};
