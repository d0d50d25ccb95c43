/** Why a crew's job ended without a result. */
export type CrewFailureReason = "limit_reached" | "guardrails_unmet" | "rejected";

/** Thrown by the program; plain data, because it crosses from one process to another. */
export class CrewFailure extends Error {
  readonly reason: CrewFailureReason;
  readonly task: string | undefined;

  constructor(reason: CrewFailureReason, message: string, task?: string) {
    super(message);
    this.name = "CrewFailure";
    this.reason = reason;
    this.task = task;
  }
}
