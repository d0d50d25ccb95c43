import type { Registry } from "../config/registry.ts";
import { AppError } from "../errors/app-error.ts";
import type { Provider } from "./provider.ts";

/** One model that may answer a request. */
export interface Candidate {
  /** `provider/model`. */
  readonly id: string;
  readonly provider: Provider;
  /** The provider's own name for it. */
  readonly model: string;
  readonly local: boolean;
}

export interface RouteDeps {
  readonly providers: readonly Provider[];
  readonly aliases: Registry["modelAliases"];
  /** Names that a provider is known to list, for matching without regard to case or `:latest`. */
  readonly namesOf: (provider: Provider["name"]) => readonly string[];
}

const settingOf = { openai: "OPENAI_BASE_URL or OPENAI_API_KEY", ollama: "OLLAMA_BASE_URL" } as const;

/** `openai/meta/llama` → `openai`, `meta/llama`; undefined when no provider's name stands in front. */
export const splitModelId = (id: string): { provider: Provider["name"]; model: string } | undefined => {
  const slash = id.indexOf("/");
  const provider = id.slice(0, slash);
  if ((provider !== "openai" && provider !== "ollama") || slash === id.length - 1) return undefined;
  return { provider, model: id.slice(slash + 1) };
};

/** Exactly, then without regard to case, then with or without `:latest`; a name that nobody lists is tried as it is. */
const matchName = (asked: string, names: readonly string[]): string => {
  const lower = asked.toLowerCase();
  return (
    names.find((name) => name === asked) ??
    names.find((name) => name.toLowerCase() === lower) ??
    names.find((name) => name.toLowerCase() === `${lower}:latest` || `${name.toLowerCase()}:latest` === lower) ??
    asked
  );
};

const sameName = (a: string, b: string): boolean =>
  a.toLowerCase().replace(/:latest$/, "") === b.toLowerCase().replace(/:latest$/, "");

/**
 * Whether a model is served locally: what the registry's rows that list it say (one `false` outweighs any `true`), else
 * whether its address is loopback.
 */
export const isServedLocally = (id: string, provider: Provider, aliases: Registry["modelAliases"]): boolean => {
  const rows = aliases.filter((row) => row.candidates.some((candidate) => sameName(candidate, id)));
  if (rows.some((row) => row.local === false)) return false;
  return rows.some((row) => row.local === true) || provider.local;
};

/**
 * The candidates that a name means, in order: an alias' list, or one `provider/model`. Candidates of providers that are
 * not configured are left out.
 * @throws {AppError} MODEL_NOT_FOUND for a name that means nothing; NOT_CONFIGURED when its providers are not set up.
 */
export const route = (name: string, { providers, aliases, namesOf }: RouteDeps): Candidate[] => {
  const alias = aliases.find((row) => row.alias === name);
  const ids = alias ? alias.candidates : [name];
  const wanted = ids.flatMap((id) => splitModelId(id) ?? []);
  if (wanted.length === 0) throw new AppError("MODEL_NOT_FOUND", `There is no model '${name}'.`, { field: "model" });
  const candidates = wanted.flatMap(({ provider: providerName, model: asked }) => {
    const provider = providers.find((one) => one.name === providerName);
    if (!provider) return [];
    const model = matchName(asked, namesOf(providerName));
    const id = `${providerName}/${model}`;
    return [{ id, provider, model, local: isServedLocally(id, provider, aliases) }];
  });
  if (candidates.length > 0) return candidates;
  const settings = [...new Set(wanted.map(({ provider }) => settingOf[provider]))].join(" or ");
  throw new AppError("NOT_CONFIGURED", `No provider of '${name}' is configured; set ${settings}.`);
};
