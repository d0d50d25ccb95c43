import { createBreakers } from "../../platform/egress/breakers.ts";
import { createPermit, isReceiptingPermit } from "../../platform/egress/create-permit.ts";
import type { Egress, EgressPermit } from "../../platform/egress/egress.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import type { Metrics } from "../../platform/metrics/metrics.ts";
import { toUnitLength } from "../../platform/models/hashed-embedding.ts";
import { harmlessText } from "../ask-apart.ts";
import { type DeepEmbedReply, mostTexts } from "../deep/deep-embed.ts";
import { type AskCoreDeps, createAskCore } from "./ask-core.ts";
import type { SearchableEmbedder } from "./embedder.ts";
import { type EmbedsTexts, openGatewayEmbedder } from "./gateway-embedder.ts";
import { builtInModel, createHashedEmbedder } from "./hashed-embedder.ts";

export interface CoreEmbeddingDeps extends AskCoreDeps {
  /** Longest that the vector of a query is waited for. */
  readonly timeoutMs: number;
  /** The same for texts, for which nobody waits; default 30,000. */
  readonly textsMs?: number;
  readonly egress: Egress;
  readonly metrics: Pick<Metrics, "breakerOpen">;
  /** How long a core that failed is left alone; default 10,000. */
  readonly breakerOpenMs?: number;
}

/** A deep core that makes the vectors of this engine. */
export interface CoreEmbedding {
  /** Longest that a query waits for it. */
  readonly timeoutMs: number;
  /**
   * Asks the core for its model; the embedder is of this model only, also when the core has another one later.
   * @throws {AppError} UPSTREAM_UNAVAILABLE (retryable) while it is away
   */
  open(signal?: AbortSignal): Promise<SearchableEmbedder>;
  /** Whether a failure is one of the core. */
  isOwn(error: unknown): boolean;
}

/** Failures in a row after which the core is left alone. */
const threshold = 3;
/** A query is soon given up, and what is too slow for queries may be quick enough for texts: neither holds the other back. */
const breakerOf = { query: "core query embedding", texts: "core embedding" } as const;

/** What says nothing about anybody. */
const openPermit = () => createPermit({ class: "full", confidential: false });
const neverAborted = new AbortController().signal;

/** So many texts at a time as a core takes. */
const inBatches = async (
  texts: readonly string[],
  embed: (some: readonly string[]) => Promise<readonly ArrayLike<number>[]>,
): Promise<ArrayLike<number>[]> => {
  const vectors: ArrayLike<number>[] = [];
  for (let from = 0; from < texts.length; from += mostTexts) {
    vectors.push(...(await embed(texts.slice(from, from + mostTexts))));
  }
  return vectors;
};

/** Embeds by a deep core. Only open content goes there: what is confidential, or may not leave in clear, is held back here. */
export const createCoreEmbedding = (deps: CoreEmbeddingDeps): CoreEmbedding => {
  const { timeoutMs, textsMs = 30_000, egress, metrics, breakerOpenMs } = deps;
  const askCore = createAskCore(deps);
  const openMs = breakerOpenMs === undefined ? {} : { openMs: breakerOpenMs };
  const breakers = createBreakers({ metrics, threshold, ...openMs });
  const own = new WeakSet<object>();

  const allow = (permit: EgressPermit | undefined): void => {
    if (permit === undefined || permit.confidential || permit.class !== "full") {
      const rule = `${permit?.class ?? "unknown"}: only what is open goes to a core`;
      if (permit && isReceiptingPermit(permit)) {
        permit.record({ destination: "core", kind: "embedder", content: "sentence", decision: "held", rule });
      }
      throw new AppError("EGRESS_BLOCKED", "Only what is open goes to a core.");
    }
    // Never taken for local: where the core's model is this engine does not know.
    egress(permit, { kind: "embedder", name: "core", local: false }, "sentence");
  };

  const ask = async (
    what: keyof typeof breakerOf,
    texts: readonly string[],
    signal: AbortSignal = neverAborted,
    permit?: EgressPermit,
  ): Promise<DeepEmbedReply> => {
    allow(permit);
    const limitMs = what === "query" ? timeoutMs : textsMs;
    try {
      return await breakers.run(breakerOf[what], () => askCore({ texts, timeoutMs: limitMs, signal }));
    } catch (error) {
      if (error instanceof Error) own.add(error);
      throw error;
    }
  };

  /** As it is known from `open`; a core that has another one now makes vectors that fit no others here. */
  const vectorsOf = (reply: DeepEmbedReply, { model, dimension }: Pick<DeepEmbedReply, "model" | "dimension">) => {
    if (reply.model === model && reply.dimension === dimension) return reply.vectors.map(toUnitLength);
    const error = new AppError(
      "PROVIDER_SERVER_ERROR",
      "The core embeds with another model than before; 'athena atlas reindex' makes all vectors anew.",
    );
    own.add(error);
    throw error;
  };

  /** Hashed words are the same wherever they are made: queries are weighed here, and texts of a core that changed its model too. */
  const openBuiltIn = (dimension: number): SearchableEmbedder => {
    const here = createHashedEmbedder(dimension);
    return {
      ...here,
      embed: (texts, signal, permit) =>
        inBatches(texts, async (some) => {
          const reply = await ask("texts", some, signal, permit);
          const isSame = reply.model === builtInModel && reply.dimension === dimension;
          return isSame ? reply.vectors.map(toUnitLength) : here.embed(some, signal);
        }),
    };
  };

  return {
    timeoutMs,
    isOwn: (error) => typeof error === "object" && error !== null && own.has(error),
    async open(signal) {
      // Nobody's words.
      const first = await ask("texts", [harmlessText], signal, openPermit());
      if (first.model === builtInModel) return openBuiltIn(first.dimension);
      const models: EmbedsTexts = {
        embed: async ({ inputs, permit, signal: stop }) => ({
          vectors: await inBatches(inputs, async (some) => vectorsOf(await ask("texts", some, stop, permit), first)),
        }),
      };
      const embedder = await openGatewayEmbedder(models, first.model, signal);
      return {
        ...embedder,
        async embedQuery(query, stop, permit) {
          return vectorsOf(await ask("query", [query], stop, permit), first)[0];
        },
      };
    },
  };
};
