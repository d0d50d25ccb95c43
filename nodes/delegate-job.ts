import { isAppError } from "../platform/errors/app-error.ts";
import { readPeriod } from "../platform/language/read-period.ts";
import { keepsHistory } from "./conversation.ts";
import type { CrewField, JobDelegate } from "./jobs/job-delegate.ts";
import { jobInput } from "./jobs/job-input.ts";
import { handOverStep, jobKeyOf } from "./jobs/job-key.ts";
import { sayBegun } from "./jobs/say-job.ts";
import type { QueryRuntime, Settled, Step } from "./query.ts";
import { runStep, type StepState, type StepWrites } from "./step-state.ts";
import type { Say } from "./wording.ts";

export interface DelegateJobDeps {
  readonly delegate: JobDelegate;
  /** Takes over what a crew of periods is asked for without one, such as a report about a subject. */
  readonly crewForTopics?: string;
  readonly say: Say;
}

type State = StepState & { readonly settled?: Settled | undefined };

/** Why no job was made, in words for the user. */
class Refusal extends Error {}

interface Order {
  readonly crew: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly topic: string | undefined;
  readonly period: string | undefined;
  /** How often it is wanted, where the crew has no field for that. */
  readonly frequency: string | undefined;
}

const textOf = (value: unknown): string | undefined =>
  typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;

/** Hands a part of the query over to a long job. What is refused is a result with a sentence, and then nothing was begun. */
export const createDelegateJob = ({ delegate, crewForTopics, say }: DelegateJobDeps) => {
  /** What is to be made of the user's words. @throws {Refusal} */
  const orderOf = (step: Step, { locale, timezone }: StepState, now: Date): Order => {
    const { topic: said, text, before, period: named, ...slots } = step.args;
    const period = textOf(named);
    if (period !== undefined && readPeriod(period, timezone, now) === undefined)
      throw new Refusal(say("job.period", locale));
    const topic = textOf(said);
    const fill = (fields: readonly CrewField[], about = topic) =>
      jobInput(fields, { topic: about, period, slots, locale });
    const fields = delegate.fieldsOf(step.target);
    if (!fields) throw new Refusal(say("job.no_crew", locale, { crew: step.target }));
    const frequency = fields.some(({ name }) => name === "frequency") ? undefined : textOf(slots.frequency);
    const asked = fill(fields);
    if ("input" in asked) return { crew: step.target, input: asked.input, topic, period, frequency };
    if (asked.missing === "period") {
      const others = topic !== undefined && crewForTopics ? delegate.fieldsOf(crewForTopics) : undefined;
      const instead = others && fill(others);
      if (!crewForTopics || !instead || !("input" in instead)) throw new Refusal(say("job.period", locale));
      return { crew: crewForTopics, input: instead.input, topic, period: undefined, frequency };
    }
    // "Research this": what was said before.
    const earlier = textOf(before);
    const again = earlier === undefined ? asked : fill(fields, earlier);
    if (!("input" in again)) throw new Refusal(say("job.topic", locale));
    return { crew: step.target, input: again.input, topic: earlier ?? textOf(text), period, frequency };
  };

  const reasonOf = (error: unknown, { locale, step }: StepState): string => {
    if (error instanceof Refusal) return error.message;
    if (isAppError(error, "RATE_LIMITED")) return say("job.quota", locale);
    if (isAppError(error, "IDEMPOTENCY_MISMATCH")) return say("job.other", locale);
    if (isAppError(error, "INVALID_INPUT") && error.field === "principal") return say("job.nobody", locale);
    if (isAppError(error, "INVALID_INPUT") || isAppError(error, "TOO_LARGE")) return say("job.input", locale);
    return say("job.failed", locale, { what: say(`part.${step.target}`, locale) || step.target });
  };

  return async function delegateJob(state: State, runtime: QueryRuntime): Promise<StepWrites> {
    const { step, query, thread, locale, timezone } = state;
    const { context } = runtime;
    const now = context?.now ?? new Date();
    // A job that is being stored is not given up before the query itself: nobody could say whether it began.
    const timeoutMs = Math.max(1, (context?.deadlineAt ?? performance.now() + 10_000) - performance.now());
    return runStep(
      state,
      runtime,
      timeoutMs,
      async () => {
        const { crew, input, topic, period, frequency } = orderOf(step, state, now);
        const { id, threadId } = await delegate.start({
          principal: query.principal,
          crew,
          input,
          threadId: thread.id,
          mode: thread.mode,
          idempotencyKey: jobKeyOf(state),
          anyInput: step.id === handOverStep,
          timezone,
        });
        const isSpoken = query.voice ?? false;
        const isAskedFor = keepsHistory(query.surface);
        const elsewhere = threadId === thread.id ? undefined : threadId;
        const isRepeated = frequency !== undefined;
        const how = { topic, period, isRepeated, isAskedFor, isSpoken, locale, timezone, now };
        return {
          text: sayBegun({ id, crew, elsewhere, ...how }, say),
          degraded: [],
          evidence: [
            {
              service: "jobs",
              title: crew,
              // The id is told by us: a model that never sees it cannot get it wrong.
              text: say("job.evidence", "en", { text: textOf(step.args.text) ?? crew }),
              data: { id, crew, ...input },
              sourceName: say("source.job", locale) || crew,
              observedAt: now.toISOString(),
              score: 1,
            },
          ],
        };
      },
      (error) => reasonOf(error, state),
    );
  };
};
