import { createHash, randomUUID } from "node:crypto";
import type { QdrantClient } from "@qdrant/js-client-rest";
import { statusOf } from "./qdrant-errors.ts";

/** How scopes lie in Qdrant: one collection for all, or one for each scope. */
export type QdrantLayout = "tenants" | "collections";

/** Ids that read well stay as they are; others are hashed, so that no id can look like another's. */
const segmentOf = (id: string): string =>
  /^(?!sha256-)[\w-]{1,100}$/.test(id) ? id : `sha256-${createHash("sha256").update(id).digest("hex").slice(0, 32)}`;

/** `user_ada_atlas_deep`, `team_crew_atlas_deep`, `public_atlas_deep`. */
const nameOf = (base: string, scopeKey: string): string => {
  const at = scopeKey.indexOf(":");
  return at === -1
    ? `${segmentOf(scopeKey)}_${base}`
    : `${scopeKey.slice(0, at)}_${segmentOf(scopeKey.slice(at + 1))}_${base}`;
};

const publicScope = "public";

/** Fields that are filtered by, with the kind of index that each needs. */
const indexes = [
  ["scope_key", { type: "keyword", is_tenant: true }],
  ["item", { type: "keyword" }],
  ["parent", { type: "keyword" }],
  ["kind", { type: "keyword" }],
  ["service", { type: "keyword" }],
  ["part", { type: "integer" }],
  ["created_at", { type: "integer" }],
] as const;

// An alias goes with its collection, and whoever makes the collection again cannot guess it.
const originOf = (name: string): string => `${name}_since_${randomUUID()}`;
const isOrigin = (alias: string, name: string): boolean => alias.startsWith(`${name}_since_`);

export interface QdrantCollections {
  /** Where vectors of a scope are written; made when it is not there. */
  writable(scopeKey: string): Promise<string>;
  /** Where vectors of these scopes may be; some are perhaps not there. */
  searched(scopeKeys: readonly string[]): { readonly name: string; readonly mayMiss: boolean }[];
  /** Those that there are. */
  present(): Promise<string[]>;
  /** Makes what a search of any scope needs. */
  prepare(): Promise<void>;
  /** A name for the life of each that there is: one that was deleted and made again has another. */
  origins(): Promise<string[]>;
  /** Looks for a collection again before the next write: a write into it failed. */
  forget(name: string): void;
  drop(): Promise<void>;
}

/** The collections of one space of vectors, by layout. */
export const createQdrantCollections = (
  client: QdrantClient,
  { base, layout, dimension }: { readonly base: string; readonly layout: QdrantLayout; readonly dimension: number },
): QdrantCollections => {
  const made = new Map<string, Promise<void>>();

  const aliasesOf = async (wanted: (name: string) => boolean): Promise<string[]> =>
    (await client.getAliases()).aliases
      .filter(({ alias_name, collection_name }) => wanted(collection_name) && isOrigin(alias_name, collection_name))
      .map(({ alias_name }) => alias_name);

  const make = async (name: string): Promise<void> => {
    const exists = (await client.getCollections()).collections.some((collection) => collection.name === name);
    if (!exists) {
      try {
        await client.createCollection(name, {
          vectors: { size: dimension, distance: "Cosine" },
          // Links inside each tenant too, so that a small scope is searched as well as a large one.
          hnsw_config: { payload_m: 16 },
        });
      } catch (error) {
        if (statusOf(error) !== 409) throw error; // another process was faster
      }
    }
    // Also where a process was killed in between; what is there stays.
    if ((await aliasesOf((known) => known === name)).length === 0) {
      await client.updateCollectionAliases({
        actions: [{ create_alias: { collection_name: name, alias_name: originOf(name) } }],
      });
    }
    for (const [field, schema] of indexes) {
      await client.createPayloadIndex(name, { wait: true, field_name: `metadata.${field}`, field_schema: schema });
    }
  };
  const ensure = async (name: string): Promise<string> => {
    const making = made.get(name) ?? make(name);
    made.set(name, making);
    try {
      await making;
    } catch (error) {
      made.delete(name);
      throw error;
    }
    return name;
  };
  const isOurs = (name: string): boolean => (layout === "tenants" ? name === base : name.endsWith(`_${base}`));
  const present = async (): Promise<string[]> =>
    (await client.getCollections()).collections.map(({ name }) => name).filter(isOurs);

  return {
    present,
    writable: (scopeKey) => ensure(layout === "tenants" ? base : nameOf(base, scopeKey)),
    searched: (scopeKeys) =>
      layout === "tenants"
        ? [{ name: base, mayMiss: false }]
        : scopeKeys.map((key) => ({ name: nameOf(base, key), mayMiss: key !== publicScope })),
    async prepare() {
      await ensure(layout === "tenants" ? base : nameOf(base, publicScope));
    },
    origins: () => aliasesOf(isOurs),
    forget: (name) => {
      made.delete(name);
    },
    async drop() {
      made.clear();
      for (const name of await present()) await client.deleteCollection(name);
    },
  };
};
