import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import type { Timeline } from "../../atlas/timeline.ts";
import { createQueryEngine } from "../../graphs/create-query-engine.ts";
import { createQueryGraph } from "../../graphs/query.ts";
import type { OwnToolRunner } from "../../nodes/answer/answer-state.ts";
import type { ModelTier, Understand } from "../../nodes/classify.ts";
import type { JobDelegate } from "../../nodes/jobs/job-delegate.ts";
import type { QueryInput, UnfinishedTurn, UnfinishedTurns } from "../../nodes/query.ts";
import type { IntentPart } from "../../nodes/understanding/understood-query.ts";
import { compileRules } from "../../nodes/validation/rules.ts";
import { createSay } from "../../nodes/wording.ts";
import type { IntentRow, PromptRow, ValidationRuleRow } from "../../platform/config/registry.ts";
import type { EgressClass } from "../../platform/egress/egress-class.ts";
import { createMetrics } from "../../platform/metrics/metrics.ts";
import type { ChatEvent, ChatRequest } from "../../platform/models/model-gateway.ts";
import { localPrincipal } from "../../platform/policy/principal.ts";
import type { RagService, ServiceContext } from "../../rag-services/rag-service.ts";
import type { ToolOutcome } from "../../tools/execute-tool.ts";
import type { ToolContext } from "../../tools/tool.ts";
import { createMemoryTimeline } from "./memory-timeline.ts";
import { permitOf } from "./permit.ts";

const rows = <Row>(name: string): Row[] =>
  parse(readFileSync(new URL(`../../migrations/defaults/${name}.yaml`, import.meta.url), "utf8"));

const intent = (
  id: string,
  kind: IntentRow["kind"],
  target: string,
  compose: IntentRow["compose"] = "model",
): IntentRow => ({
  id,
  description: id,
  kind,
  target,
  threshold: 0.5,
  slots: [],
  compose,
  enabled: true,
});

const topic = { name: "topic", recogniser: "subject", required: false };

const defaultIntents = [
  intent("weather", "service", "weather"),
  intent("airports", "service", "airports"),
  intent("calculate", "tool", "calculate", "facts"),
  intent("memory_recall", "recall", "recall"),
  intent("home_control", "tool", "home_control"),
  { ...intent("deep_research", "job", "deep-research"), slots: [topic] },
  { ...intent("report", "job", "report"), slots: [topic] },
  intent("greeting", "text", "greeting"),
  intent("chat", "chat", "chat"),
];

/** A service that answers with one temperature, after an optional wait; records its calls. */
export const stubService = (
  id: string,
  answer: (slots: Record<string, unknown>, context: ServiceContext) => Promise<string> | string,
): RagService => ({
  id,
  intents: [id],
  slots: z.record(z.string(), z.unknown()),
  providers: ["stub"],
  async query(slots, context) {
    const text = await answer(slots, context);
    return {
      evidence: [
        {
          service: id,
          title: id,
          text,
          data: { text },
          sourceName: "Stub",
          sourceUrl: "https://stub.example",
          observedAt: context.now.toISOString(),
          score: 1,
        },
      ],
      degraded: [],
    };
  },
  render: (evidence) => evidence.map((item) => item.text).join(" "),
});

export interface StubEngineOptions {
  /** Of the text; default `en`. */
  readonly locale?: string;
  readonly parts?: readonly Partial<IntentPart>[] | ((text: string) => readonly Partial<IntentPart>[]);
  readonly services?: readonly RagService[];
  /** Beside the default ones. */
  readonly intents?: readonly Pick<IntentRow, "id" | "kind" | "target">[];
  readonly tool?: (name: string, input: unknown, context: ToolContext) => Promise<ToolOutcome> | ToolOutcome;
  /** Undefined: no model is configured. */
  readonly model?: (request: ChatRequest) => AsyncIterable<ChatEvent>;
  readonly egress?: EgressClass;
  readonly composer?: "auto" | "facts" | "model";
  readonly deadlineMs?: number;
  /** Begins long jobs; undefined: there are none. */
  readonly jobs?: JobDelegate;
  /** After so long an answer becomes such a job. */
  readonly syncLimitMs?: number;
  /** What a model may call of ours; `run` goes through the graph's own nodes. */
  readonly ownTools?: Partial<Omit<OwnToolRunner, "run">>;
  /** Instead of the one in memory. */
  readonly timeline?: Timeline;
}

