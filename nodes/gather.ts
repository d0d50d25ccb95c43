import type { Degraded, Evidence } from "../platform/evidence/evidence.ts";
import type { StepResult } from "./query.ts";

/** Gives the evidence of all steps that have ended its ids, in the plan's order: `e1`, `e2` … */
export const numberEvidence = (results: readonly StepResult[]): Evidence[] =>
  [...results]
    .sort((left, right) => left.step.part - right.step.part)
    .flatMap((result) => result.evidence)
    .map((item, index) => ({ ...item, id: `e${index + 1}` }));

/** Where the branches of one wave meet before the steps that wait for them go out. */
export const createGather = () =>
  async function gather(): Promise<Record<string, never>> {
    return {};
  };

/**
 * What did not take part: failed steps under their target's name, and what the steps themselves report. A call of the model
 * that failed is forgotten once a later one of the same tool has worked.
 */
export const degradedOf = (results: readonly StepResult[]): Degraded[] =>
  results.flatMap((result, index) => [
    ...(result.status === "failed" && !isMended(result, results.slice(index + 1))
      ? [{ part: result.step.target, reason: result.reason ?? "" }]
      : []),
    ...result.degraded,
  ]);

const isMended = ({ step }: StepResult, later: readonly StepResult[]): boolean =>
  step.callId !== undefined && later.some((result) => result.status === "ok" && result.step.target === step.target);
