import type { EgressPermit } from "../../platform/egress/egress.ts";
import type { CrewAgent } from "../crews/crew.ts";
import { type AskModel, createAskModel } from "./ask-model.ts";
import type { TaskWorkDeps } from "./task-work-deps.ts";

export interface ModelQuestion {
  readonly agent: CrewAgent;
  readonly permit: EgressPermit;
  readonly signal: AbortSignal;
  readonly deadlineAt: number;
  readonly beat: () => void;
}

/** The model that an agent works with; undefined: there is none, or none that this job may be told to. */
export const modelFor = (
  { models, costOf = () => 0 }: Pick<TaskWorkDeps, "models" | "costOf">,
  { agent, permit, signal, deadlineAt, beat }: ModelQuestion,
): AskModel | undefined => {
  const model = agent.model ?? models.answerModel;
  // What may leave in these classes are features of a query: nothing that an agent could work with.
  if (!models.configured || model === undefined || permit.class === "blocked" || permit.class === "generalised") {
    return undefined;
  }
  return createAskModel({ models, request: { model, permit, signal, deadlineAt }, costOf, beat });
};
