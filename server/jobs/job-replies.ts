import { z } from "zod";
import { Degraded } from "../../platform/evidence/evidence.ts";
import { type Job, type JobEntry, jobStatuses } from "../../workflows/jobs/job.ts";
import type { JobEvent } from "../../workflows/jobs/job-store.ts";

const Citation = z.object({
  id: z.string(),
  title: z.string(),
  url: z.string().optional(),
  item_id: z.string().optional().describe("A message or a piece of a document of the memory."),
});
const Output = z.object({
  text: z.string(),
  data: z.unknown().optional(),
  citations: z.array(Citation),
  degraded: z.array(Degraded).optional().describe("What was missing when it was made."),
});
const Question = z
  .object({
    key: z.string().describe("Names the question where a job waits for several answers."),
    about: z
      .enum(["task", "result", "outcome"])
      .describe("May a task begin, does its result count, did a call happen that nobody knows of."),
    task: z.string(),
    round: z.int(),
    output: Output.optional(),
    call: z.object({ tool: z.string(), summary: z.string() }).optional(),
    asked_at: z.string(),
  })
  .meta({ id: "JobQuestion" });

export const JobStatusName = z.enum(jobStatuses);

export const JobReply = z
  .object({
    id: z.string(),
    crew: z.string(),
    status: JobStatusName,
    progress: z.object({ done: z.int(), total: z.int(), running: z.array(z.string()) }),
    result: Output.optional(),
    error: z.object({ code: z.string(), message: z.string(), task: z.string().optional() }).optional(),
    question: Question.optional().describe("What it waits to be told; the oldest of several."),
    usage: z.object({ tokens: z.number(), cost: z.number() }),
    thread_id: z.string().describe("The conversation that its result goes into."),
    created_at: z.string(),
    ended_at: z.string().optional(),
  })
  .meta({ id: "Job" });
export type JobReply = z.infer<typeof JobReply>;

/** A job of a list. */
export const JobEntryReply = JobReply.omit({ result: true, question: true })
  .extend({
    has_result: z.boolean().describe("`GET /v1/jobs/{id}` has a result."),
    question: Question.pick({ key: true, about: true, task: true, asked_at: true })
      .optional()
      .describe("What it waits to be told; `GET /v1/jobs/{id}` has all of it."),
  })
  .meta({ id: "JobEntry" });
export type JobEntryReply = z.infer<typeof JobEntryReply>;

export const JobsReply = z.object({ jobs: z.array(JobEntryReply), next_after: z.string().nullable() });

/** One event of the stream; the name of the server-sent event is its kind. */
export const JobEventReply = z
  .object({
    sequence: z.int(),
    kind: z.string(),
    at: z.string(),
    task: z.string().optional(),
    round: z.int().optional(),
    agent: z.string().optional(),
    text: z.string().optional(),
  })
  .meta({ id: "JobEvent" });
export type JobEventReply = z.infer<typeof JobEventReply>;

type Result = NonNullable<Job["result"]>;

const toOutput = ({ text, data, citations, degraded }: Result): z.infer<typeof Output> => ({
  text,
  ...(data === undefined ? {} : { data }),
  citations: citations.map(({ id, title, url, itemId }) => ({
    id,
    title,
    ...(url === undefined ? {} : { url }),
    ...(itemId === undefined ? {} : { item_id: itemId }),
  })),
  ...(degraded === undefined ? {} : { degraded: [...degraded] }),
});

const toQuestion = ({ key, question, askedAt }: NonNullable<Job["question"]>): z.infer<typeof Question> => ({
  key,
  about: question.about,
  task: question.task,
  round: question.round,
  ...(question.about === "result" ? { output: toOutput(question.output) } : {}),
  ...(question.about === "outcome" ? { call: { tool: question.call.tool, summary: question.call.summary } } : {}),
  asked_at: askedAt,
});

const toCommon = (job: JobEntry) => ({
  id: job.id,
  crew: job.crew,
  status: job.status,
  progress: { ...job.progress, running: [...job.progress.running] },
  ...(job.error ? { error: { ...job.error } } : {}),
  usage: { ...job.usage },
  thread_id: job.threadId,
  created_at: job.createdAt,
  ...(job.endedAt === undefined ? {} : { ended_at: job.endedAt }),
});

export const toJobReply = (job: Job): JobReply => ({
  ...toCommon(job),
  ...(job.result ? { result: toOutput(job.result) } : {}),
  ...(job.question ? { question: toQuestion(job.question) } : {}),
});

export const toJobEntryReply = (entry: JobEntry): JobEntryReply => {
  const { key, question, askedAt } = entry.question ?? {};
  return {
    ...toCommon(entry),
    has_result: entry.hasResult ?? false,
    ...(key === undefined || question === undefined || askedAt === undefined
      ? {}
      : { question: { key, about: question.about, task: question.task, asked_at: askedAt } }),
  };
};

export const toJobEventReply = ({ sequence, kind, at, task, round, agent, text }: JobEvent): JobEventReply => ({
  sequence,
  kind,
  at,
  ...(task === undefined ? {} : { task }),
  ...(round === undefined ? {} : { round }),
  ...(agent === undefined ? {} : { agent }),
  ...(text === undefined ? {} : { text }),
});
