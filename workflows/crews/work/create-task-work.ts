import type { TaskWork } from "../../jobs/do-task.ts";
import { createAskModel } from "./ask-model.ts";
import { assignByModel, assignByWords } from "./assign-tasks.ts";
import { doRound } from "./do-round.ts";
import { effectsBefore, forHistory, type KeptRound, keepEffects, refOf, roundBefore } from "./kept-round.ts";
import { startRoundTime } from "./round-time.ts";
import type { TaskWorkDeps } from "./task-work-deps.ts";

const assignSeconds = 120;

/** Rounds of tasks that are done once for each key: by agents with a model, and without one by rules. */
export const createTaskWork = (deps: TaskWorkDeps): TaskWork => {
  const { records, models } = deps;

  const earlierRound = async (jobId: string, key: string): Promise<KeptRound | undefined> => {
    const before = roundBefore(key);
    return before === undefined ? undefined : ((await records.kept(jobId, before)) as KeptRound | undefined);
  };

  return {
    async doTask(job, request, { signal, beat = () => undefined }) {
      const { key } = request;
      signal.throwIfAborted();
      const kept = (await records.kept(job.id, key)) as KeptRound | undefined;
      if (kept) return forHistory(kept, key, job);
      const earlier = await earlierRound(job.id, key);
      const before = await effectsBefore(records, job.id, key);
      const time = startRoundTime(signal, request.timeoutSeconds);
      const { result, effects } = await (async () => {
        try {
          return await doRound(deps, {
            job,
            request,
            // A person's word comes with the request; why the guardrails refused is kept whole.
            feedback: earlier?.result.status === "refused" ? earlier.result.feedback : request.feedback,
            effects: before,
            signal: time.signal,
            isOver: time.isOver,
            deadlineAt: performance.now() + request.timeoutSeconds * 1_000,
            beat,
          });
        } finally {
          time.end();
        }
      })();
      await keepEffects(records, job.id, key, effects);
      // Nobody knows what happened: the journal says the same to whoever comes again.
      if (result.status === "outcome_unknown") return result;
      if (result.status === "ok") await records.keep(job.id, refOf(key), result.output);
      const round: KeptRound = { result };
      await records.keep(job.id, key, round);
      return forHistory(round, key, job);
    },

    async assign(job, { key, ...question }, { signal, beat = () => undefined }) {
      type Choice = Awaited<ReturnType<TaskWork["assign"]>>;
      const kept = (await records.kept(job.id, key)) as Choice | undefined;
      if (kept) return kept;
      const permit = deps.permitFor(job);
      const model = question.manager.model ?? models.answerModel;
      const hasModel = models.configured && permit.class !== "blocked" && permit.class !== "generalised";
      const time = startRoundTime(signal, assignSeconds);
      try {
        const choice: Choice =
          hasModel && model !== undefined
            ? await assignByModel(
                question,
                createAskModel({
                  models,
                  request: {
                    model,
                    permit,
                    signal: time.signal,
                    deadlineAt: performance.now() + assignSeconds * 1_000,
                  },
                  costOf: deps.costOf ?? (() => 0),
                  beat,
                }),
              )
            : { agents: assignByWords(question), usage: { tokens: 0, cost: 0 } };
        await records.keep(job.id, key, choice);
        return choice;
      } finally {
        time.end();
      }
    },
  };
};
