import type { CrewField, JobDelegate } from "../../nodes/jobs/job-delegate.ts";
import type { Crew } from "../../workflows/crews/crew.ts";
import type { CrewsInForce } from "../../workflows/crews/crews-in-force.ts";
import type { JobDesk } from "../../workflows/jobs/job-desk.ts";

export interface JobDelegateDeps {
  readonly crews: Pick<CrewsInForce, "get">;
  readonly desk: Pick<JobDesk, "start" | "isBegun">;
}

const fieldsOf = ({ input }: Crew): CrewField[] => {
  const properties = (input.properties ?? {}) as Readonly<Record<string, { type?: unknown; format?: unknown }>>;
  const required = new Set(Array.isArray(input.required) ? (input.required as readonly unknown[]) : []);
  return Object.entries(properties).map(([name, { type, format }]) => ({
    name,
    kind: format === "period" ? "period" : type === "string" || type === undefined ? "text" : "other",
    isRequired: required.has(name),
  }));
};

/** How conversations ask for long jobs. */
export const createJobDelegate = ({ crews, desk }: JobDelegateDeps): JobDelegate => ({
  fieldsOf(id) {
    const crew = crews.get(id);
    return crew && fieldsOf(crew);
  },
  isBegun: (principal, idempotencyKey) => desk.isBegun(principal.id, idempotencyKey),
  async start(request) {
    const { job } = await desk.start({ ...request, anyThread: true });
    return { id: job.id, threadId: job.threadId };
  },
});
