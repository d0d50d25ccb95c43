import type { Queryable } from "../platform/db/database.ts";
import { wantsWholeHistory } from "./deep/wants-whole-history.ts";
import type { PlaintextRule } from "./follow/plaintext-rule.ts";
import { keyOf, uuidOf } from "./index/packed-item.ts";
import { askSources } from "./recall/ask-sources.ts";
import { askTerms } from "./recall/ask-terms.ts";
import { boost } from "./recall/boost.ts";
import { createBreather } from "./recall/breather.ts";
import type { CandidateSource } from "./recall/candidate-source.ts";
import { dropRepeated } from "./recall/drop-repeated.ts";
import { fitBudget } from "./recall/fit-budget.ts";
import { fuse } from "./recall/fuse.ts";
import { type LocalTexts, readLocalTexts } from "./recall/local-texts.ts";
import { onceEach } from "./recall/once-each.ts";
import { type Ranked, rank } from "./recall/rank.ts";
import { type Fragment, readFragments, type SeenBy } from "./recall/read-fragments.ts";
import { searchIndex } from "./recall/search-index.ts";
import { createTermStatistics } from "./recall/term-statistics.ts";
import { weighTerms } from "./recall/weigh-terms.ts";
import type { ThreadCipher } from "./thread-cipher.ts";
import type { Recall, Recalled, RecallRequest } from "./timeline.ts";

