import type { Logger } from "pino";
import type { AtlasStatus } from "../atlas/atlas-status.ts";
import type { LogCall } from "../atlas/call-log.ts";
import type { Channels } from "../atlas/channels.ts";
import type { ClientConversations } from "../atlas/client-conversations.ts";
import type { DeepEdge } from "../atlas/deep/deep-edge.ts";
import type { DeepSource } from "../atlas/deep/deep-source.ts";
import type { Facts } from "../atlas/facts/facts.ts";
import type { Graph } from "../atlas/graph/graph.ts";
import type { ThreadChanges } from "../atlas/thread-changes.ts";
import type { Recall, Timeline } from "../atlas/timeline.ts";
import type { QueryEngine } from "../graphs/query-engine.ts";
import type { Cache } from "../platform/cache/cache.ts";
import type { ClientProfileRow } from "../platform/config/registry.ts";
import type { Settings } from "../platform/config/settings.ts";
import type { Database } from "../platform/db/database.ts";
import type { EgressPermit } from "../platform/egress/egress.ts";
import type { Mode } from "../platform/egress/egress-class.ts";
import type { DeadLetters } from "../platform/events/dead-letters.ts";
import type { EventBus } from "../platform/events/event-bus.ts";
import type { RepublishOptions } from "../platform/events/republish.ts";
import type { Metrics } from "../platform/metrics/metrics.ts";
import type { ModelGateway } from "../platform/models/model-gateway.ts";
import type { IdempotencyStore } from "../platform/policy/idempotency.ts";
import type { JobDesk } from "../workflows/jobs/job-desk.ts";
import type { TemporalEngine } from "../workflows/jobs/temporal/create-temporal-engine.ts";
import type { Scheduler } from "../workflows/schedules/create-scheduler.ts";

export type { IdempotencyStore };

/** What the HTTP edge stands on; built by `compose.ts`. */
export interface ServerDeps {
  readonly settings: Settings;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly engine: QueryEngine;
  readonly models: ModelGateway;
  readonly timeline: Timeline;
  readonly recall: Recall;
  readonly atlasGraph: Graph;
  readonly facts: Facts;
  readonly threadChanges: ThreadChanges;
  readonly channels: Channels;
  readonly idempotency: IdempotencyStore;
  readonly database: Database;
  readonly cache: Cache;
  readonly bus: Pick<EventBus, "kind" | "ping">;
  readonly deadLetters: DeadLetters;
  /** Has the relay publish again; how many events. */
  readonly republish: (options: RepublishOptions) => Promise<number>;
  readonly schedules: Scheduler;
  /** Long jobs. */
  readonly jobDesk: JobDesk;
  /** What a deep core asks of this engine; undefined: none is configured. */
  readonly deep?: DeepEdge | undefined;
  /** The deep core that recall asks; undefined: none. */
  readonly core?: Pick<DeepSource, "ping" | "isOpen"> | undefined;
  /** Temporal, where jobs run on it. */
  readonly temporal?: Pick<TemporalEngine, "ping" | "versionsAtWork"> | undefined;
  readonly atlasStatus: () => Promise<AtlasStatus>;
  /** A permit for raw `provider/model` calls, which skip the graph. */
  readonly permitFor: (mode: Mode, consent: boolean, receipt?: object[], principal?: string) => EgressPermit;
  /** Keeps the log row and receipt of such a call. */
  readonly logCall: LogCall;
  readonly clientProfiles: () => readonly ClientProfileRow[];
  readonly clientConversations: ClientConversations;
  /** Names of what a text is about, for tags. */
  readonly topicsOf: (text: string, signal: AbortSignal) => Promise<readonly string[]>;
  /** Services with their own server, for `/ready`. */
  readonly remoteServices: readonly { readonly name: string; readonly url: string }[];
}
