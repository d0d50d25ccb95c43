import { ApplicationFailure, Context } from "@temporalio/activity";
import { AppError, isAppError } from "../../../platform/errors/app-error.ts";
import type { CrewAgent, CrewTask } from "../../crews/crew.ts";
import { outlineOf } from "../crew-outline.ts";
import type { TaskRun, TaskWork } from "../do-task.ts";
import { errorForLog } from "../error-for-log.ts";
import { isStoreAway } from "../is-store-away.ts";
import type { JobWork } from "../job.ts";
import type { JobRecords } from "../job-store.ts";
import { withoutContent } from "../without-content.ts";
import type { CrewActivities, RoundCall } from "./crew-activities.ts";
import { runStep, type StepOutcome } from "./run-step.ts";
import { type StepFailure, toBeCancelled } from "./step-failure.ts";

export interface CrewActivitiesDeps {
  readonly work: TaskWork;
  readonly records: JobRecords;
  /** Told of each step that ended here: how, and how long it took. */
  readonly onStep?: (step: "task" | "assign", outcome: StepOutcome, seconds: number) => void;
  /** Told of failures that nobody foresaw, as a log may have them: the workflow learns nothing of them. */
  readonly onUnforeseen?: (error: unknown, step: string, jobId: string) => void;
  /** How often a running step says that it is alive, and hears whether it is cancelled. */
  readonly beatMs?: number | undefined;
}

/** As the workflow reads it; `isFinal`: Temporal itself does not try again. */
const toFailure = (error: unknown, isFinal: boolean): ApplicationFailure => {
  if (error instanceof ApplicationFailure) return error;
  const known = isAppError(error) ? error : new AppError("INTERNAL", "A step failed inside Athena.");
  const { code, message, retryable, retryAfterSeconds } = known;
  const told: StepFailure = { retryable, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) };
  return ApplicationFailure.create({ type: code, message, nonRetryable: isFinal, details: [told] });
};

/** Attempts at a read or write of our own that fails for no known reason. */
const mostOddAttempts = 5;

const found = <Value>(value: Value | undefined, what: string): Value => {
  if (value !== undefined) return value;
  throw ApplicationFailure.create({ type: "NOT_FOUND", message: `There is no ${what}.`, nonRetryable: true });
};

/**
 * What a crew's workflow does to the world: tasks by `work`, the job's rows by `records`. A step stops when the job is
 * cancelled, its time is up or the worker goes; only the last is tried again without counting.
 */
