import type { Usage } from "../../platform/models/model-gateway.ts";
import type { Draft, QueryRuntime, StepResult } from "../query.ts";
import { createGround } from "../validation/ground.ts";
import type { AnswerDeps, AnswerState } from "./answer-state.ts";
import { isBegun, type RenderedPart, renderFacts } from "./render-facts.ts";

const noUsage: Usage = { promptTokens: 0, completionTokens: 0, estimated: false };

const render = (state: AnswerState, { models, intents, say, keptOf }: AnswerDeps): readonly RenderedPart[] => {
  const thread = state.settled?.thread;
  return renderFacts(
    {
      parts: state.parts,
      results: state.results,
      missing: state.degraded,
      locale: state.locale,
      hasModel: models.configured,
      ...(keptOf && thread ? { keptOf: (text: string) => keptOf(thread, text) } : {}),
    },
    intents(),
    say,
  );
};

/** The answer in templates, shown at once. */
export const answerWithFacts = async (state: AnswerState, runtime: QueryRuntime, deps: AnswerDeps): Promise<Draft> => {
  const rendered = render(state, deps);
  const refused = state.permit?.class === "blocked" && !rendered.some((part) => part.answered);
  const text = refused
    ? [deps.say("refused", state.locale), ...rendered.map((part) => part.text)].join("\n")
    : rendered.map((part) => part.text).join("\n");
  return fixedDraft(text, state, runtime, refused);
};

/** The answer that a job has begun, shown at once. */
export const answerWithJob = (begun: StepResult, state: AnswerState, runtime: QueryRuntime): Promise<Draft> =>
  fixedDraft(begun.text, state, runtime, false);

const fixedDraft = async (
  text: string,
  state: AnswerState,
  { context }: QueryRuntime,
  refused: boolean,
): Promise<Draft> => {
  await context?.emit?.({ type: "text", text });
  return {
    text,
    composer: "facts",
    model: undefined,
    reasoning: "",
    toolCalls: [],
    finishReason: "stop",
    usage: state.draft?.usage ?? noUsage,
    broken: [],
    released: context?.emit !== undefined,
    refused,
    firstTokenMs: context ? performance.now() - context.startedAt : undefined,
  };
};

/** The renderings of those parts whose figures the released text has not given yet; jobs that have begun are told by `renderJobs`. */
export const unansweredText = (state: AnswerState, released: string, now: Date, deps: AnswerDeps): string => {
  const { locale, timezone } = state;
  const given = createGround({ texts: [released], evidence: [], actions: [], locale, timezone, now });
  const begun = new Set(state.results.filter(isBegun).map(({ step }) => step.part));
  return render(state, deps)
    .filter(({ part }) => !begun.has(part))
    .filter((part) => !part.answered || given.unsupported(part.text) !== undefined)
    .map((part) => part.text)
    .join("\n");
};
