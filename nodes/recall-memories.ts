import type { FactsOf } from "../atlas/facts/fact-fragment.ts";
import type { Recall } from "../atlas/timeline.ts";
import { documentPlace, quoteFragment } from "../platform/evidence/quote-fragment.ts";
import type { QueryRuntime, Settled } from "./query.ts";
import { runStep, type StepState, type StepWrites } from "./step-state.ts";
import type { Say } from "./wording.ts";

export interface RecallMemoriesDeps {
  readonly recall: Recall;
  /** Answers "what do you know about me"; absent, or when there are none, messages do. */
  readonly factsOf?: FactsOf;
  readonly limit: number;
  readonly timeoutMs: number;
  readonly say: Say;
}

const mostFacts = 20;

/** Finds what was said or read before that bears on the query, each fragment as evidence with author and time, or document and heading. */
export const createRecallMemories = ({ recall, factsOf, limit, timeoutMs, say }: RecallMemoriesDeps) =>
  async function recallMemories(
    state: StepState & { readonly settled?: Settled },
    runtime: QueryRuntime,
  ): Promise<StepWrites> {
    const { step, query, thread, locale, timezone } = state;
    return runStep(
      state,
      runtime,
      timeoutMs,
      async (signal) => {
        const limited = new Set<string>();
        const told = step.args.about === "self" ? await factsOf?.(query.principal, mostFacts) : undefined;
        const found = told?.length
          ? told
          : await recall({
              principal: query.principal,
              query: String(step.args.query ?? ""),
              threadId: thread.id,
              permit: state.permit,
              onDegraded: (part) => limited.add(part),
              ...(state.settled ? { excludeMessageId: state.settled.messageId } : {}),
              limit,
              // The turns beside what was found answer it: LoCoMo's evidence among the first 8 rises from .73 to .77.
              neighbours: true,
              signal,
            });
        const lines = found.map((fragment) => quoteFragment(fragment, { locale, timezone }));
        const source = say("source.recall", locale) || "recall";
        const answer =
          found.length === 0
            ? say("recall.none", locale)
            : `${say("recall.found", locale)}\n${lines.map((line) => `- ${line}`).join("\n")}`;
        const reason = say("recall.limited", locale);
        return {
          degraded: [...limited].map((part) => ({ part, reason })),
          text: limited.size === 0 ? answer : `${answer}\n${reason}`,
          evidence: found.map((fragment, index) => ({
            service: "recall",
            title: fragment.document ? documentPlace(fragment.document) : source,
            text: lines[index] ?? "",
            data: {
              messageId: fragment.messageId,
              threadId: fragment.threadId,
              author: fragment.author,
              role: fragment.role,
              ...(fragment.layer === undefined ? {} : { layer: fragment.layer }),
              ...(fragment.document ? { document: fragment.document } : {}),
            },
            sourceName: fragment.document ? fragment.document.title || fragment.document.source : source,
            observedAt: new Date(fragment.createdAt).toISOString(),
            score: Math.min(1, Math.max(0, fragment.score)),
          })),
        };
      },
      () => say("step.unreachable", locale, { what: say("part.recall", locale) }),
    );
  };
