import { setImmediate } from "node:timers/promises";
import type { Queryable } from "../platform/db/database.ts";
import { storableText } from "../platform/db/storable.ts";
import { matchTerms, meaningfulWords, stemOf, type Term } from "./recall-words.ts";
import type { ThreadCipher } from "./thread-cipher.ts";
import type { Message, Recall, Recalled } from "./timeline.ts";
import { type MessageRow, toMessage } from "./timeline-rows.ts";
import { isUuid } from "./uuid.ts";

export interface RecallDeps {
  readonly database: Queryable;
  readonly cipher: Pick<ThreadCipher, "encrypt" | "decrypt">;
  /** How many messages full text hands over for the final ranking. */
  readonly candidates?: number;
  /** How many of a confidential thread's newest messages are decrypted and searched. */
  readonly ownMessages?: number;
}

/** A message and how much of each term it holds (see `matchTerms`). */
interface Candidate {
  readonly id: string;
  readonly createdAt: number;
  readonly held: readonly number[];
  /** Set when it had to be decrypted anyway. */
  readonly message?: Message;
}

type FoundRow = { readonly id: string; readonly created_at: string | Date; readonly held: readonly number[] };
type ReadRow = MessageRow & { readonly thread_id: string; readonly wrapped_key: Uint8Array | null };

const mostTerms = 24;
/** Full text knows no longer words. */
const longestWord = 200;
/** Longest stretch of decrypting and matching before others get their turn. */
const busyMs = 8;
/** Characters of one text, and bytes of all texts, that are searched in process. */
const longestSearched = 20_000;
const mostSearched = 400_000;
/** Hits of the full-text index that are ranked. */
const mostRanked = 10_000;
const columns =
  "m.id, m.thread_id, m.position, m.role, m.author, m.content, m.ciphertext, m.created_at, m.meta, m.sealed_as, " +
  "m.revision_kind, m.revised_at, t.wrapped_key";

// What a confidential thread said in clear before it turned confidential stays inside it. No join, because without statistics
// (the embedded database gathers none by itself) the planner chose one that took seconds. Ranking is bounded to the newest
// hits, and contents are read only for what is shown in the end: candidates can be long.
const fullText = `
  with terms as materialized (
    select n, to_tsquery('simple', word) as exact, to_tsquery('simple', stem || ':*') as inflected
    from unnest($2::text[], $3::text[]) with ordinality as given (word, stem, n)
  ), hits as materialized (
    select id, created_at, search from searchable_messages
    where search @@ to_tsquery('simple', $4) and scope_key = any ((select scope_keys($1))::text[])
      and role <> 'system' and id is distinct from $6
      and thread_id not in (
        select id from threads
        where scope_key = any ((select scope_keys($1))::text[]) and mode = 'confidential' and id is distinct from $5)
    order by created_at desc limit ${mostRanked}
  ), found as materialized (
    select * from hits order by ts_rank(search, to_tsquery('simple', $4)) desc, created_at desc limit $7
  )
  select id, created_at, array(
    select case when search @@ exact then 1 when search @@ inflected then 0.7 else 0 end::float8 from terms order by n
  ) as held from found`;

const ownEncrypted = `
  select * from (
    select ${columns}, sum(least(length(m.ciphertext), ${longestSearched})) over (order by m.position desc) as searched
    from threads t join current_messages m on m.thread_id = t.id
    where t.id = $2 and (t.scope_key = any ((select scope_keys($1))::text[])) is true and m.ciphertext is not null and m.role <> 'system' and m.id is distinct from $3
    order by m.position desc limit $4
  ) newest where searched <= ${mostSearched}`;

const byIds = `select ${columns} from current_messages m join threads t on t.id = m.thread_id
  where m.id = any (array(select jsonb_array_elements_text($2::jsonb)::uuid))
    and m.scope_key = any ((select scope_keys($1))::text[]) and m.revision_kind is distinct from 'tombstone'`;

