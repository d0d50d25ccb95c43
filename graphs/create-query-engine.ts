import { randomUUID } from "node:crypto";
import type { Timeline } from "../atlas/timeline.ts";
import type { QueryContext, QueryInput, QueryProgress } from "../nodes/query.ts";
import { AppError } from "../platform/errors/app-error.ts";
import type { Metrics } from "../platform/metrics/metrics.ts";
import type { QueryGraph } from "./query.ts";
import type { QueryEngine, QueryResult } from "./query-engine.ts";

export interface QueryEngineDeps {
  readonly graph: QueryGraph;
  readonly timeline: Pick<Timeline, "close">;
  /** Told of what could not be kept of a query that broke off. */
  readonly report: (error: unknown) => void;
  readonly metrics: Pick<Metrics, "queries" | "latency">;
  readonly deadlineMs: number;
  readonly now: () => Date;
}

/** Time kept back from the deadline so that a late model still leaves room for the answer in templates. */
const reserveMs = 500;

/** Runs queries through the compiled graph, each under its own deadline and abort. */
export const createQueryEngine = ({
  graph,
  timeline,
  report,
  metrics,
  deadlineMs,
  now,
}: QueryEngineDeps): QueryEngine => ({
  async run(input, onEvent) {
    const startedAt = performance.now();
    const own = new AbortController();
    const stop = () => own.abort(new AppError("CLIENT_CLOSED", "The client went away."));
    if (input.signal.aborted) stop();
    input.signal.addEventListener("abort", stop, { once: true });
    const timer = setTimeout(
      () => own.abort(new AppError("DEADLINE_EXCEEDED", "The query took longer than its deadline.")),
      deadlineMs,
    );
    const progress: QueryProgress = {};
    let shown = "";
    const context: QueryContext = {
      signal: own.signal,
      queryId: randomUUID(),
      now: now(),
      startedAt,
      deadlineAt: startedAt + deadlineMs - Math.min(reserveMs, deadlineMs / 10),
      emit: onEvent
        ? (event) => {
            if (event.type === "text") shown += event.text;
            return onEvent(event);
          }
        : undefined,
      progress,
    };
    try {
      const state = await graph.invoke(
        { query: { ...input, signal: own.signal } },
        { context, signal: own.signal, recursionLimit: 40 },
      );
      const outcome = state.draft?.refused ? "refused" : state.degraded.length > 0 ? "degraded" : "ok";
      metrics.queries.inc({ surface: input.surface, outcome });
      const [answer] = (await progress.closing) ?? [];
      return {
        ...resultOf(state, performance.now() - startedAt),
        ...(answer ? { answered: { messageId: answer.id, position: answer.position } } : {}),
      };
    } catch (error) {
      metrics.queries.inc({ surface: input.surface, outcome: own.signal.aborted ? "aborted" : "error" });
      await keepBrokenOff(timeline, input, context, shown).catch(report);
      throw own.signal.aborted ? (own.signal.reason ?? error) : error;
    } finally {
      clearTimeout(timer);
      input.signal.removeEventListener("abort", stop);
      metrics.latency.observe({ agent_id: "athena", operation: "query" }, (performance.now() - startedAt) / 1000);
    }
  },
});

/**
 * Keeps what a query left behind that broke off after its message was accepted: what was shown was said, and what left the
 * process belongs in a receipt. An answer whose commit was already under way stands for itself.
 */
const keepBrokenOff = async (
  timeline: Pick<Timeline, "close">,
  input: QueryInput,
  { progress, queryId, startedAt }: QueryContext,
  shown: string,
): Promise<void> => {
  const { settled, permit, receipt = [], closing } = progress;
  if (!settled || !permit) return;
  if (
    closing &&
    (await closing.then(
      () => true,
      () => false,
    ))
  )
    return;
  await timeline.close({
    thread: settled.thread,
    messages: shown === "" ? [] : [{ role: "assistant", author: "athena", content: shown, meta: { incomplete: true } }],
    log: {
      id: queryId,
      threadId: settled.thread.id,
      principal: input.principal.id,
      surface: input.surface,
      agent: "athena",
      mode: settled.thread.mode,
      egress: permit.class,
      intents: [],
      calls: [],
      tokensIn: 0,
      tokensOut: 0,
      responseMs: Math.round(performance.now() - startedAt),
      validation: { ok: true, violations: [] },
      degraded: [{ part: "answer", reason: "broken off" }],
      receipt,
    },
  });
};

const resultOf = (state: QueryGraph["~OutputType"], totalMs: number): QueryResult => {
  const { settled, draft, permit } = state;
  if (!settled || !draft || !permit) throw new AppError("INTERNAL", "The query ended without an answer.");
  return {
    threadId: settled.thread.id,
    messageId: settled.messageId,
    position: settled.position,
    answer: draft.text,
    ...(draft.reasoning === "" ? {} : { reasoning: draft.reasoning }),
    toolCalls: draft.toolCalls,
    finishReason: draft.finishReason,
    intents: state.parts.map(({ name, confidence, tier }) => ({ name, confidence, tier })),
    evidence: state.evidence,
    degraded: state.degraded,
    receipt: state.receipt,
    egress: permit.class,
    validation: { ok: state.violations.length === 0, violations: state.violations },
    usage: draft.usage,
    timings: { ...state.timings, steps: Math.max(0, ...state.results.map((result) => result.ms)), total: totalMs },
    model: draft.model,
    refused: draft.refused,
  };
};
