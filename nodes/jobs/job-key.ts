import type { Settled } from "../query.ts";
import type { StepState } from "../step-state.ts";

/** Id of the step by which a whole query is handed over, whatever parts it has. */
export const handOverStep = "handover";

export interface JobPlace extends Pick<StepState, "query" | "thread"> {
  readonly settled?: Settled | undefined;
  readonly step: Pick<StepState["step"], "id" | "part">;
}

/**
 * The key of a job that a query begins: one request is one job, however often it is sent; each part of it is one of its own. A
 * message that the caller named is the request, under whatever key that comes.
 */
export const jobKeyOf = ({ query, settled, thread, step }: JobPlace): string => {
  const { messageId, requestKey, requestId } = query;
  const place =
    messageId === undefined && requestKey !== undefined
      ? `request ${requestKey}`
      : `${thread.id} ${messageId ?? settled?.messageId ?? requestId}`;
  return `chat ${place} ${step.id === handOverStep ? step.id : step.part}`;
};
