import type { Logger } from "pino";
import { createFactsFollower } from "../atlas/facts/follow-facts.ts";
import { createAskModel } from "../atlas/facts/model/ask-model.ts";
import { createFactsModelFollower } from "../atlas/facts/model/follow-with-model.ts";
import type { Follower } from "../atlas/follow/follower.ts";
import type { PlaintextRule } from "../atlas/follow/plaintext-rule.ts";
import type { Settings } from "../platform/config/settings.ts";
import type { Database } from "../platform/db/database.ts";
import type { Metrics } from "../platform/metrics/metrics.ts";
import type { ModelGateway } from "../platform/models/model-gateway.ts";
import type { PermitFor } from "./create-permit-for.ts";

export interface ComposeFactsDeps {
  readonly database: Database;
  readonly rule: PlaintextRule;
  readonly logger: Logger;
  readonly settings: Pick<Settings, "ATHENA_FACTS_MODEL">;
  readonly models: Pick<ModelGateway, "stream">;
  readonly permitFor: PermitFor;
  readonly metrics: Metrics;
}

/** What keeps facts of what people say: rules, and a model when one is set. */
export const composeFacts = (deps: ComposeFactsDeps): readonly Follower[] => {
  const { settings, models, permitFor, metrics, ...followed } = deps;
  const model = settings.ATHENA_FACTS_MODEL;
  const rules = createFactsFollower(followed);
  if (model === undefined) return [rules];
  // Followers are told of open threads only.
  const permitOf = (principal: string) => permitFor("open", false, undefined, principal);
  const askModel = createAskModel({ models, model, permitFor: permitOf, metrics });
  return [rules, createFactsModelFollower({ ...followed, askModel })];
};
