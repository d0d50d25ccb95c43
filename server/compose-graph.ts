import type { Logger } from "pino";
import type { Follower } from "../atlas/follow/follower.ts";
import type { PlaintextRule } from "../atlas/follow/plaintext-rule.ts";
import { createGraphFollower } from "../atlas/graph/follow-graph.ts";
import { createGraph, type Graph } from "../atlas/graph/graph.ts";
import { createRules } from "../atlas/graph/rules/extract.ts";
import type { Places } from "../atlas/graph/rules/find-places.ts";
import type { PeopleDirectory } from "../atlas/people-directory.ts";
import type { RegistrySource } from "../platform/config/registry.ts";
import type { Database } from "../platform/db/database.ts";

export interface ComposeGraphDeps {
  readonly database: Database;
  readonly rule: PlaintextRule;
  readonly logger: Logger;
  readonly places: Places;
  readonly registry: Pick<RegistrySource, "current">;
  readonly people: Pick<PeopleDirectory, "recogniserFor">;
}

export interface ComposedGraph {
  readonly graph: Graph;
  readonly followers: readonly Follower[];
}

/** The graph of topics, entities and edges, and what fills it. */
export const composeGraph = ({ registry, people, places, ...deps }: ComposeGraphDeps): ComposedGraph => {
  const rules = createRules({
    places,
    services: () => registry.current().services.map(({ id }) => id),
    agents: () => ["athena"],
  });
  return {
    graph: createGraph({ database: deps.database, places }),
    followers: [createGraphFollower({ ...deps, rules, peopleOf: people.recogniserFor })],
  };
};
