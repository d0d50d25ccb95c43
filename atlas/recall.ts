import type { Queryable } from "../platform/db/database.ts";
import { storableText } from "../platform/db/storable.ts";
import { matchTerms, meaningfulWords, stemOf, type Term } from "./recall-words.ts";
import type { ThreadCipher } from "./thread-cipher.ts";
import type { Message, Recall } from "./timeline.ts";
import { type MessageRow, toMessage } from "./timeline-rows.ts";

export interface RecallDeps {
  readonly database: Queryable;
  readonly cipher: Pick<ThreadCipher, "encrypt" | "decrypt">;
  /** How many messages full text hands over for the final ranking. */
  readonly candidates?: number;
  /** How many of a confidential thread's newest messages are decrypted and searched. */
  readonly ownMessages?: number;
}

type Candidate = MessageRow & { readonly thread_id: string; readonly wrapped_key: Uint8Array | null };

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const mostTerms = 24;
const columns =
  "m.id, m.thread_id, m.position, m.role, m.author, m.content, m.ciphertext, m.created_at, m.meta, t.wrapped_key";

// What a confidential thread said in clear before it turned confidential stays inside it.
const fullText = `
  select ${columns} from messages m join threads t on t.id = m.thread_id, to_tsquery('simple', $2) asked
  where m.search @@ asked and t.owner = $1 and (t.mode = 'open' or t.id = $3) and m.role <> 'system' and m.id is distinct from $4
  order by ts_rank(m.search, asked) desc, m.created_at desc limit $5`;

const ownEncrypted = `
  select ${columns} from threads t join messages m on m.thread_id = t.id
  where t.id = $2 and t.owner = $1 and m.ciphertext is not null and m.role <> 'system' and m.id is distinct from $3
  order by m.position desc limit $4`;

/** Rare terms count more: what nearly every candidate holds says little. */
const termWeights = (matches: readonly (readonly number[])[], terms: number): number[] =>
  Array.from({ length: terms }, (_, index) => {
    const holders = matches.filter((match) => match[index]! > 0).length;
    return Math.log(1 + (matches.length + 1) / (holders + 0.5));
  });

/**
 * Recall by full text: up to `limit` messages of the principal's threads that hold words of the query (or other forms of them), best
 * first; `score` is the weighted share of the query's words found, 0–1. Inside a confidential thread its own messages are
 * decrypted in process and searched too; other confidential threads never are.
 */
export const createRecall = ({ database, cipher, candidates = 200, ownMessages = 500 }: RecallDeps): Recall =>
  async function recall({ principal, query, threadId, excludeMessageId, limit, signal }) {
    signal?.throwIfAborted();
    const terms: Term[] = meaningfulWords(storableText(query))
      .slice(0, mostTerms)
      .map((word) => ({ word, stem: stemOf(word) }));
    if (terms.length === 0 || limit < 1) return [];
    const thread = threadId !== undefined && uuid.test(threadId) ? threadId : null;
    const excluded = excludeMessageId !== undefined && uuid.test(excludeMessageId) ? excludeMessageId : null;
    const asked = terms.map(({ stem }) => `'${stem}':*`).join(" | ");

    const [open, own] = await Promise.all([
      database.query<Candidate>(fullText, [principal.id, asked, thread, excluded, candidates], "recall_full_text"),
      thread === null
        ? []
        : database.query<Candidate>(ownEncrypted, [principal.id, thread, excluded, ownMessages], "recall_own"),
    ]);
    signal?.throwIfAborted();

    const found: Message[] = [...open, ...own].map((row) => toMessage(cipher, row.thread_id, row.wrapped_key, row));
    const matches = found.map((message) => matchTerms(terms, message.content));
    const weights = termWeights(matches, terms.length);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return found
      .map((message, index) => {
        const held = matches[index]!.reduce((sum, match, term) => sum + match * weights[term]!, 0);
        return {
          messageId: message.id,
          threadId: message.threadId,
          author: message.author,
          role: message.role,
          content: message.content,
          createdAt: message.createdAt,
          score: held / total,
        };
      })
      .filter((fragment) => fragment.score > 0)
      .sort((left, right) => right.score - left.score || right.createdAt.localeCompare(left.createdAt))
      .slice(0, limit);
  };
