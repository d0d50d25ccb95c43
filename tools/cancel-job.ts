import { z } from "zod";
import { type CallersJobs, findJobs } from "./find-job.ts";
import { inWords, jobName, jobWords } from "./job-words.ts";
import { defineTool } from "./tool.ts";

const Input = z.object({
  job: z.string().max(64).optional().describe("The id of the long job that is to stop."),
  crew: z.string().max(64).optional().describe("The kind of job: deep-research, report, triage."),
});
const Named = z.object({ id: z.string(), crew: z.string(), status: z.string() });
const Output = z.object({
  /** The one that stops, or has stopped. */
  job: Named.optional(),
  /** Several could be meant: none was stopped. */
  choices: z.array(Named),
});

/**
 * Stops a long job of the caller: the one of that id, else the only one of the crew that is named, of this conversation, or of
 * all. Where several could be meant none is stopped.
 * @throws {AppError} DATABASE_UNAVAILABLE (retryable)
 */
export const createCancelJob = ({ jobs }: { readonly jobs: CallersJobs }) =>
  defineTool({
    name: "cancel_job",
    description: "Cancels a long job of the user (research, report) that runs.",
    effect: "write",
    idempotent: true,
    allowedRoles: ["user"],
    scopes: [],
    input: Input,
    output: Output,
    async run(asked, context) {
      const { principal } = context;
      const running = {
        get: jobs.get,
        list: async (...ask: Parameters<CallersJobs["list"]>) =>
          (await jobs.list(...ask)).filter(({ endedAt }) => endedAt === undefined),
      };
      const [job, ...others] = await findJobs(running, asked, context);
      const named = ({ id, crew, status }: { id: string; crew: string; status: string }) => ({ id, crew, status });
      if (!job) return { choices: [] };
      // "My report" is no research, even where only research runs.
      const isOther = asked.job === undefined && asked.crew !== undefined && job.crew !== asked.crew;
      if (others.length > 0 || isOther) return { choices: [job, ...others].slice(0, 10).map(named) };
      const stopped = await jobs.cancel(principal.id, job.id);
      return stopped ? { job: named(stopped), choices: [] } : { choices: [] };
    },
    render({ job, choices }, _input, locale) {
      const line = ({ id, crew }: z.infer<typeof Named>) => `- ${jobName(crew, locale)}: ${id}`;
      if (choices.length > 0) {
        return [inWords(locale, jobWords.several, { id: choices[0]!.id }), ...choices.map(line)].join("\n");
      }
      if (!job) return inWords(locale, jobWords.nothingRuns);
      const name = jobName(job.crew, locale);
      if (job.status === "completed") return inWords(locale, jobWords.completed, { name });
      if (job.status === "failed") return inWords(locale, jobWords.failed, { name });
      return inWords(locale, job.status === "cancelled" ? jobWords.cancelled : jobWords.stopping, { name });
    },
  });
