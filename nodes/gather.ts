import type { Degraded, Evidence } from "../platform/evidence/evidence.ts";
import type { Step, StepResult } from "./query.ts";

interface Reads {
  readonly steps: readonly Step[];
  readonly results: readonly StepResult[];
}

interface Writes {
  evidence: Evidence[];
}

/** Numbers the evidence of all steps that have ended, in the plan's order: `e1`, `e2` … */
export const createGather = () =>
  async function gather({ results }: Reads): Promise<Writes> {
    const ordered = [...results].sort(
      (left, right) => left.step.part - right.step.part || (left.step.id < right.step.id ? -1 : 1),
    );
    const evidence = ordered.flatMap((result) => result.evidence);
    return { evidence: evidence.map((item, index) => ({ ...item, id: `e${index + 1}` })) };
  };

/** What did not take part: failed steps under their target's name, and what the steps themselves report. */
export const degradedOf = (results: readonly StepResult[]): Degraded[] =>
  results.flatMap((result) => [
    ...(result.status === "failed" ? [{ part: result.step.target, reason: result.reason ?? "" }] : []),
    ...result.degraded,
  ]);