export const createCrewActivities = (deps: CrewActivitiesDeps): CrewActivities => {
  const { work, records, onStep, onUnforeseen, beatMs = 1_000 } = deps;

  const note = async (error: unknown, step: string, jobId: string): Promise<void> => {
    if (isAppError(error) || error instanceof ApplicationFailure) return;
    // As it is now: its conversation may have turned confidential.
    const job = await records.work(jobId).catch(() => undefined);
    onUnforeseen?.(errorForLog(error, job?.mode), step, jobId);
  };
  /** Our own rows: what is only away comes back, however long that takes. Says that it is alive: what a killed worker did goes to another one soon. */
  const reading = async <Result>(step: string, jobId: string, read: () => Promise<Result>): Promise<Result> => {
    const context = Context.current();
    const beat = setInterval(() => context.heartbeat(), beatMs);
    try {
      return await read();
    } catch (error) {
      await note(error, step, jobId);
      const isOdd = !isAppError(error) && context.info.attempt < mostOddAttempts;
      const mayPass = isStoreAway(error) || (isAppError(error) && error.retryable);
      throw toFailure(error, !isOdd && !mayPass);
    } finally {
      clearInterval(beat);
    }
  };
  const jobOf = async (id: string): Promise<JobWork> => found(await records.work(id), "such job");

  const running = <Result>(
    name: "task" | "assign",
    { jobId, timeoutSeconds, withoutModel = false }: Pick<RoundCall, "jobId" | "timeoutSeconds" | "withoutModel">,
    step: (job: JobWork, run: TaskRun) => Promise<Result>,
  ): Promise<Result> =>
    runStep(
      {
        timeoutSeconds,
        beatMs,
        onEnd: (outcome, seconds) => onStep?.(name, outcome, seconds),
        toFailure: (error) => {
          void note(error, name, jobId);
          // Temporal repeats what our own stores missed, the workflow counts everything else.
          return toFailure(error, !isStoreAway(error));
        },
      },
      async (run) => {
        const job = await jobOf(jobId);
        // It may be on its way to the workflow still, and nothing that has effects shall begin.
        if (await records.wishesToCancel(jobId)) {
          throw ApplicationFailure.nonRetryable("The job is to be cancelled.", toBeCancelled);
        }
        return step(job, { ...run, withoutModel });
      },
    );

  /** Of a confidential job, what people said: why they wanted another round, of calls that were cut off. The workflow was not told. */
  const withheld = async (
    job: JobWork,
    { key, answers }: RoundCall,
  ): Promise<Pick<RoundCall, "feedback" | "answers">> => {
    if (job.mode !== "confidential") return {};
    const reasonOf = async (question: string): Promise<string | undefined> =>
      (await records.decision(job.id, question))?.reason;
    const [, begin, round] = /^(.*\/)(\d+)$/.exec(key) ?? [];
    const feedback = Number(round) < 2 ? undefined : await reasonOf(`${begin}${Number(round) - 1}/result`);
    const whole = answers?.map(async (answer) => {
      const reason = await reasonOf(answer.question);
      return reason === undefined ? answer : { ...answer, reason };
    });
    return {
      ...(feedback === undefined ? {} : { feedback }),
      ...(whole === undefined ? {} : { answers: await Promise.all(whole) }),
    };
  };

  const agentOf = (job: JobWork, id: string): CrewAgent =>
    found(
      job.crew.agents.find((agent) => agent.id === id),
      "such agent in this crew",
    );
  const taskOf = (job: JobWork, id: string): CrewTask =>
    found(
      job.crew.tasks.find((task) => task.id === id),
      "such task in this crew",
    );

  return {
    open: (jobId) =>
      reading("open", jobId, async () => {
        const { crew } = await jobOf(jobId);
        await records.started(jobId);
        return { crew: outlineOf(crew), isToCancel: await records.wishesToCancel(jobId) };
      }),
    doTask: (call) =>
      running("task", call, async (job, run) => {
        const { jobId: _, withoutModel: __, ...names } = call;
        const task = taskOf(job, call.task);
        const agent = agentOf(job, call.agent);
        const request = { ...names, task, agent, ...(await withheld(job, call)) };
        const result = await work.doTask(job, request, run);
        return job.mode === "confidential" ? withoutContent(result, call.key) : result;
      }),
    assign: (call) =>
      running("assign", call, (job, run) =>
        work.assign(
          job,
          {
            key: call.key,
            manager: agentOf(job, call.manager),
            agents: call.agents.map((id) => agentOf(job, id)),
            tasks: call.tasks.map((id) => taskOf(job, id)),
          },
          run,
        ),
      ),
    emit: (jobId, event) => reading("emit", jobId, () => records.emit(jobId, event)),
    ask: (jobId, key, question) => reading("ask", jobId, () => records.ask(jobId, key, question)),
    decision: (jobId, key) =>
      reading("decision", jobId, async () => {
        const decision = await records.decision(jobId, key);
        if (decision?.reason === undefined || (await jobOf(jobId)).mode !== "confidential") return decision;
        return { decision: decision.decision, by: decision.by };
      }),
    wishesToCancel: (jobId) => reading("wishesToCancel", jobId, () => records.wishesToCancel(jobId)),
    finish: (jobId, outcome) => reading("finish", jobId, () => records.finish(jobId, outcome)),
  };
};
