import type { Degraded } from "../../platform/evidence/evidence.ts";
import type { ToolCall, Usage } from "../../platform/models/model-gateway.ts";
import type { Draft, QueryRuntime } from "../query.ts";
import type { Violation } from "../validation/rules.ts";
import { type AnswerDeps, type AnswerState, wantsJson } from "./answer-state.ts";
import { unansweredText } from "./answer-with-facts.ts";
import type { Round } from "./model-round.ts";
import type { ReleaseGate } from "./release-gate.ts";
import { renderGaps, renderJobs } from "./render-facts.ts";

export interface ModelAnswer {
  readonly draft: Draft;
  readonly violations: string[];
}

/** What all rounds together gave. */
export interface Rounds {
  readonly last: Round;
  readonly gates: readonly ReleaseGate[];
  readonly usage: Usage;
  readonly reasoning: string;
  readonly firstTokenMs: number | undefined;
  /** Calls of the client's tools that go back to it. */
  readonly calls: readonly ToolCall[];
  readonly notes: readonly Degraded[];
}

const toLine = ({ rule, detail }: Violation): string => `${rule}: ${detail}`;

/** Puts the draft together, and shows what still has to be said: gaps, what is unanswered, the client's calls. */
export const finishAnswer = async (
  { last, gates, calls, usage, reasoning, firstTokenMs, notes }: Rounds,
  state: AnswerState,
  { context }: QueryRuntime,
  deps: AnswerDeps,
): Promise<ModelAnswer> => {
  const { query, locale } = state;
  const { stopped } = last;
  const text = gates.map((gate) => gate.text).join("");
  const shown = gates.some((gate) => gate.shown);
  const base = {
    composer: "model" as const,
    model: last.model,
    reasoning,
    usage,
    refused: false,
    firstTokenMs,
    notes,
  };
  if (stopped && !shown) {
    const draft = { ...base, text, toolCalls: [], finishReason: "stop" as const };
    return { draft: { ...draft, broken: [stopped.rule], released: false }, violations: [toLine(stopped)] };
  }
  const emitted = stopped ? [] : calls;
  const planned = state.results.filter(({ step }) => step.callId === undefined);
  // Nothing sent is taken back: the sentence is dropped and templates say what is still unanswered.
  const rest = stopped
    ? unansweredText(state, text, context?.now ?? new Date(), deps)
    : renderGaps(planned, state.degraded);
  const isUnfinished = text.trim() === "" && last.calls.length > 0;
  const jobs = renderJobs(planned);
  const added = [isUnfinished ? deps.say("tools.limit", locale) : "", jobs, rest].filter(Boolean).join("\n");
  const joint = text === "" || text.endsWith("\n") ? "" : "\n\n";
  const tail = added === "" || calls.length > 0 || wantsJson(query) ? "" : `${joint}${added}`;
  if (tail !== "") await context?.emit?.({ type: "text", text: tail });
  for (const call of emitted) await context?.emit?.({ type: "toolCall", call });
  const warnings = [...gates.flatMap((gate) => gate.warnings), ...(stopped ? [stopped] : [])];
  return {
    draft: {
      ...base,
      text: text + tail,
      toolCalls: emitted,
      finishReason: finishReasonOf(last, emitted.length),
      broken: [],
      noted: warnings.map(({ rule }) => rule),
      released: shown || tail !== "" || emitted.length > 0,
    },
    violations: [...new Set(warnings.map(toLine))],
  };
};

const finishReasonOf = ({ finishReason, stopped }: Round, emitted: number): Draft["finishReason"] => {
  if (stopped) return "stop";
  if (emitted > 0) return "tool_calls";
  return finishReason === "tool_calls" ? "stop" : finishReason;
};
