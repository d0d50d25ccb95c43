import type { Crew, CrewLimits } from "./crew.ts";

/** Limits that hold beside a crew's own. */
export type Bounds = Partial<Pick<CrewLimits, "steps" | "tokens" | "wallSeconds" | "budget">>;

const lower = (own: number, ...others: readonly (number | undefined)[]): number =>
  Math.min(own, ...others.filter((other) => other !== undefined));

/** The same crew with the lowest of its own limits and others. */
export const lowerLimits = (crew: Crew, ...bounds: readonly Bounds[]): Crew => {
  const { steps, tokens, wallSeconds, budget, parallel } = crew.limits;
  const budgets = [budget, ...bounds.map((bound) => bound.budget)].filter((one) => one !== undefined);
  return {
    ...crew,
    limits: {
      steps: lower(steps, ...bounds.map((bound) => bound.steps)),
      tokens: lower(tokens, ...bounds.map((bound) => bound.tokens)),
      wallSeconds: lower(wallSeconds, ...bounds.map((bound) => bound.wallSeconds)),
      ...(budgets.length === 0 ? {} : { budget: Math.min(...budgets) }),
      parallel,
    },
  };
};
