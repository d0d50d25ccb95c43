import { AppError } from "../../platform/errors/app-error.ts";
import type { EventBus, RunningConsumer } from "../../platform/events/event-bus.ts";
import { type Payload, parsePayload } from "../../platform/events/subjects.ts";
import type { JobDesk } from "../../workflows/jobs/job-desk.ts";

export interface ConsumeJobRequestsDeps {
  readonly bus: Pick<EventBus, "consume">;
  readonly desk: Pick<JobDesk, "start" | "begin">;
  /** Roles that a principal has now; undefined: it is not known. */
  readonly rolesOf: (principal: string) => readonly string[] | undefined;
}

type Request = Payload<"agent.run.requested.{agent}">;

/**
 * Has `agent.run.requested.{agent}` start jobs. The event of a job of our own hands it to the engine once more, whatever became of
 * who made it; another's makes a job, once for each `run_id`. What cannot be started becomes a dead letter.
 */
export const consumeJobRequests = ({ bus, desk, rolesOf }: ConsumeJobRequestsDeps): Promise<RunningConsumer> =>
  bus.consume({
    name: "job-requests",
    subjects: ["agent.run.requested.*"],
    maxDeliver: 8,
    // As many jobs as may be of one principal is a matter of minutes.
    backoffMs: [1_000, 5_000, 30_000, 120_000, 600_000],
    async handle({ event }) {
      const { run_id, agent, thread_id, principal, input = {} } = parsePayload(event.subject, event.payload) as Request;
      const isOwn = event.aggregate.type === "job" && event.aggregate.id === run_id;
      // A job of our own that is not there any more has ended long ago.
      if ((await desk.begin(run_id)) || isOwn) return;
      const roles = rolesOf(principal);
      if (!roles)
        throw new AppError("POLICY_DENIED", "Nobody of this name may have jobs here.", { field: "principal" });
      await desk.start({
        principal: { id: principal, roles, profile: "openai" },
        crew: agent,
        input,
        idempotencyKey: `event:${run_id}`,
        ...(thread_id === undefined ? {} : { threadId: thread_id }),
      });
    },
  });
