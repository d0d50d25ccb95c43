import { createCrewTools } from "../../tools/crew-tool-list.ts";
import { createTools } from "../../tools/tool-list.ts";
import type { CrewParts } from "../../workflows/crews/check-crew.ts";
import { guardrailFunctions } from "../../workflows/task-work/guardrails/guardrail-functions.ts";
import { ways } from "../../workflows/task-work/ways/way-list.ts";

const unused = (): never => {
  throw new Error("This list of tools is for their names only.");
};

/** Services of this version: a crew may name one that is switched off, which then finds nothing. */
export const serviceNames = [
  "weather",
  "airports",
  "sports",
  "events",
  "streaming",
  "news",
  "stocks",
  "search",
] as const;

/** Names of all tools of this version, whatever is set up. */
export const toolNames: readonly string[] = [
  ...createTools({
    places: { resolve: unused },
    recall: unused,
    jobs: { get: unused, list: unused, cancel: unused, conversation: unused },
  }),
  ...createCrewTools({ readActivity: unused, readSystem: unused, database: { transaction: unused } }),
].map(({ name }) => name);

const direct = /^(?:openai|ollama)\/\S+$/;

/** What crews may name: tools and services (of this version, and what else there is), aliases of models and models by their provider, guardrails, ways. */
export const crewPartsOf = (names: {
  readonly tools: Iterable<string>;
  readonly aliases: ReadonlySet<string>;
}): CrewParts => ({
  tools: new Set([...toolNames, ...serviceNames, ...names.tools]),
  models: { has: (name) => names.aliases.has(name) || direct.test(name) },
  guardrails: guardrailFunctions,
  ways,
});
