import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { IntentExampleRow, PromptRow, Registry, RegistrySource } from "../../../platform/config/registry.ts";

const read = (name: string): unknown =>
  parse(readFileSync(new URL(`../../../migrations/defaults/${name}`, import.meta.url), "utf8"));

export const exampleLocales = ["en", "pl", "uk", "he"] as const;

/** The default examples as rows. */
export const defaultExamples = (): IntentExampleRow[] =>
  exampleLocales.flatMap((locale) =>
    Object.entries(read(`examples.${locale}.yaml`) as Record<string, string[]>).flatMap(([intent, texts]) =>
      texts.map((text) => ({ intent, locale, text })),
    ),
  );

/** The default sentences. */
export const defaultPrompts = (): PromptRow[] => read("prompts.yaml") as PromptRow[];

/** The registry as it is on a fresh installation, as far as understanding reads it. */
export const defaultRegistry = (): Registry => ({
  revision: "defaults",
  intents: read("intents.yaml") as Registry["intents"],
  patterns: read("patterns.yaml") as Registry["patterns"],
  examples: defaultExamples(),
  multiIntentRules: read("multi-intent-rules.yaml") as Registry["multiIntentRules"],
  validationRules: [],
  services: [],
  prompts: [],
  modelAliases: [],
  clientProfiles: [],
  crews: [],
});

/** A source whose rows a test can change. */
export const registrySourceOf = (first: Registry): RegistrySource & { change(registry: Registry): void } => {
  let registry = first;
  const listeners = new Set<(registry: Registry) => void>();
  return {
    current: () => registry,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    change(next) {
      registry = next;
      for (const listener of listeners) listener(next);
    },
  };
};

export const silentLogger = { info: () => undefined, warn: () => undefined };
