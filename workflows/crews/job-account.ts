import type { CrewLimits } from "./crew.ts";
import { CrewFailure } from "./crew-failure.ts";
import { addSpent, nothingSpent, type Spent, spentOn } from "./spent.ts";
import type { Allowance, TaskUsage } from "./steps.ts";

/** What a job has used of its limits, booked when it is used: tasks side by side see what the others took. */
export interface JobAccount {
  spent(): Spent;
  /** A round, or the manager's choice, begins and is one of the steps. @throws {CrewFailure} limit_reached */
  begin(task: string): void;
  /**
   * Has something done that costs, and books what it used. `allowance` says what it may use at most: of the tokens the share of
   * one among all that are at work. @throws {CrewFailure} limit_reached, from `allowance`
   */
  during<Result extends { readonly usage: TaskUsage }>(
    task: string,
    work: (allowance: () => Allowance) => Promise<Result>,
  ): Promise<Result>;
}

export interface JobAccountOptions {
  readonly limits: CrewLimits;
  /** What earlier runs of the job used. */
  readonly spent: Spent;
  readonly workedSeconds: () => number;
}

export const createJobAccount = ({ limits, spent: before, workedSeconds }: JobAccountOptions): JobAccount => {
  let spent = before;
  let atWork = 0;

  const stop = (task: string, after: string): never => {
    throw new CrewFailure("limit_reached", `The job stopped after ${after}, its limit.`, task);
  };

  const allowanceOf = (task: string): Allowance => {
    const { tokens, cost } = spent;
    const seconds = limits.wallSeconds - workedSeconds();
    if (tokens >= limits.tokens) stop(task, `${limits.tokens} tokens`);
    if (limits.budget !== undefined && cost >= limits.budget) stop(task, `its budget of ${limits.budget}`);
    if (seconds <= 0) stop(task, `${limits.wallSeconds} seconds`);
    return { tokens: Math.ceil((limits.tokens - tokens) / Math.max(1, atWork)), seconds };
  };

  return {
    spent: () => spent,
    begin(task) {
      if (spent.steps >= limits.steps) stop(task, `${limits.steps} steps`);
      spent = addSpent(spent, { ...nothingSpent, steps: 1 });
    },
    async during(task, work) {
      atWork += 1;
      try {
        const result = await work(() => allowanceOf(task));
        spent = addSpent(spent, spentOn(result.usage));
        return result;
      } finally {
        atWork -= 1;
      }
    },
  };
};
