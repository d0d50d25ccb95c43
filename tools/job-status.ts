import { z } from "zod";
import { failureReason } from "../platform/language/failure-reasons.ts";
import type { Job } from "../workflows/jobs/job.ts";
import { type CallersJobs, findJob, maySay } from "./find-job.ts";
import { inWords, jobName, jobWords } from "./job-words.ts";
import { defineTool } from "./tool.ts";

const Input = z.object({
  job: z.string().max(64).optional().describe("The id of a long job."),
  crew: z.string().max(64).optional().describe("The kind of job: deep-research, report, answer, triage."),
});
const Question = z.object({
  key: z.string(),
  about: z.enum(["task", "result", "outcome"]),
  task: z.string(),
  tool: z.string().optional(),
  /** What is judged, or what was to happen. */
  text: z.string().optional(),
});
const Output = z.object({
  /** Undefined: the caller has none. */
  job: z
    .object({
      id: z.string(),
      crew: z.string(),
      thread: z.string(),
      status: z.string(),
      done: z.number(),
      total: z.number(),
      running: z.array(z.string()),
      question: Question.optional(),
      code: z.string().optional(),
      reason: z.string().optional(),
      result: z.string().optional(),
      sources: z.array(z.object({ id: z.string(), title: z.string(), url: z.string().optional() })).optional(),
      /** Its words stand in a confidential conversation that is not this one. */
      isElsewhere: z.boolean(),
    })
    .optional(),
});
type Output = z.infer<typeof Output>;
type Seen = NonNullable<Output["job"]>;

const questionOf = ({ question }: Job, mayTell: boolean): Seen["question"] => {
  if (!question) return undefined;
  const asked = question.question;
  const { about, task } = asked;
  const words =
    asked.about === "result"
      ? { text: asked.output.text }
      : asked.about === "outcome"
        ? { tool: asked.call.tool, text: asked.call.summary }
        : {};
  return {
    key: question.key,
    about,
    task,
    ...(mayTell ? words : { ...("tool" in words ? { tool: words.tool } : {}) }),
  };
};

const toSeen = (job: Job, mayTell: boolean): Seen => {
  const question = questionOf(job, mayTell);
  return {
    id: job.id,
    crew: job.crew,
    thread: job.threadId,
    status: job.status,
    done: job.progress.done,
    total: job.progress.total,
    running: [...job.progress.running],
    ...(question ? { question } : {}),
    ...(job.error && mayTell ? { code: job.error.code, reason: job.error.message } : {}),
    ...(job.result && mayTell
      ? {
          result: job.result.text,
          sources: job.result.citations.map(({ id, title, url }) => ({ id, title, ...(url ? { url } : {}) })),
        }
      : {}),
    isElsewhere: !mayTell,
  };
};

const askings = {
  task: { asked: jobWords.askedTask, answers: jobWords.answersTask },
  result: { asked: jobWords.askedResult, answers: jobWords.answersResult },
  outcome: { asked: jobWords.askedOutcome, answers: jobWords.answersOutcome },
} as const;

/** What it waits to be told, and how to tell it: with the question's key, since others may be open too. */
const waiting = (
  { id, crew, question, done, total }: Seen,
  locale: string,
  link: string,
  elsewhere: readonly string[],
): string[] => {
  const name = jobName(crew, locale);
  if (!question) return [inWords(locale, jobWords.running, { name, done, total }), ...elsewhere];
  const { key, about, task, tool = "", text } = question;
  const { asked, answers } = askings[about];
  return [
    inWords(locale, asked, { name, task, tool, done, total }),
    ...(text === undefined ? elsewhere : [text]),
    inWords(locale, answers, { link }),
    inWords(locale, jobWords.withKey, { id, key: JSON.stringify({ key }) }),
  ];
};

/** A job in words: how far it is, what it waits for, what it gave. */
const sayJob = (job: Seen, locale: string): string => {
  const { id, crew, thread, status, running, done, total, code, reason, result, isElsewhere } = job;
  const values = { name: jobName(crew, locale), id, link: `/v1/jobs/${id}`, done, total };
  const elsewhere = isElsewhere ? [inWords(locale, jobWords.elsewhere, { ...values, thread })] : [];
  const why = [failureReason(code, locale), reason].filter(Boolean).join(" ");
  const more = inWords(locale, jobWords.more, values);
  const lines = (): readonly string[] => {
    switch (status) {
      case "completed":
        return [inWords(locale, jobWords.completed, values), ...(result === undefined ? elsewhere : ["", result])];
      case "failed":
        return [
          inWords(locale, jobWords.failed, values),
          ...(reason === undefined ? elsewhere : [inWords(locale, jobWords.why, { reason: why })]),
          more,
        ];
      case "cancelled":
        return [inWords(locale, jobWords.cancelled, values), more];
      case "waiting_approval":
      case "outcome_unknown":
        return waiting(job, locale, values.link, elsewhere);
      case "queued":
        return [inWords(locale, jobWords.queued, values), more];
      default:
        return [
          inWords(locale, jobWords.running, values),
          ...(running.length === 0 ? [] : [inWords(locale, jobWords.now, { tasks: running.join(", ") })]),
          more,
        ];
    }
  };
  return lines().join("\n");
};

/**
 * How far a long job of the caller is, what it waits to be told, its result, or why there is none: of the job that `findJob`
 * finds. Words of confidential conversations are said in them, and in other confidential ones of the caller alone.
 * @throws {AppError} DATABASE_UNAVAILABLE (retryable)
 */
export const createJobStatus = ({ jobs }: { readonly jobs: CallersJobs }) =>
  defineTool({
    name: "job_status",
    description: "How far a long job of the user (research, report) is, what it waits for, or what it gave.",
    effect: "read",
    idempotent: true,
    allowedRoles: ["user"],
    scopes: [],
    input: Input,
    output: Output,
    async run(asked, context): Promise<Output> {
      const found = await findJob(jobs, asked, context);
      const job = found && (await jobs.get(context.principal.id, found.id));
      return job ? { job: toSeen(job, await maySay(jobs, job, context)) } : {};
    },
    render: ({ job }, _input, locale) => (job ? sayJob(job, locale) : inWords(locale, jobWords.none)),
  });