/** Rare terms count more: what nearly every candidate holds says little. */
const termWeights = (candidates: readonly Candidate[], terms: number): number[] =>
  Array.from({ length: terms }, (_, index) => {
    const holders = candidates.filter(({ held }) => held[index]! > 0).length;
    return Math.log(1 + (candidates.length + 1) / (holders + 0.5));
  });

const toRecalled = ({ id, threadId, author, role, content, createdAt }: Message, score: number): Recalled => ({
  messageId: id,
  threadId,
  author,
  role,
  content,
  createdAt,
  score,
});

/**
 * Recall by full text: up to `limit` messages that the principal sees and that hold words of the query (or other forms of
 * them), best first; `score` is the weighted share of the query's words found, 0–1. Inside a confidential thread its own
 * messages are decrypted in process and searched too; other confidential threads never are.
 */
export const createRecall = ({ database, cipher, candidates = 200, ownMessages = 500 }: RecallDeps): Recall => {
  const readMessage = (row: ReadRow): Message => toMessage(cipher, row.thread_id, row.wrapped_key, row);

  const findOpen = async (
    owner: string,
    terms: readonly Term[],
    thread: string | null,
    excluded: string | null,
  ): Promise<Candidate[]> => {
    const words = terms.map(({ word }) => word);
    const stems = terms.map(({ stem }) => stem);
    const asked = stems.map((stem) => `${stem}:*`).join(" | ");
    const values = [owner, words, stems, asked, thread, excluded, candidates];
    const rows = await database.query<FoundRow>(fullText, values, "recall_full_text");
    return rows.map((row) => ({ id: row.id, createdAt: new Date(row.created_at).getTime(), held: row.held }));
  };

  const findEncrypted = async (
    owner: string,
    terms: readonly Term[],
    thread: string,
    excluded: string | null,
  ): Promise<Candidate[]> => {
    const rows = await database.query<ReadRow>(ownEncrypted, [owner, thread, excluded, ownMessages], "recall_own");
    const found: Candidate[] = [];
    let busySince = performance.now();
    for (const row of rows) {
      if (performance.now() - busySince > busyMs) {
        await setImmediate();
        busySince = performance.now();
      }
      const message = readMessage(row);
      const held = matchTerms(terms, message.content.slice(0, longestSearched));
      if (held.some((part) => part > 0)) {
        found.push({ id: message.id, createdAt: new Date(message.createdAt).getTime(), held, message });
      }
    }
    return found;
  };

  return async function recall({ principal, query, threadId, excludeMessageId, limit, signal }) {
    signal?.throwIfAborted();
    const terms: Term[] = meaningfulWords(storableText(query.slice(0, longestSearched)))
      .filter((word) => word.length <= longestWord)
      .slice(0, mostTerms)
      .map((word) => ({ word, stem: stemOf(word) }));
    if (terms.length === 0 || limit < 1) return [];
    const thread = threadId !== undefined && isUuid(threadId) ? threadId : null;
    const excluded = excludeMessageId !== undefined && isUuid(excludeMessageId) ? excludeMessageId : null;

    const [open, encrypted] = await Promise.all([
      findOpen(principal.id, terms, thread, excluded),
      thread === null ? [] : findEncrypted(principal.id, terms, thread, excluded),
    ]);
    signal?.throwIfAborted();

    const all: Candidate[] = [...open, ...encrypted];
    const weights = termWeights(all, terms.length);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const best = all
      .map((candidate) => ({
        ...candidate,
        score: candidate.held.reduce((sum, part, term) => sum + part * weights[term]!, 0) / total,
      }))
      .sort((left, right) => right.score - left.score || right.createdAt - left.createdAt)
      .slice(0, limit);

    const missing = best.flatMap(({ id, message }) => (message ? [] : [id]));
    const rows =
      missing.length === 0
        ? []
        : await database.query<ReadRow>(byIds, [principal.id, JSON.stringify(missing)], "recall_by_ids");
    const read = new Map(rows.map((row) => [row.id, readMessage(row)]));
    signal?.throwIfAborted();
    return best.flatMap(({ id, message = read.get(id), score }) => (message ? [toRecalled(message, score)] : []));
  };
};
