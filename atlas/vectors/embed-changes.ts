import type { Logger } from "pino";
import { createPermit } from "../../platform/egress/create-permit.ts";
import type { EgressPermit } from "../../platform/egress/egress.ts";
import { askApart, harmlessText } from "../ask-apart.ts";
import type { ChangedChunk, ChangedMessage } from "../follow/changes.ts";
import { mayBeIndexed, type PlaintextRule } from "../follow/plaintext-rule.ts";
import { cutText } from "./cut-text.ts";
import type { SearchableEmbedder } from "./embedder.ts";
import { isLasting } from "./hot-window.ts";
import type { VectorItem } from "./vector-store.ts";

/** Texts of one call; what is refused is found by halving. */
const atOnce = 32;
const longestTitle = 300;

/** A text whose parts are to be embedded, and whether they may leave this machine. */
interface Pending {
  readonly item: Omit<VectorItem, "vectors">;
  readonly parts: readonly string[];
  readonly staysHere: boolean;
}

export interface EmbedChangesDeps {
  readonly rule: PlaintextRule;
  readonly logger: Pick<Logger, "warn">;
}

const pendingMessage = (message: ChangedMessage, rule: PlaintextRule): Pending => ({
  item: {
    id: message.id,
    kind: "message",
    parent: message.threadId,
    scopeKey: message.scopeKey,
    service: null,
    createdAt: message.createdAt,
    lasting: isLasting(message),
  },
  parts: cutText(message.content ?? ""),
  // What may not be indexed in clear may still have vectors, of a model on this machine.
  staysHere: !mayBeIndexed(rule, message.scopeKey, true),
});

const pendingChunk = (chunk: ChangedChunk, rule: PlaintextRule, now: Date): Pending => {
  const title = [...new Set([chunk.title, ...chunk.headingPath])].join(" – ").slice(0, longestTitle).toWellFormed();
  return {
    item: {
      id: chunk.id,
      kind: "chunk",
      parent: chunk.documentId,
      scopeKey: chunk.scopeKey,
      service: chunk.service,
      createdAt: now,
      lasting: true,
    },
    parts: cutText(chunk.content).map((part) => `${title}\n${part}`),
    staysHere: !mayBeIndexed(rule, chunk.scopeKey, true),
  };
};

/**
 * Embeds messages and chunks, in batches. A text that the model refuses has no vector; the others do.
 * @throws {AppError} as `Embedder.embed` when the model cannot be reached, or refuses everything.
 */
export const createEmbedChanges = ({ rule, logger }: EmbedChangesDeps) => {
  const embedTexts = (
    embedder: SearchableEmbedder,
    texts: readonly string[],
    permit: EgressPermit,
    signal: AbortSignal,
  ): Promise<readonly (ArrayLike<number> | undefined)[]> =>
    askApart<ArrayLike<number>>(texts, {
      ask: (some) => embedder.embed(some, signal, permit),
      probe: () => embedder.embed([harmlessText], signal, permit),
      signal,
      onRefused: ({ code }) => {
        if (code === "EGRESS_BLOCKED") return;
        logger.warn({ code, model: embedder.model }, "the embedding model refuses a text; it has no vector");
      },
    });

  return async function embedChanges(
    embedder: SearchableEmbedder,
    messages: readonly ChangedMessage[],
    chunks: readonly ChangedChunk[],
    signal: AbortSignal,
  ): Promise<VectorItem[]> {
    const now = new Date();
    // Open content, which the operator sends to the model by configuring it; what must stay here has a permit that says so. Of
    // this call only: a permit keeps its receipt.
    const open = createPermit({ class: "full", confidential: false });
    const here = createPermit({ class: "local-only", confidential: true });
    const { words } = embedder;
    const pending = [
      ...messages.map((message) => pendingMessage(message, rule)),
      ...chunks.map((chunk) => pendingChunk(chunk, rule, now)),
    ].map((entry) => ({
      ...entry,
      parts: words ? entry.parts.filter((part) => words.of(part).length > 0) : entry.parts,
    }));
    const vectors = new Map<Pending, (ArrayLike<number> | undefined)[]>(pending.map((entry) => [entry, []]));
    for (const staysHere of [false, true]) {
      const texts = pending
        .filter((entry) => entry.staysHere === staysHere)
        .flatMap((entry) => entry.parts.map((text) => ({ entry, text })));
      for (let from = 0; from < texts.length; from += atOnce) {
        const batch = texts.slice(from, from + atOnce);
        const permit = staysHere ? here : open;
        const embedded = await embedTexts(
          embedder,
          batch.map(({ text }) => text),
          permit,
          signal,
        );
        batch.forEach(({ entry }, place) => void vectors.get(entry)?.push(embedded[place]));
      }
    }
    return pending.map((entry) => ({
      ...entry.item,
      vectors: (vectors.get(entry) ?? []).filter((vector) => vector !== undefined),
    }));
  };
};
