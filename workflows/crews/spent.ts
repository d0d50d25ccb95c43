import type { TaskUsage } from "./steps.ts";

/** What a job has used up. */
export interface Spent {
  readonly steps: number;
  readonly tokens: number;
  readonly cost: number;
}

export const nothingSpent: Spent = { steps: 0, tokens: 0, cost: 0 };

export const addSpent = (left: Spent, right: Spent): Spent => ({
  steps: left.steps + right.steps,
  tokens: left.tokens + right.tokens,
  cost: left.cost + right.cost,
});

export const spentOn = ({ tokens, cost }: TaskUsage): Spent => ({ steps: 0, tokens, cost });
