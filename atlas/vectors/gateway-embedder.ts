import { createPermit } from "../../platform/egress/create-permit.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import type { ModelGateway } from "../../platform/models/model-gateway.ts";
import type { SearchableEmbedder } from "./embedder.ts";

/** As much of the gateway as embedding needs. */
export interface EmbedsTexts {
  embed(request: Parameters<ModelGateway["embed"]>[0]): Promise<{ readonly vectors: readonly ArrayLike<number>[] }>;
}

/** Texts of one call. */
const atOnce = 64;
/** Measured with no model; a model that reads texts finds what no word tells, and full text what it confuses. */
const weight = 0.4;

/** Short texts of which no two have to do with each other: how alike a model finds them is how alike it finds anything. */
const unrelated = [
  "The bakery on the corner opens at six in the morning.",
  "Restart the database before you install the update.",
  "Penguins keep their eggs warm on their feet.",
  "My sister plays the cello in an orchestra.",
  "The train to the coast was delayed by snow.",
  "Interest rates rose by a quarter of a per cent.",
];

const cosine = (left: ArrayLike<number>, right: ArrayLike<number>): number => {
  let sum = 0;
  for (let index = 0; index < left.length; index += 1) sum += (left[index] ?? 0) * (right[index] ?? 0);
  return sum;
};

const backgroundOf = (vectors: readonly ArrayLike<number>[]): number => {
  const pairs = vectors.flatMap((left, place) => vectors.slice(place + 1).map((right) => cosine(left, right)));
  const mean = pairs.reduce((sum, value) => sum + value, 0) / pairs.length;
  const deviation = Math.sqrt(pairs.reduce((sum, value) => sum + (value - mean) ** 2, 0) / pairs.length);
  return Math.min(0.95, mean + 2 * deviation);
};

/**
 * An embedding model of the gateway. It is asked for some fixed texts first, which tell its dimension.
 * @throws {AppError} as `ModelGateway.embed`; PROVIDER_SERVER_ERROR (retryable) for vectors that are none.
 */
export const openGatewayEmbedder = async (
  models: EmbedsTexts,
  model: string,
  signal?: AbortSignal,
): Promise<SearchableEmbedder> => {
  const ask = async (
    texts: readonly string[],
    dimension: number | undefined,
    stop = new AbortController().signal,
    // Whose mode is not known stays on this machine.
    permit = createPermit({ class: "local-only", confidential: true }),
  ): Promise<readonly ArrayLike<number>[]> => {
    const vectors: ArrayLike<number>[] = [];
    for (let from = 0; from < texts.length; from += atOnce) {
      const answer = await models.embed({ model, inputs: texts.slice(from, from + atOnce), permit, signal: stop });
      vectors.push(...answer.vectors);
    }
    const length = dimension ?? vectors[0]?.length ?? 0;
    if (vectors.length !== texts.length || vectors.some((vector) => !isVector(vector, length))) {
      throw new AppError(
        "PROVIDER_SERVER_ERROR",
        `'${model}' gave vectors of another kind than before; 'athena atlas reindex' makes all anew.`,
      );
    }
    return vectors;
  };
  // Nobody's words: as the registry's examples.
  const samples = await ask(unrelated, undefined, signal, createPermit({ class: "full", confidential: false }));
  const dimension = samples[0]?.length ?? 0;
  return {
    model,
    dimension,
    background: backgroundOf(samples),
    weight,
    candidates: 100,
    embed: (texts, stop, permit) => ask(texts, dimension, stop, permit as Parameters<typeof ask>[3]),
  };
};

const isVector = (vector: ArrayLike<number>, length: number): boolean =>
  length > 0 && vector.length === length && Array.prototype.every.call(vector, Number.isFinite);
