import { randomUUID } from "node:crypto";
import type { DelegatedJob, JobDelegate } from "../../nodes/jobs/job-delegate.ts";
import { AppError } from "../../platform/errors/app-error.ts";

/** Takes jobs on as the shipped crews do, once for each key, and notes them; nobody runs them. */
export const createNotedJobs = (refusal?: AppError) => {
  const jobs = new Map<string, DelegatedJob & { readonly id: string }>();
  const delegate: JobDelegate = {
    fieldsOf(crew) {
      const language = { name: "language", kind: "text", isRequired: false } as const;
      if (crew === "deep-research") return [{ name: "topic", kind: "text", isRequired: true }, language];
      if (crew === "report") return [{ name: "period", kind: "period", isRequired: true }, language];
      if (crew === "answer") {
        const more = ["instructions", "conversation", "found"].map(
          (name) => ({ name, kind: "text", isRequired: false }) as const,
        );
        return [{ name: "question", kind: "text", isRequired: true }, ...more, language];
      }
      return undefined;
    },
    isBegun: async (_principal, idempotencyKey) => jobs.has(idempotencyKey),
    async start(job) {
      if (refusal) throw refusal;
      const there = jobs.get(job.idempotencyKey);
      if (there && !job.anyInput && JSON.stringify(there.input) !== JSON.stringify(job.input))
        throw new AppError("IDEMPOTENCY_MISMATCH", "This key belongs to a job with another input.");
      const known = there ?? { ...job, id: randomUUID() };
      jobs.set(job.idempotencyKey, known);
      return { id: known.id, threadId: known.threadId };
    },
  };
  return { delegate, begun: () => [...jobs.values()] };
};