/** The real graph with every node, around scripted understanding, services, tools and model, and a timeline in memory. */
export const createStubEngine = (options: StubEngineOptions = {}) => {
  const memory = createMemoryTimeline();
  const timeline = options.timeline ?? memory.timeline;
  const metrics = createMetrics();
  const say = createSay(
    (
      (prompts) => () =>
        prompts
    )(rows<PromptRow>("prompts")),
  );
  const rules = compileRules(rows<ValidationRuleRow>("validation-rules"));
  const unfinished: {
    principal: string;
    threadId: string;
    callIds: readonly string[];
    fingerprint: string;
    state: UnfinishedTurn;
  }[] = [];
  const unfinishedTurns: UnfinishedTurns = {
    save: async (turn) => void unfinished.push(turn),
    take: async (principal, { callIds, fingerprint }) =>
      unfinished.findLast(
        (turn) =>
          turn.principal === principal &&
          (turn.callIds.some((id) => callIds?.includes(id)) || turn.fingerprint === fingerprint),
      ),
  };
  const understood: string[] = [];
  const understand: Understand = async (text) => {
    understood.push(text);
    const parts = typeof options.parts === "function" ? options.parts(text) : (options.parts ?? [{ name: "chat" }]);
    return {
      locale: options.locale ?? "en",
      parts: parts.map((part) => ({ text, name: "chat", confidence: 1, tier: "pattern" as const, slots: {}, ...part })),
    };
  };
  const intents = [
    ...defaultIntents,
    ...(options.intents ?? []).map(({ id, kind, target }) => intent(id, kind, target)),
  ];
  const services = new Map((options.services ?? []).map((service) => [service.id, service]));
  const { model } = options;
  const models = {
    configured: model !== undefined,
    answerModel: model ? "openai/stub" : undefined,
    stream:
      model ??
      (() => {
        throw new Error("no model was scripted");
      }),
  };
  const graph = createQueryGraph({
    metrics,
    receive: {
      timeline,
      unfinishedTurns,
      permitFor: (mode) => permitOf(mode === "open" ? "full" : (options.egress ?? "blocked"), mode === "confidential"),
      historyLimit: 20,
      defaultTimezone: "Europe/Warsaw",
    },
    classify: { understand, modelTierFor: (): ModelTier | undefined => undefined, defaultLocale: "en" },
    plan: {
      intents: () => intents,
      targets: { services: new Set(services.keys()), tools: new Set(["calculate"]), jobs: options.jobs !== undefined },
      say,
    },
    ...(options.syncLimitMs === undefined ? {} : { syncLimit: { limitMs: options.syncLimitMs, crew: "answer" } }),
    ...(options.jobs ? { delegateJob: { delegate: options.jobs, crewForTopics: "deep-research", say } } : {}),
    callService: { services, timeoutMs: () => 200, metrics, say },
    callTool: {
      executeTool: async (name, input, context) =>
        options.tool ? options.tool(name, input, context) : { status: "unknown_tool", reason: "none", ms: 0 },
      timeoutMs: 200,
      say,
    },
    recall: { recall: async () => [], limit: 5, timeoutMs: 200, say },
    compose: { models, intents: () => intents, rules, composer: options.composer ?? "auto", say },
    ...(options.ownTools ? { ownTools: { list: () => [], maxRounds: 4, maxCalls: 12, ...options.ownTools } } : {}),
    remember: { timeline, unfinishedTurns, metrics },
  });
  const engine = createQueryEngine({
    graph,
    timeline,
    report: (error) => {
      throw error;
    },
    metrics,
    deadlineMs: options.deadlineMs ?? 5_000,
    now: () => new Date("2026-11-21T10:00:00Z"),
  });
  return { engine, understood, unfinished, metrics, ...memory };
};

/** A query of one user message on the OpenAI surface. */
export const queryOf = (text: string, more: Partial<QueryInput> = {}): QueryInput => ({
  principal: localPrincipal,
  surface: "openai",
  messages: [{ role: "user", content: text }],
  mode: "open",
  consent: false,
  requestId: "request",
  signal: new AbortController().signal,
  ...more,
});

/** A model that says pieces of text and ends. */
export const speaks = (...pieces: readonly string[]) =>
  async function* (): AsyncGenerator<ChatEvent> {
    yield { type: "start", model: "openai/stub" };
    for (const text of pieces) yield { type: "text", text };
    yield {
      type: "finish",
      reason: "stop",
      usage: { promptTokens: 10, completionTokens: pieces.length, estimated: false },
    };
  };
