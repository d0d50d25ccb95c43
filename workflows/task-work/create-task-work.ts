import { AppError, isAppError } from "../../platform/errors/app-error.ts";
import type { CallAnswer } from "../crews/steps.ts";
import type { TaskWork } from "../jobs/do-task.ts";
import type { JobWork } from "../jobs/job.ts";
import type { Feedback } from "./agent-messages.ts";
import type { AskModel } from "./ask-model.ts";
import { assignByModel, assignByWords } from "./assign-tasks.ts";
import { createCallsUnderWay } from "./calls-under-way.ts";
import { doRound } from "./do-round.ts";
import { effectsBefore, forHistory, type KeptRound, keepEffects, roundBefore } from "./kept-round.ts";
import { modelFor } from "./model-for.ts";
import { type ModelMissing, whyMissing, withoutModelOf } from "./model-missing.ts";
import { startRoundTime } from "./round-time.ts";
import type { CrewAnswer, TaskWorkDeps } from "./task-work-deps.ts";

const assignSeconds = 120;

/** What an agent is told of a call of which somebody said that it happened. */
const answerOf = ({ by, reason }: CallAnswer): CrewAnswer => ({
  status: "ok",
  text: `It was cut off, and ${by} says that it happened${reason ? `: ${reason}` : "."}`,
  sources: [],
});

/** A person's word comes with the request, behind a result that passed the checks; why they refused one is kept whole. */
const feedbackOf = (earlier: KeptRound | undefined, told: string | undefined): Feedback | undefined => {
  const text = earlier?.status === "refused" ? earlier.feedback : told;
  return text === undefined ? undefined : { text, byPerson: earlier?.status === "ok" };
};

/** Rounds of tasks that are done once for each key: by agents with a model, and without one by rules. */
export const createTaskWork = (deps: TaskWorkDeps): TaskWork => {
  const { records } = deps;
  const underWay = createCallsUnderWay(deps.patienceMs);

  const keptRound = async (jobId: string, key: string | undefined): Promise<KeptRound | undefined> =>
    key === undefined ? undefined : ((await records.kept(jobId, key)) as KeptRound | undefined);

  /** Nothing is done, and no model paid, for somebody who is not known any more. */
  const assertKnown = ({ principal }: JobWork): void => {
    if (deps.rolesOf(principal.id) !== undefined) return;
    throw new AppError("POLICY_DENIED", "Who began this job is not known any more.");
  };

  return {
    async doTask(job, request, { signal, beat = () => undefined, withoutModel = false }) {
      const { key } = request;
      signal.throwIfAborted();
      const kept = await keptRound(job.id, key);
      if (kept) return forHistory(kept, key, job);
      assertKnown(job);
      for (const answer of request.answers ?? []) {
        // Where the call itself has told meanwhile what it gave, that counts.
        if (answer.happened) await records.done(job.id, answer.call, answerOf(answer));
      }
      const [earlier, before, known] = await Promise.all([
        keptRound(job.id, roundBefore(key)),
        effectsBefore(records, job.id, key),
        records.kept(job.id, withoutModelOf(key)) as Promise<ModelMissing | undefined>,
      ]);
      const missing =
        known ?? (withoutModel ? await records.keep<ModelMissing>(job.id, withoutModelOf(key), "away") : undefined);
      const time = startRoundTime(signal, request.timeoutSeconds);
      try {
        const { result, effects } = await doRound(deps, {
          job,
          request,
          feedback: feedbackOf(earlier, request.feedback),
          effects: before,
          missing,
          underWay,
          signal: time.signal,
          isOver: time.isOver,
          deadlineAt: performance.now() + request.timeoutSeconds * 1_000,
          beat,
        });
        // The round goes on when somebody has said what happened: the journal says the rest.
        if (result.status === "outcome_unknown") return result;
        await keepEffects(records, job.id, key, effects);
        return forHistory(await records.keep<KeptRound>(job.id, key, result), key, job);
      } finally {
        time.end();
      }
    },

    async assign(job, { key, ...question }, { signal, beat = () => undefined, withoutModel = false }) {
      type Choice = Awaited<ReturnType<TaskWork["assign"]>>;
      const kept = (await records.kept(job.id, key)) as Choice | undefined;
      if (kept) return kept;
      assertKnown(job);
      const byWords = (): Choice => ({ agents: assignByWords(question), usage: { tokens: 0, cost: 0 } });
      const time = startRoundTime(signal, assignSeconds);
      const byManager = async (ask: AskModel): Promise<Choice> => {
        try {
          return await assignByModel(question, ask);
        } catch (error) {
          signal.throwIfAborted();
          if (time.isOver() || isAppError(error, "DEADLINE_EXCEEDED") || whyMissing(error)) return byWords();
          throw error;
        }
      };
      try {
        const ask = modelFor(deps, {
          agent: question.manager,
          permit: deps.permitFor(job),
          signal: time.signal,
          deadlineAt: performance.now() + assignSeconds * 1_000,
          beat,
        });
        const choice = ask && !withoutModel ? await byManager(ask) : byWords();
        // Awaited here: its time goes on until it is kept.
        return await records.keep(job.id, key, choice);
      } finally {
        time.end();
      }
    },
  };
};