export interface RecallDeps {
  readonly database: Queryable;
  readonly cipher: Pick<ThreadCipher, "encrypt" | "decrypt">;
  /** What may be found in clear beside the index: what may be indexed. */
  readonly rule?: PlaintextRule;
  /** Asked beside full text, at the same time. */
  readonly sources?: readonly CandidateSource[];
  /** The deep core: asked when the whole history is meant, or when what was found is weak. */
  readonly deep?: CandidateSource | undefined;
  readonly now?: () => Date;
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const uuidOrNull = (id: string | undefined): string | null =>
  id !== undefined && uuid.test(id) ? id.toLowerCase() : null;
/** What repetition, rights and the budget may take away. */
const spare = 10;
/** Where the best find covers less of the query, what was found is weak. */
const weakCoverage = 0.5;

/**
 * Recall over messages and documents: candidates by full text and by the given sources, ranked exactly, joined, nearly equal
 * texts once. What is not indexed yet is read beside the index, so that a message is found as soon as it is stored. Inside a
 * confidential thread its own messages are decrypted in process and searched too; other confidential threads never are.
 */
export const createRecall = ({
  database,
  cipher,
  rule = "scoped",
  sources = [],
  deep,
  now = () => new Date(),
}: RecallDeps): Recall => {
  const statistics = createTermStatistics({ database });

  const searchText = async (
    request: RecallRequest,
    seenBy: SeenBy,
    threadId: string | null,
    excluded: string | null,
    meanwhile: () => void,
  ): Promise<{ readonly ranked: readonly Ranked[]; readonly local: LocalTexts; readonly hasChunks: boolean }> => {
    const { kinds = ["message", "document"], service } = request;
    const breathe = createBreather(request.signal);
    const { terms, pairs } = askTerms(request.query);
    const withMessages = kinds.includes("message") && service === undefined;
    const asked = terms.flatMap(({ hash, otherHash }) => (otherHash === undefined ? [hash] : [hash, otherHash]));
    const nothing: LocalTexts = { parts: [], found: new Map(), meanLength: 12, messages: new Map() };
    if (terms.length === 0) return { ranked: [], local: nothing, hasChunks: false };
    // First what is not indexed, then the index: what is indexed in between is in both, never in neither.
    const local = withMessages
      ? await readLocalTexts({ database, cipher, rule }, seenBy, threadId, excluded, breathe)
      : nothing;
    const counts = await statistics.begin(
      seenBy,
      [...(withMessages ? ["message" as const] : []), ...(kinds.includes("document") ? ["chunk" as const] : [])],
      service,
      asked,
    );
    await breathe();
    const weights = await weighTerms(database, counts, terms, (hash) => local.found.has(hash));
    const searching = searchIndex(database, counts, weights);
    meanwhile();
    const found = await searching;
    await breathe();

    const excludedKey = excluded === null ? undefined : keyOf(excluded);
    const localKeys = new Set(local.parts.map(({ item }) => item));
    const indexed = found.parts.filter(({ item }) => item !== excludedKey && !localKeys.has(item));
    const bySeq = new Map(indexed.map((part) => [part.seq, part]));
    const candidates = found.seqs.flatMap((seq) => bySeq.get(seq) ?? []);
    const fresh = local.parts.filter(
      ({ text, about }) => text.some((hash) => weights.has(hash)) || about.some((hash) => weights.has(hash)),
    );
    const ranked = await rank({
      counts,
      weights,
      pairs,
      candidates: [...fresh, ...candidates],
      parts: [...indexed, ...local.parts],
      neighbours: request.neighbours ?? false,
      local: { ...local, parts: local.parts.length },
      learn: (hashes) => statistics.learn(counts, hashes),
      breathe,
    });
    return { ranked, local, hasChunks: counts.collections.some(({ kind }) => kind === "chunk") };
  };

  return async function recall(request) {
    const { principal, threadId, excludeMessageId, scope, limit, budgetTokens, service, signal } = request;
    signal?.throwIfAborted();
    if (limit < 1) return [];
    const thread = uuidOrNull(threadId);
    const excluded = uuidOrNull(excludeMessageId);
    const seenBy: SeenBy = [principal.id, scope ?? null];
    const mayAsk = deep === undefined ? "never" : (request.deep ?? "auto");
    const asksDeep = mayAsk === "always" || (mayAsk === "auto" && wantsWholeHistory(request.query));
    const askDeep = () => (deep ? askSources([deep], request, thread) : []);
    const askAll = () => Promise.all([askSources(sources, request, thread), asksDeep ? askDeep() : undefined]);
    // Others are asked while the index is searched, which takes longest: at once they would only hold up what comes before it.
    let asked: ReturnType<typeof askAll> | undefined;
    const askOnce = () => {
      asked ??= askAll();
      asked.catch(() => undefined); // Thrown where it is waited for.
      return asked;
    };
    const { ranked, local, hasChunks } = await searchText(request, seenBy, thread, excluded, askOnce);
    const [near, far] = await askOnce();
    signal?.throwIfAborted();
    const isWeak = (ranked[0]?.coverage ?? 0) < weakCoverage;
    const finds = [...near, ...(far ?? (mayAsk === "auto" && isWeak ? await askDeep() : []))];
    const given = new Map<string, Fragment>();
    for (const source of finds) for (const { id, fragment } of source.finds) if (fragment) given.set(id, fragment);
    const shares = new Map(
      finds.flatMap(({ scale, finds }) => (scale ? finds.map(({ id, score }) => [id, score] as const) : [])),
    );
    const findsTexts = finds.some((source) => source.finds.some(({ fragment }) => fragment === undefined));

    const boosted = onePerItem(boost(ranked, thread === null ? undefined : keyOf(thread), now()));
    const parts = new Map(boosted.map((entry) => [uuidOf(entry.part.item), entry]));
    const others = fuse(
      [...parts].map(([id, { score }]) => ({ id, score })),
      finds,
    ).filter(({ id }) => id !== excluded && (excluded === null || given.get(id)?.messageId !== excluded));
    const fused = dropRepeated(others, limit + spare, ({ id }) => parts.get(id)?.part.text);
    const mayHold = {
      chunks: hasChunks || findsTexts,
      messages: service === undefined,
      summaries: service === undefined && finds.some(({ name }) => name === "summary"),
    };
    const missing = fused.flatMap(({ id }) => (local.messages.has(id) || given.has(id) ? [] : [id]));
    const read = await readFragments(database, missing, seenBy, service ?? null, mayHold);
    signal?.throwIfAborted();

    const highest = fused[0]?.score ?? 1;
    const coverage = parts.get(fused[0]?.id ?? "")?.coverage ?? shares.get(fused[0]?.id ?? "") ?? 1;
    const fragments = fused.flatMap(({ id, score, layer }): Recalled[] => {
      const fragment = localFragment(local, id) ?? given.get(id) ?? read.get(id);
      return fragment ? [{ ...fragment, layer, score: Math.min(1, (coverage * score) / highest) }] : [];
    });
    return fitBudget(onceEach(fragments), budgetTokens).slice(0, limit);
  };
};

/** Of a long text's parts the best one stands for it. */
const onePerItem = (ranked: readonly Ranked[]): Ranked[] => {
  const seen = new Set<string>();
  return ranked.filter(({ part }) => !seen.has(part.item) && seen.add(part.item));
};

const localFragment = ({ messages }: LocalTexts, id: string): Fragment | undefined => {
  const message = messages.get(id);
  if (!message) return undefined;
  const { threadId, position, author, role, content, createdAt } = message;
  return { messageId: id, threadId, position, author, role, content, createdAt };
};
