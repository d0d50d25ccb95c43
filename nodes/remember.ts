import type { NewMessage, QueryLogRow, Timeline } from "../atlas/timeline.ts";
import type { EgressPermit } from "../platform/egress/egress.ts";
import { AppError } from "../platform/errors/app-error.ts";
import type { Degraded, Evidence } from "../platform/evidence/evidence.ts";
import type { Metrics } from "../platform/metrics/metrics.ts";
import type { ChatMessage } from "../platform/models/model-gateway.ts";
import { callsFingerprint } from "./calls-fingerprint.ts";
import { degradedOf } from "./gather.ts";
import type { Draft, QueryInput, QueryRuntime, Settled, StepResult, UnfinishedTurns } from "./query.ts";
import type { IntentPart } from "./understanding/understood-query.ts";

export interface RememberDeps {
  readonly timeline: Pick<Timeline, "close">;
  readonly unfinishedTurns: Pick<UnfinishedTurns, "save">;
  readonly metrics: Pick<Metrics, "tokensIn" | "tokensOut" | "degraded">;
}

export interface Remembered {
  readonly query: QueryInput;
  readonly settled?: Settled | undefined;
  readonly permit?: EgressPermit | undefined;
  readonly receipt: readonly object[];
  readonly locale: string;
  readonly parts: readonly IntentPart[];
  readonly results: readonly StepResult[];
  readonly evidence: readonly Evidence[];
  readonly transcript: readonly ChatMessage[];
  readonly draft?: Draft | undefined;
  readonly violations: readonly string[];
  readonly degraded: readonly Degraded[];
  readonly timings: Readonly<Record<string, number>>;
}

interface Writes {
  degraded: Degraded[];
  timings: Record<string, number>;
}

/**
 * Commits the answer with what it stands on and the query's log row, before the end marker goes out. A turn that waits for
 * the client's tools is kept, so that the work already done is not done again.
 *
 * @throws {AppError} DATABASE_UNAVAILABLE (retryable): then the caller gets an error instead of an end marker.
 */
export const createRemember = ({ timeline, unfinishedTurns, metrics }: RememberDeps) =>
  async function remember(state: Remembered, runtime: QueryRuntime): Promise<Writes> {
    const { query, settled, draft, permit } = state;
    if (!settled || !draft || !permit) throw new AppError("INTERNAL", "There is no answer to keep.");
    const started = performance.now();
    const own = [...degradedOf(state.results), ...(draft.notes ?? [])];
    const degraded = [...state.degraded, ...own];
    for (const line of degraded) metrics.degraded.inc({ part: line.part });
    if (draft.model !== undefined) {
      metrics.tokensIn.inc({ agent_id: "athena", model: draft.model }, draft.usage.promptTokens);
      metrics.tokensOut.inc({ agent_id: "athena", model: draft.model }, draft.usage.completionTokens);
    }
    if (draft.toolCalls.length > 0) {
      await unfinishedTurns.save({
        principal: query.principal.id,
        threadId: settled.thread.id,
        callIds: draft.toolCalls.map((call) => call.id),
        fingerprint: callsFingerprint(draft.toolCalls),
        state: { parts: state.parts, results: state.results, locale: state.locale, transcript: state.transcript },
      });
    }
    const startedAt = runtime.context?.startedAt ?? started;
    const closing = timeline.close({
      thread: settled.thread,
      messages: [answerMessage(state, draft, degraded)],
      log: logRow(state, draft, degraded, permit, runtime, performance.now() - startedAt),
    });
    if (runtime.context) runtime.context.progress.closing = closing;
    await closing;
    return {
      degraded: own,
      timings: { remember: performance.now() - started, total: performance.now() - startedAt },
    };
  };

const answerMessage = (state: Remembered, draft: Draft, degraded: readonly Degraded[]): NewMessage => ({
  role: "assistant",
  author: "athena",
  content: draft.text,
  meta: {
    evidence: state.evidence.map((item) => ({
      id: item.id,
      service: item.service,
      source: item.sourceName,
      ...(item.sourceUrl ? { url: item.sourceUrl } : {}),
      observed_at: item.observedAt,
    })),
    intents: state.parts.map((part) => part.name),
    degraded,
    usage: draft.usage,
    ...(draft.model === undefined ? {} : { model: draft.model }),
    ...(draft.toolCalls.length > 0 ? { tool_calls: draft.toolCalls } : {}),
  },
});

const logRow = (
  state: Remembered,
  draft: Draft,
  degraded: readonly Degraded[],
  permit: EgressPermit,
  runtime: QueryRuntime,
  responseMs: number,
): QueryLogRow => ({
  id: runtime.context?.queryId ?? state.query.requestId,
  threadId: state.settled?.thread.id ?? "",
  principal: state.query.principal.id,
  surface: state.query.surface,
  agent: "athena",
  mode: state.settled?.thread.mode ?? state.query.mode,
  egress: permit.class,
  intents: state.parts.map(({ name, confidence, tier }) => ({ name, confidence, tier })),
  calls: state.results.map((result) => ({
    kind: result.step.kind,
    target: result.step.target,
    status: result.status,
    ms: Math.round(result.ms),
  })),
  ...(draft.model === undefined ? {} : { model: draft.model }),
  tokensIn: draft.usage.promptTokens,
  tokensOut: draft.usage.completionTokens,
  responseMs: Math.round(responseMs),
  ...(draft.firstTokenMs === undefined ? {} : { firstTokenMs: Math.round(draft.firstTokenMs) }),
  // Rules are named; what they found may quote the answer and stays out of the log.
  validation: {
    ok: state.violations.length === 0,
    violations: [...new Set(state.violations.map((violation) => violation.split(":")[0] ?? ""))],
  },
  degraded: permit.confidential ? degraded.map(({ part }) => ({ part, reason: "" })) : degraded,
  receipt: state.receipt,
});
