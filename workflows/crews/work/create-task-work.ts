import { AppError } from "../../../platform/errors/app-error.ts";
import type { TaskWork } from "../../jobs/do-task.ts";
import type { JobWork } from "../../jobs/job.ts";
import { assignByModel, assignByWords } from "./assign-tasks.ts";
import { doRound } from "./do-round.ts";
import { effectsBefore, forHistory, type KeptRound, keepEffects, roundBefore } from "./kept-round.ts";
import { modelFor } from "./model-for.ts";
import { startRoundTime } from "./round-time.ts";
import type { TaskWorkDeps } from "./task-work-deps.ts";

const assignSeconds = 120;

/** Rounds of tasks that are done once for each key: by agents with a model, and without one by rules. */
export const createTaskWork = (deps: TaskWorkDeps): TaskWork => {
  const { records } = deps;

  const keptRound = async (jobId: string, key: string | undefined): Promise<KeptRound | undefined> =>
    key === undefined ? undefined : ((await records.kept(jobId, key)) as KeptRound | undefined);

  /** Nothing is done, and no model paid, for somebody who is not known any more. */
  const assertKnown = ({ principal }: JobWork): void => {
    if (deps.rolesOf(principal.id) !== undefined) return;
    throw new AppError("POLICY_DENIED", "Who began this job is not known any more.");
  };

  return {
    async doTask(job, request, { signal, beat = () => undefined }) {
      const { key } = request;
      signal.throwIfAborted();
      const kept = await keptRound(job.id, key);
      if (kept) return forHistory(kept, key, job);
      assertKnown(job);
      const [earlier, before] = await Promise.all([
        keptRound(job.id, roundBefore(key)),
        effectsBefore(records, job.id, key),
      ]);
      const time = startRoundTime(signal, request.timeoutSeconds);
      try {
        const { result, effects } = await doRound(deps, {
          job,
          request,
          // A person's word comes with the request; why the guardrails refused is kept whole.
          feedback: earlier?.status === "refused" ? earlier.feedback : request.feedback,
          effects: before,
          signal: time.signal,
          isOver: time.isOver,
          deadlineAt: performance.now() + request.timeoutSeconds * 1_000,
          beat,
        });
        await keepEffects(records, job.id, key, effects);
        // Nobody knows what happened: the journal says the same to whoever comes again.
        if (result.status === "outcome_unknown") return result;
        await records.keep(job.id, key, result);
        return forHistory(result, key, job);
      } finally {
        time.end();
      }
    },

    async assign(job, { key, ...question }, { signal, beat = () => undefined }) {
      type Choice = Awaited<ReturnType<TaskWork["assign"]>>;
      const kept = (await records.kept(job.id, key)) as Choice | undefined;
      if (kept) return kept;
      assertKnown(job);
      const time = startRoundTime(signal, assignSeconds);
      try {
        const ask = modelFor(deps, {
          agent: question.manager,
          permit: deps.permitFor(job),
          signal: time.signal,
          deadlineAt: performance.now() + assignSeconds * 1_000,
          beat,
        });
        const choice: Choice = ask
          ? await assignByModel(question, ask)
          : { agents: assignByWords(question), usage: { tokens: 0, cost: 0 } };
        await records.keep(job.id, key, choice);
        return choice;
      } finally {
        time.end();
      }
    },
  };
};
