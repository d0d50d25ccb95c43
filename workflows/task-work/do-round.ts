import type { Degraded } from "../../platform/evidence/evidence.ts";
import type { TaskOutput, TaskResult } from "../crews/steps.ts";
import { type Effect, OutcomeUnknown } from "./call-tools.ts";
import { checkGuardrails } from "./guardrails/check-guardrails.ts";
import { citedIn } from "./json-result.ts";
import { modelFor } from "./model-for.ts";
import { missingModel } from "./model-missing.ts";
import { openRound, type Round, type RoundInput } from "./round.ts";
import { citedOutput } from "./source-book.ts";
import type { Draft, TaskWorkDeps } from "./task-work-deps.ts";
import { withSources } from "./with-sources.ts";
import { type Written, writeRound } from "./write-round.ts";

export interface RoundDone {
  readonly result: TaskResult;
  readonly effects: readonly Effect[];
}

/** Does one round of a task: writes its result, then judges it. @throws as `TaskWork` says */
export const doRound = async (deps: TaskWorkDeps, input: RoundInput): Promise<RoundDone> => {
  const round = await openRound(deps, input);
  const { job, request, locale, permit, caller, guard, spend, signal, deadlineAt, beat } = round;
  const { task, agent } = request;
  const ended = (result: TaskResult): RoundDone => ({ result, effects: caller.effects });
  const refused = (feedback: string): RoundDone => ended({ status: "refused", feedback, usage: round.usage() });

  try {
    const ask = input.missing === undefined ? modelFor(deps, { agent, permit, signal, deadlineAt, beat }) : undefined;
    const writing = await writeRound(deps, round, ask);
    const { written } = writing;
    let { missing } = writing;
    if (written === undefined) return refused("The tokens that were left did not reach for an answer.");
    if (written.text.trim() === "" && written.data === undefined) return refused("The answer was empty.");
    const draft = draftOf(round, written);
    const problem = await checkGuardrails({
      guardrails: task.guardrails,
      draft,
      context: { job, seenItems: deps.seenItems },
      judge:
        ask && missing === undefined
          ? {
              ...{ ask, guard, spend },
              onMissing(why) {
                missing = why;
              },
            }
          : undefined,
    });
    if (problem) return refused(problem);
    const { text, data, citations } = draft;
    const whole = withDegraded({ text, citations, ...(data === undefined ? {} : { data }) }, [
      ...(missing === undefined ? [] : [missingModel(missing, locale)]),
      ...Object.values(round.context).flatMap(({ degraded = [] }) => degraded),
    ]);
    const isResult = (job.crew.result ?? job.crew.tasks.at(-1)?.id) === task.id;
    return ended({ status: "ok", output: isResult ? withSources(whole, locale) : whole, usage: round.usage() });
  } catch (error) {
    if (error instanceof OutcomeUnknown)
      return ended({ status: "outcome_unknown", call: error.call, usage: round.usage() });
    if (input.isOver()) return refused("The time that was left did not reach.");
    throw error;
  }
};

/** What was written, with all that it may be judged by. */
const draftOf = ({ job, request, context, book, findings, caller }: Round, written: Written): Draft => ({
  ...citedOutput(written.text, book, written.data),
  unknownMarks: citedIn(written).filter((number) => book.get(number) === undefined),
  sources: book.size,
  findings,
  material: [
    JSON.stringify(job.input),
    request.task.description,
    ...Object.values(context).map(({ text, data }) => `${text}\n${data === undefined ? "" : JSON.stringify(data)}`),
    ...written.material,
    ...caller.effects.map(({ args }) => args),
  ],
});

/** A result with what was missing, each reason once. */
const withDegraded = (output: TaskOutput, all: readonly Degraded[]): TaskOutput => {
  const degraded = [...new Map(all.map((each) => [each.reason, each])).values()];
  return degraded.length === 0 ? output : { ...output, degraded };
};
