import type { ModelAliasRow } from "../config/registry.ts";
import { AppError } from "../errors/app-error.ts";
import { estimateTokens } from "./estimate-usage.ts";
import { hashedEmbedding, toUnitLength } from "./hashed-embedding.ts";
import { mapFailure } from "./map-failure.ts";
import type { ModelGateway, Usage } from "./model-gateway.ts";
import type { Candidate } from "./route.ts";
import { type TryCandidatesDeps, tryCandidates } from "./try-candidates.ts";

type EmbedRequest = Parameters<ModelGateway["embed"]>[0];

/** The built-in embedder, which needs no provider; a row of the registry under this name goes before it. */
const builtIn = "athena-embed";
const requestMs = 30_000;

const usageOf = (inputs: readonly string[]): Usage => ({
  promptTokens: inputs.reduce((sum, text) => sum + estimateTokens(text.length), 0),
  completionTokens: 0,
  estimated: true,
});

/**
 * Vectors of unit length, one per input, in order.
 * @throws {AppError} INVALID_INPUT for dimensions that the built-in embedder cannot give; else as `ModelGateway` says.
 */
export const embedTexts = async (
  request: EmbedRequest,
  candidatesOf: (name: string) => readonly Candidate[],
  deps: TryCandidatesDeps,
  aliases: readonly ModelAliasRow[],
): Promise<{ vectors: Float32Array[]; usage: Usage }> => {
  const { model, inputs, dimensions, permit, signal } = request;
  signal.throwIfAborted();
  if (model === builtIn && !aliases.some((row) => row.alias === builtIn && row.candidates.length > 0)) {
    return { vectors: inputs.map((text) => hashedEmbedding(text, dimensions)), usage: usageOf(inputs) };
  }
  const candidates = candidatesOf(model);
  if (inputs.length === 0) return { vectors: [], usage: usageOf(inputs) };
  if (candidates.some(({ local }) => !local)) {
    // What could not be checked is refused below, where the receipt says so.
    await permit.prepare(inputs, signal).catch(() => signal.throwIfAborted());
  }
  const raw = await tryCandidates(deps, {
    candidates,
    kind: "embedder",
    permit,
    signal,
    deadlineAt: performance.now() + requestMs,
    outgoing: (candidate) => (candidate.local ? inputs : inputs.map((text) => permit.conceal(text))),
    call: async (candidate, texts) => {
      const timeout = AbortSignal.timeout(requestMs);
      try {
        const either = AbortSignal.any([signal, timeout]);
        return await candidate.provider.embed(candidate.model, texts, dimensions, either);
      } catch (error) {
        signal.throwIfAborted();
        if (!timeout.aborted) throw error;
        throw mapFailure({ kind: "first-token" }, { provider: candidate.provider.name, model: candidate.model });
      }
    },
  });
  if (raw.length !== inputs.length || raw.some((vector) => vector.length === 0)) {
    throw new AppError("PROVIDER_SERVER_ERROR", "The provider gave another number of vectors than it was asked for.");
  }
  return { vectors: raw.map(toUnitLength), usage: usageOf(inputs) };
};
