import type { ModelGateway, ModelInfo } from "../../platform/models/model-gateway.ts";

/** A model name that clients may use. */
export interface ServedModel {
  readonly id: string;
  /** `athena`: the graph; `embedder`: the built-in vectors; `raw`: a provider's model, past the graph. */
  readonly kind: "athena" | "embedder" | "raw";
  readonly owner: string;
  /** Everything asked of it is confidential. */
  readonly confidential: boolean;
  readonly capabilities: ModelInfo["capabilities"];
}

const ownModels: readonly ServedModel[] = [
  { id: "athena", kind: "athena", owner: "athena", confidential: false, capabilities: ["chat", "tools"] },
  { id: "athena-private", kind: "athena", owner: "athena", confidential: true, capabilities: ["chat", "tools"] },
  { id: "athena-embed", kind: "embedder", owner: "athena", confidential: false, capabilities: ["embeddings"] },
];

const withoutLatest = (name: string): string => name.replace(/:latest$/i, "");
const own = new Map(ownModels.map((model) => [model.id, model]));
const rawName = /^(openai|ollama)\/./;

const toServed = ({ id, provider, capabilities }: ModelInfo): ServedModel => ({
  id,
  kind: "raw",
  owner: provider,
  confidential: false,
  capabilities,
});

export interface ModelDirectory {
  /** Athena's own names first, then the providers'. */
  list(): Promise<readonly ServedModel[]>;
  /** By exact id, then without regard to case, then with or without `:latest`. */
  find(name: string): Promise<ServedModel | undefined>;
  /** As `find`; a provider's name that is not listed (its list may be late) is passed on for the provider to judge. */
  findCallable(name: string): Promise<ServedModel | undefined>;
}

/** The model names that every surface lists and accepts. */
export const createModelDirectory = (models: Pick<ModelGateway, "models">): ModelDirectory => {
  // Without its providers Athena still lists itself: connection tests of clients read this list.
  const list = async (): Promise<readonly ServedModel[]> => [
    ...ownModels,
    ...(await models.models().catch(() => [])).map(toServed),
  ];
  const find = async (name: string): Promise<ServedModel | undefined> => {
    // The hot path: no provider is asked for Athena's own names.
    const mine = own.get(name) ?? own.get(withoutLatest(name).toLowerCase());
    if (mine !== undefined) return mine;
    const served = await list();
    const folded = name.toLowerCase();
    return (
      served.find(({ id }) => id === name) ??
      served.find(({ id }) => id.toLowerCase() === folded) ??
      served.find(({ id }) => withoutLatest(id.toLowerCase()) === withoutLatest(folded))
    );
  };
  return {
    list,
    find,
    async findCallable(name) {
      const owner = rawName.exec(name)?.[1];
      const unlisted: ServedModel | undefined =
        owner === undefined ? undefined : { id: name, kind: "raw", owner, confidential: false, capabilities: [] };
      return (await find(name)) ?? unlisted;
    },
  };
};
