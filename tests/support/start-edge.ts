import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { pino } from "pino";
import { parse } from "yaml";
import type { ClientProfileRow } from "../../platform/config/registry.ts";
import { loadSettings } from "../../platform/config/settings.ts";
import { createMetrics } from "../../platform/metrics/metrics.ts";
import type { ModelInfo } from "../../platform/models/model-gateway.ts";
import { type AppOptions, createApp } from "../../server/app.ts";
import { listen } from "../../server/listen.ts";
import type { IdempotencyStore, ServerDeps } from "../../server/server-deps.ts";
import { createMemoryCache } from "./memory-cache.ts";
import { createMemoryTimeline } from "./memory-timeline.ts";
import { createNoFacts } from "./no-facts.ts";
import { createNoGraph } from "./no-graph.ts";
import { createNoJobs } from "./no-jobs.ts";
import { createNoSchedules } from "./no-schedules.ts";
import { createNoChannels, createNoThreadChanges } from "./no-thread-changes.ts";
import { permitOf } from "./permit.ts";
import { createScriptedEngine } from "./scripted-engine.ts";

const clientProfiles: readonly ClientProfileRow[] = parse(
  readFileSync(new URL("../../migrations/defaults/client-profiles.yaml", import.meta.url), "utf8"),
  { merge: true },
).map((row: Partial<ClientProfileRow>) => ({
  conversation: { from: [] },
  taskHeader: null,
  tasks: [],
  voice: false,
  ...row,
}));

/** Stored answers in memory, with the contract of the true store. */
export const createMemoryIdempotency = (): IdempotencyStore => {
  const entries = new Map<string, { bodyHash: string; answer?: { status: number; body: unknown } }>();
  return {
    async begin(scope, key, bodyHash) {
      const entry = entries.get(`${scope} ${key}`);
      if (entry === undefined) {
        entries.set(`${scope} ${key}`, { bodyHash });
        return { state: "fresh" };
      }
      if (entry.bodyHash !== bodyHash) return { state: "mismatch" };
      return entry.answer ? { state: "replay", ...entry.answer } : { state: "running" };
    },
    async finish(scope, key, status, body) {
      entries.get(`${scope} ${key}`)!.answer = { status, body };
    },
    async abandon(scope, key) {
      entries.delete(`${scope} ${key}`);
    },
  };
};

export interface EdgeOptions extends AppOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly listed?: readonly ModelInfo[];
  readonly deps?: Partial<ServerDeps>;
}

/** The true HTTP edge on a free port, standing on scripted parts. Close it in `afterAll`. */
export const startEdge = async ({ environment = {}, listed, deps: replaced = {}, ...options }: EdgeOptions = {}) => {
  const memory = createMemoryTimeline();
  const script = createScriptedEngine(memory.timeline, listed);
  const logs: Record<string, unknown>[] = [];
  const logger = pino({ level: "debug" }, { write: (line: string) => void logs.push(JSON.parse(line)) });
  const deps: ServerDeps = {
    settings: loadSettings(environment),
    logger,
    metrics: createMetrics(),
    engine: script.engine,
    models: script.models,
    timeline: memory.timeline,
    recall: async () => [],
    atlasGraph: createNoGraph(),
    facts: createNoFacts(),
    threadChanges: createNoThreadChanges(),
    channels: createNoChannels(),
    idempotency: createMemoryIdempotency(),
    database: {
      kind: "embedded",
      query: async () => {
        throw new Error("The edge has no business in the database.");
      },
      transaction: async () => {
        throw new Error("The edge has no business in the database.");
      },
      ping: async () => 0.2,
      close: async () => {},
    },
    cache: createMemoryCache(),
    bus: { kind: "embedded", ping: async () => 0.3 },
    deadLetters: { list: async () => [], show: async () => undefined, retry: async () => 0, drop: async () => 0 },
    republish: async () => 0,
    schedules: createNoSchedules(),
    jobDesk: createNoJobs(),
    clientProfiles: () => clientProfiles,
    clientConversations: { threadOf: async () => randomUUID(), find: async () => undefined },
    topicsOf: async () => [],
    permitFor: (mode) => permitOf(mode === "open" ? "full" : "local-only"),
    logCall: async () => {},
    atlasStatus: async () => ({
      layers: {},
      followers: [],
      deep: { configured: false, breaker: "closed", lag_changes: 0, lag_seconds: 0, asked_at: null, cores: [] },
    }),
    remoteServices: [],
    ...replaced,
  };
  const app = createApp(deps, options);
  const listening = await listen(app, { host: "127.0.0.1", port: 0 });
  return { ...listening, app, deps, script, logs, threads: memory.threads, timeline: memory.timeline };
};

export type Edge = Awaited<ReturnType<typeof startEdge>>;

/** POSTs JSON, as any client would. */
export const post = (url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });

/** The JSON of each `data:` line of an event stream; fails on any line that is not one, as naive clients do. */
export const dataLines = (text: string): unknown[] =>
  text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      if (!line.startsWith("data: ")) throw new Error(`not a data line: ${line}`);
      return line === "data: [DONE]" ? "[DONE]" : JSON.parse(line.slice(6));
    });

/** The JSON of an answer; shapes are what the tests look at. */
// biome-ignore lint/suspicious/noExplicitAny: see above
export const jsonOf = (response: Response): Promise<any> => response.json() as Promise<any>;
