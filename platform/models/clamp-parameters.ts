import type { ProviderRequest } from "./provider.ts";

type Sampling = Pick<
  ProviderRequest,
  "temperature" | "topP" | "maxTokens" | "presencePenalty" | "frequencyPenalty" | "seed" | "stop" | "contextLength"
>;

const clamp = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value));

/** Sampling inside the bounds that providers accept; what is no finite number is left out. */
export const clampParameters = (request: Sampling): Sampling => {
  const within = (value: number | undefined, least: number, most: number, whole = false): number | undefined => {
    if (value === undefined || !Number.isFinite(value)) return undefined;
    return clamp(whole ? Math.trunc(value) : value, least, most);
  };
  const clamped = {
    temperature: within(request.temperature, 0, 2),
    topP: within(request.topP, 0, 1),
    maxTokens: within(request.maxTokens, 1, 2 ** 31 - 1, true),
    contextLength: within(request.contextLength, 1, 2 ** 31 - 1, true),
    presencePenalty: within(request.presencePenalty, -2, 2),
    frequencyPenalty: within(request.frequencyPenalty, -2, 2),
    seed: within(request.seed, -(2 ** 53 - 1), 2 ** 53 - 1, true),
    stop: request.stop?.some((text) => text !== "") ? request.stop.filter((text) => text !== "") : undefined,
  };
  return Object.fromEntries(Object.entries(clamped).filter(([, value]) => value !== undefined));
};
