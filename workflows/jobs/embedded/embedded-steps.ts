import { interrupt } from "@langchain/langgraph";
import { isAppError } from "../../../platform/errors/app-error.ts";
import { CrewFailure } from "../../crews/crew-failure.ts";
import { type Allowance, type Decision, type Steps, stepNameOf, type TaskUsage } from "../../crews/steps.ts";
import type { TaskRun, TaskWork } from "../do-task.ts";
import { isStoreAway } from "../is-store-away.ts";
import type { JobError, JobWork } from "../job.ts";
import type { JobRecords } from "../job-store.ts";
import type { TaskAttempts } from "../task-attempts.ts";
import { toJobError } from "../to-job-error.ts";
import { attemptTask } from "./attempt-task.ts";
import type { DecisionDesk } from "./decision-desk.ts";
import { LeaseLost } from "./job-leases.ts";
import { type KeptStep, keepBranch, keepStep, StepFailed } from "./kept-step.ts";

export interface EmbeddedStepsOptions {
  /** As it was when the run began. */
  readonly job: JobWork;
  /** As it is now: its conversation may have turned confidential. @throws {LeaseLost} it has ended. */
  readonly current: () => Promise<JobWork>;
  readonly startedAt: number;
  readonly work: TaskWork;
  readonly records: Pick<JobRecords, "emit" | "decision">;
  readonly desk: DecisionDesk;
  readonly attempts: TaskAttempts;
  readonly now: () => number;
  /** Resolves when a step may begin: what came before is kept, and this process has the job. */
  readonly ready: () => Promise<void>;
  readonly signal: AbortSignal;
  /** Told of failures that nobody foresaw. */
  readonly onUnforeseen: (error: unknown, task: string | undefined) => void;
}

const nothing: TaskUsage = { tokens: 0, cost: 0 };
const sum = (left: TaskUsage, right: TaskUsage): TaskUsage => ({
  tokens: left.tokens + right.tokens,
  cost: left.cost + right.cost,
});

export interface EmbeddedSteps {
  readonly steps: Steps;
  /** What those steps have used that were seen so far. */
  usage(): TaskUsage;
  /** Resolves when no attempt is under way any more; what does not heed its signal is left behind. */
  settled(): Promise<void>;
  /** Lets go of the branches that have not begun, at the end of the run. */
  close(): void;
}

/** A task's branch: known to LangGraph from the start of the run, begun when the program comes to it. */
interface Branch {
  readonly begin: (inside: ((steps: Steps) => Promise<unknown>) | undefined) => void;
  readonly ended: Promise<unknown>;
}

/**
 * The steps of one run of a job, each kept by LangGraph. Must be made in the entrypoint, before anything else: LangGraph knows a
 * step by its place in the order of steps, so all branches are announced at once, in the order of the crew's tasks, and may
 * then begin in any order.
 */
