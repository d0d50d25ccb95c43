import type { Registry } from "../config/registry.ts";
import { AppError } from "../errors/app-error.ts";
import type { ModelList } from "./model-list.ts";
import type { Provider } from "./provider.ts";
import { splitModelId } from "./route.ts";

export interface AnswerModelQuestion {
  /** `ATHENA_MODEL`. */
  readonly asked: string | undefined;
  readonly providers: readonly Provider[];
  readonly aliases: Registry["modelAliases"];
  readonly list: Pick<ModelList, "fetchNow">;
}

const addresses = "OPENAI_BASE_URL (with OPENAI_API_KEY) or OLLAMA_BASE_URL";
const refuse = (message: string, choices: readonly string[] = []): AppError => {
  const shown = choices.slice(0, 20).join(", ");
  return new AppError(
    "CONFIG_INVALID",
    `${message}${shown ? ` Choices: ${shown}${choices.length > 20 ? ", …" : "."}` : ""}`,
  );
};

/**
 * The model that writes answers: the one asked for, else the only one that can be meant; undefined without any provider.
 * @throws {AppError} CONFIG_INVALID naming ATHENA_MODEL and the choices there are.
 */
export const resolveAnswerModel = async (question: AnswerModelQuestion): Promise<string | undefined> => {
  const { asked, providers, list } = question;
  if (asked !== undefined) return checkAsked(asked, question);
  const [only, second] = providers;
  if (only === undefined) return undefined;
  const listed = await Promise.all(
    providers.map(async (provider) => {
      const models = await list.fetchNow(provider);
      return models?.map(({ name }) => `${provider.name}/${name}`);
    }),
  );
  const choices = listed.flatMap((names) => names ?? []);
  if (second !== undefined) throw refuse("Two model providers are configured: set ATHENA_MODEL.", choices);
  const names = listed[0];
  if (names === undefined) {
    throw refuse(
      "The model provider does not answer, so its models are not known: set ATHENA_MODEL or start it first.",
    );
  }
  const [first] = names;
  if (first === undefined) throw refuse("The model provider lists no model: add one to it, or set ATHENA_MODEL.");
  if (only.name === "openai" && names.length > 1)
    throw refuse("The model provider lists several models: set ATHENA_MODEL.", choices);
  return first;
};

const checkAsked = (asked: string, { providers, aliases }: AnswerModelQuestion): string => {
  const alias = aliases.find((row) => row.alias === asked);
  const wanted = (alias ? alias.candidates : [asked]).flatMap((id) => splitModelId(id) ?? []);
  if (wanted.length === 0) {
    throw refuse(`ATHENA_MODEL is '${asked}', which is neither an alias nor 'provider/model'.`, [
      ...aliases.map((row) => row.alias),
      ...providers.map(({ name }) => `${name}/…`),
    ]);
  }
  if (wanted.some(({ provider }) => providers.some(({ name }) => name === provider))) return asked;
  throw refuse(`ATHENA_MODEL is '${asked}', but its provider is not configured: set ${addresses}.`);
};
