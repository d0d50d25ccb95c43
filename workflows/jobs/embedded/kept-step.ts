import { task } from "@langchain/langgraph";
import type { TaskUsage } from "../../crews/steps.ts";
import type { JobError } from "../job.ts";

/** What is kept of a step: what it gave or how it ended the job, and when. */
export interface KeptStep<Value> {
  /** Milliseconds since 1970 at which it ended. */
  readonly at: number;
  readonly usage: TaskUsage;
  readonly value?: Value;
  readonly failure?: JobError;
}

/** A step that ended its job, now or before a restart. */
export class StepFailed extends Error {
  readonly failure: JobError;

  constructor(failure: JobError) {
    super(failure.message);
    this.name = "StepFailed";
    this.failure = failure;
  }
}

/**
 * Runs a step, or gives what is kept of it. Steps are known by their place in the order of steps and by their names: a program
 * that came another way runs a step again rather than take another's result.
 */
export const keepStep = async <Value>(name: string, body: () => Promise<KeptStep<Value>>): Promise<KeptStep<Value>> =>
  await task(name, body)();

/**
 * Runs steps that belong together: they are known by their places among themselves, whatever runs beside them. Of the branch
 * itself nothing is kept; it is gone through again, along what is kept of its steps.
 */
export const keepBranch = async (name: string, body: () => Promise<void>): Promise<void> => {
  await task(name, async () => {
    await body();
    return null;
  })();
};