export const createEmbeddedSteps = (options: EmbeddedStepsOptions): EmbeddedSteps => {
  const { job, current, startedAt, work, records, desk, attempts, now, ready, signal, onUnforeseen } = options;
  const used = new Map<string, TaskUsage>();
  const underWay = new Set<Promise<unknown>>();
  let latest = startedAt;

  /** A failure of the work itself ends the job and is kept; when the run is stopped or our own stores are away, the step stays undone. */
  const failureOf = (error: unknown, of: string | undefined): JobError | undefined => {
    if (signal.aborted || isStoreAway(error) || error instanceof LeaseLost) return undefined;
    if (!isAppError(error) && !(error instanceof CrewFailure)) onUnforeseen(error, of);
    return toJobError(error, of);
  };

  const seen = <Value>({ at, failure, value }: KeptStep<Value>): Value => {
    latest = Math.max(latest, at);
    if (failure) throw new StepFailed(failure);
    return value as Value;
  };

  /** `branch`: the task whose steps these are; the clock of a branch goes on with its own steps only. */
  const stepsOf = (branch: string | undefined, clock: { at: number }): Steps => {
    const step = async <Value>(name: string, body: () => Promise<KeptStep<Value>>): Promise<Value> => {
      const kept = await keepStep(name, async () => {
        await ready();
        return body();
      });
      clock.at = Math.max(clock.at, kept.at);
      used.set(branch ?? "", sum(used.get(branch ?? "") ?? nothing, kept.usage));
      return seen(kept);
    };
    const workStep = <Value extends { readonly usage: TaskUsage }>(
      key: string,
      allowance: () => Allowance,
      body: (job: JobWork, run: TaskRun, allowed: Allowance) => Promise<Value>,
    ): Promise<Value> =>
      step(key, async () => {
        try {
          const allowed = allowance();
          const once = async (run: TaskRun) => {
            const as = await current();
            run.signal.throwIfAborted();
            return body(as, run, allowed);
          };
          const attempts = attemptTask(once, limited(allowed.seconds));
          underWay.add(attempts);
          const value = await attempts.finally(() => underWay.delete(attempts));
          return { at: now(), usage: value.usage, value };
        } catch (error) {
          const failure = failureOf(error, branch);
          if (!failure) throw error;
          return { at: now(), usage: nothing, failure };
        }
      });
    const limited = (seconds: number) => ({
      attempts,
      signal,
      timeLeftMs: seconds * 1_000,
      overTime: () => {
        const { wallSeconds } = job.crew.limits;
        return new CrewFailure("limit_reached", `The job stopped after ${wallSeconds} seconds, its limit.`, branch);
      },
    });
    return {
      now: () => (branch === undefined ? latest : clock.at),
      emit: (event) => desk.during(() => records.emit(job.id, event)),
      runTask: (request, allowance) =>
        workStep(stepNameOf(request), allowance, (as, run, { tokens, seconds }) =>
          work.doTask(as, { ...request, tokensLeft: tokens, timeoutSeconds: seconds }, run),
        ),
      assign(request) {
        const { tokens, wallSeconds } = job.crew.limits;
        return workStep(
          request.key,
          () => ({ tokens, seconds: wallSeconds }),
          (as, run) => work.assign(as, request, run),
        );
      },
      async awaitApproval(key, question) {
        let said: Decision | undefined;
        await step(key, async () => {
          said = (await desk.wait(key, question)) ?? interrupt<unknown, Decision>({ waitsFor: key });
          return { at: now(), usage: nothing };
        });
        // What people say is kept with the job's questions only, sealed where it must be.
        said ??= await records.decision(job.id, key);
        if (!said) throw new Error("a decision that was seen is there no more");
        return said;
      },
      async branch<Result>(name: string, inside: (steps: Steps) => Promise<Result>) {
        const { begin, ended } = branches.get(name)!;
        begin(inside);
        return (await desk.during(() => ended)) as Result;
      },
    };
  };

  const announce = (name: string): Branch => {
    const begun = Promise.withResolvers<((steps: Steps) => Promise<unknown>) | undefined>();
    const ended = Promise.withResolvers<unknown>();
    // Who fails is told by the program, and perhaps nobody awaits it.
    ended.promise.catch(() => undefined);
    keepBranch(name, async () => {
      // The run may end before the program comes to it.
      const inside = (await begun.promise) ?? interrupt<unknown, never>({ waitsFor: name });
      try {
        ended.resolve(await inside(stepsOf(name, { at: latest })));
      } catch (error) {
        // To LangGraph only what keeps the branch from going on is a failure.
        if (!(error instanceof StepFailed) && !(error instanceof CrewFailure)) throw error;
        ended.reject(error);
      }
    }).catch(ended.reject);
    return { begin: begun.resolve, ended: ended.promise };
  };
  const branches = new Map(job.crew.tasks.map(({ id }) => [id, announce(id)]));

  return {
    steps: stepsOf(undefined, { at: startedAt }),
    usage: () => [...used.values()].reduce(sum, nothing),
    async settled() {
      await Promise.allSettled(underWay);
    },
    close() {
      for (const { begin } of branches.values()) begin(undefined);
    },
  };
};
