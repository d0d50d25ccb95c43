import type { Logger } from "pino";
import type { ModelAliasRow, RegistrySource } from "../config/registry.ts";
import type { Settings } from "../config/settings.ts";
import { createBreakers } from "../egress/breakers.ts";
import type { Egress } from "../egress/egress.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { createProbeGate } from "./create-probe-gate.ts";
import { embedTexts } from "./embed-texts.ts";
import type { ModelGateway } from "./model-gateway.ts";
import { createModelList } from "./model-list.ts";
import { createOllamaProvider } from "./ollama-provider.ts";
import { createOpenAIProvider } from "./openai-provider.ts";
import type { Provider } from "./provider.ts";
import { resolveAnswerModel } from "./resolve-answer-model.ts";
import { type Candidate, isServedLocally, route } from "./route.ts";
import { streamChat } from "./stream-chat.ts";

export interface ModelGatewayDeps {
  readonly settings: Pick<
    Settings,
    "OPENAI_API_KEY" | "OPENAI_BASE_URL" | "OLLAMA_BASE_URL" | "ATHENA_MODEL" | "ATHENA_FIRST_TOKEN_SECONDS"
  >;
  /** Aliases and what is local; without it there are none. */
  readonly registry?: Pick<RegistrySource, "current">;
  readonly egress: Egress;
  readonly metrics: Pick<Metrics, "providerCalls" | "breakerOpen">;
  readonly logger?: Pick<Logger, "warn">;
  readonly fetch?: typeof globalThis.fetch;
  /** Longest silence in the middle of an answer; default 30,000. */
  readonly idleMs?: number;
  /** Longest conversation in characters; default 2,000,000. */
  readonly longestInput?: number;
  /** Before the first further try; default 250. */
  readonly firstPauseMs?: number;
  /** How long a breaker stays open; default 10,000. */
  readonly breakerOpenMs?: number;
}

const publicOpenAI = "https://api.openai.com/v1";

const createProviders = ({ settings, fetch = globalThis.fetch }: ModelGatewayDeps): Provider[] => {
  const { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL, OLLAMA_BASE_URL } = settings;
  const openaiUrl = OPENAI_BASE_URL ?? (apiKey === undefined ? undefined : publicOpenAI);
  return [
    ...(openaiUrl === undefined ? [] : [createOpenAIProvider({ url: openaiUrl, apiKey, fetch })]),
    ...(OLLAMA_BASE_URL === undefined ? [] : [createOllamaProvider({ url: OLLAMA_BASE_URL, fetch })]),
  ];
};

/**
 * Builds the gateway to the configured providers and settles which model writes answers.
 * @throws {AppError} CONFIG_INVALID naming ATHENA_MODEL when that cannot be told (a provider is waited for 3 s at most).
 */
export const createModelGateway = async (deps: ModelGatewayDeps): Promise<ModelGateway> => {
  const { settings, registry, egress, metrics, logger } = deps;
  const providers = createProviders(deps);
  const aliases = (): readonly ModelAliasRow[] => registry?.current().modelAliases ?? [];
  const breakers = createBreakers({
    metrics,
    ...(deps.breakerOpenMs !== undefined && { openMs: deps.breakerOpenMs }),
  });
  const breakerNames = new Set<string>();
  const list = createModelList({
    providers,
    breakers,
    breakerNames: () => breakerNames,
    isLocal: (id, provider) => isServedLocally(id, provider, aliases()),
  });

  // Names come from callers too: those that no provider and no alias lists share one breaker, so their number stays bounded.
  const breakerName = ({ id, provider, model }: Candidate): string => {
    const known = list.namesOf(provider.name).includes(model) || aliases().some((row) => row.candidates.includes(id));
    const name = known || id === answerModel ? id : `${provider.name}/other`;
    breakerNames.add(name);
    return name;
  };
  const candidatesOf = (name: string) => route(name, { providers, aliases: aliases(), namesOf: list.namesOf });
  const trying = {
    egress,
    breakers,
    gate: createProbeGate(),
    metrics,
    breakerName,
    firstPauseMs: deps.firstPauseMs ?? 250,
  };
  let answerModel: string | undefined;
  try {
    answerModel = await resolveAnswerModel({ asked: settings.ATHENA_MODEL, providers, aliases: aliases(), list });
  } catch (error) {
    list.close();
    throw error;
  }

  return {
    configured: answerModel !== undefined,
    answerModel,
    get answerModelLocal() {
      if (answerModel === undefined) return false;
      try {
        return candidatesOf(answerModel).some((candidate) => candidate.local);
      } catch (error) {
        // An alias that an operator has just removed: nothing local can be promised.
        logger?.warn({ error }, "The answer model is not in the registry any more.");
        return false;
      }
    },
    stream: (request) =>
      streamChat(request, candidatesOf, {
        ...trying,
        firstTokenMs: settings.ATHENA_FIRST_TOKEN_SECONDS * 1_000,
        idleMs: deps.idleMs ?? 30_000,
        longestInput: deps.longestInput ?? 2_000_000,
      }),
    embed: (request) => embedTexts(request, candidatesOf, trying, aliases()),
    models: () => list.models(),
    states: () => list.states(),
    close: async () => list.close(),
  };
};
