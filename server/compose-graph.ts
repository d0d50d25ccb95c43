import type { Logger } from "pino";
import type { Follower } from "../atlas/follow/follower.ts";
import type { PlaintextRule } from "../atlas/follow/plaintext-rule.ts";
import { createGraphFollower } from "../atlas/graph/follow-graph.ts";
import { createGraph, type Graph } from "../atlas/graph/graph.ts";
import { createGraphSource } from "../atlas/graph/graph-source.ts";
import { createAskModel } from "../atlas/graph/model/ask-model.ts";
import { createModelFollower } from "../atlas/graph/model/follow-with-model.ts";
import { createRules } from "../atlas/graph/rules/extract.ts";
import type { Places } from "../atlas/graph/rules/find-places.ts";
import type { PeopleDirectory } from "../atlas/people-directory.ts";
import type { CandidateSource } from "../atlas/recall/candidate-source.ts";
import type { RegistrySource } from "../platform/config/registry.ts";
import type { Settings } from "../platform/config/settings.ts";
import type { Database } from "../platform/db/database.ts";
import type { Metrics } from "../platform/metrics/metrics.ts";
import type { ModelGateway } from "../platform/models/model-gateway.ts";
import type { PermitFor } from "./create-permit-for.ts";

export interface ComposeGraphDeps {
  readonly database: Database;
  readonly rule: PlaintextRule;
  readonly logger: Logger;
  readonly places: Places;
  readonly registry: Pick<RegistrySource, "current">;
  readonly people: Pick<PeopleDirectory, "recogniserFor">;
  readonly settings: Pick<Settings, "ATHENA_INDEX_MODEL">;
  readonly models: Pick<ModelGateway, "stream">;
  readonly permitFor: PermitFor;
  readonly metrics: Metrics;
}

export interface ComposedGraph {
  readonly graph: Graph;
  readonly followers: readonly Follower[];
  readonly source: CandidateSource;
}

/** The graph of topics, entities and edges, and what fills it: rules, and a model when one is set. */
export const composeGraph = (deps: ComposeGraphDeps): ComposedGraph => {
  const { registry, people, places, settings, models, permitFor, metrics, database, rule, logger } = deps;
  const rules = createRules({
    places,
    services: () => registry.current().services.map(({ id }) => id),
    agents: () => ["athena"],
  });
  const common = { database, rule, logger, metrics };
  const followers = [createGraphFollower({ ...common, rules, peopleOf: people.recogniserFor })];
  const model = settings.ATHENA_INDEX_MODEL;
  if (model !== undefined) {
    // Followers are told of open threads only.
    const permitOf = (principal: string | undefined) => permitFor("open", false, undefined, principal);
    const askModel = createAskModel({ models, model, permitFor: permitOf, metrics, places });
    followers.push(createModelFollower({ ...common, model, askModel }));
  }
  return { graph: createGraph({ database, places }), followers, source: createGraphSource({ database, rules }) };
};
