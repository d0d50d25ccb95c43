import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { parse } from "yaml";
import { z } from "zod";
import { secretValues } from "../../platform/config/secret-values.ts";
import { type Settings, settingsFromEnvironment } from "../../platform/config/settings.ts";
import type { Mode } from "../../platform/egress/egress-class.ts";
import { AppError, isAppError } from "../../platform/errors/app-error.ts";
import { createLogger } from "../../platform/logging/create-logger.ts";
import { crewSchema } from "../../workflows/crews/crew-schema.ts";
import { endStatuses } from "../../workflows/jobs/job.ts";
import { followJob } from "../jobs/follow-job.ts";
import { JobEventReply, JobReply, toJobEventReply, toJobReply } from "../jobs/job-replies.ts";
import { commandPrincipal, serverAsPerson } from "./command-principal.ts";
import { toEndText, toEventText, toQuestionText } from "./job-text.ts";
import { createProgressBar } from "./progress-bar.ts";
import { runningServer } from "./running-server.ts";

export interface RunCrewOptions {
  /** A JSON object, or `@` with the path of a file that holds one. */
  readonly input: string;
  readonly key?: string;
  readonly thread?: string;
  readonly mode?: Mode;
  readonly json: boolean;
}

/** A job that was begun, wherever it runs. */
interface BegunJob {
  /** Whether somebody can answer it while this command watches. */
  readonly isServed: boolean;
  show(): Promise<JobReply>;
  /** Its events behind the one of that number, until its end, or until the connection breaks. */
  events(after: number, signal: AbortSignal): AsyncGenerator<JobEventReply>;
  /** Lets go of what was opened for it. */
  close(): Promise<void>;
}

type Start = { readonly crew: string | Record<string, unknown>; readonly input: Record<string, unknown> };

const lookAgainMs = 1_000;
const lookSoonMs = 50;
/** Somebody else may have answered meanwhile: then the question is never seen. */
const mostLooks = 100;
const JsonObject = z.record(z.string(), z.unknown());

const readText = (path: string): Promise<string> =>
  readFile(path, "utf8").catch((cause: unknown) => {
    throw new AppError("INVALID_INPUT", `The file ${path} cannot be read.`, { cause });
  });

const readInput = async (input: string): Promise<Record<string, unknown>> => {
  const text = input.startsWith("@") ? await readText(input.slice(1)) : input;
  try {
    return JsonObject.parse(JSON.parse(text));
  } catch (cause) {
    throw new AppError("INVALID_INPUT", `--input must be a JSON object, such as '{"question": "…"}'.`, { cause });
  }
};

const One = z.union([
  z.tuple([JsonObject]),
  z.object({ crews: z.tuple([JsonObject]) }).transform(({ crews }) => crews),
  JsonObject.transform((crew) => [crew] as const),
]);

/** A crew as it is written by hand, or as `registry export` writes it: with what a row has beside the crew. */
const toCrew = (content: unknown): Record<string, unknown> => {
  const parsed = One.safeParse(content);
  if (!parsed.success) throw new AppError("INVALID_INPUT", "The file must hold one crew.");
  return Object.fromEntries(
    Object.entries(parsed.data[0]).filter(([name, value]) => name !== "enabled" && value !== null),
  );
};

/** A crew of the registry by its name, or the only one of a YAML file. */
const readCrew = async (fileOrName: string): Promise<Start["crew"]> => {
  if (!/\.(?:ya?ml|json)$/i.test(fileOrName)) return fileOrName;
  let content: unknown;
  try {
    content = parse(await readText(fileOrName), { merge: true });
  } catch (cause) {
    if (isAppError(cause)) throw cause;
    throw new AppError("INVALID_INPUT", `${fileOrName} is not YAML.`, { cause });
  }
  const crew = toCrew(content);
  const parsed = crewSchema.safeParse(crew);
  if (!parsed.success) throw new AppError("INVALID_INPUT", `${fileOrName}:\n${z.prettifyError(parsed.error)}`);
  return crew;
};

const beginInServer = async (
  url: string,
  settings: Settings,
  start: Start,
  options: RunCrewOptions,
): Promise<BegunJob> => {
  const server = await serverAsPerson(url, settings);
  const { key, thread, mode } = options;
  const job = await server.post("/v1/jobs", { ...start, idempotency_key: key, thread_id: thread, mode }, JobReply);
  return {
    isServed: true,
    close: async () => undefined,
    show: () => server.get(`/v1/jobs/${job.id}`, JobReply),
    async *events(after, signal) {
      for await (const { event, data } of server.events(`/v1/jobs/${job.id}/events`, after, signal)) {
        if (event !== "error") yield JobEventReply.parse(JSON.parse(data));
      }
    },
  };
};

const beginHere = async (
  settings: Settings,
  { crew, input }: Start,
  { key, thread, mode }: RunCrewOptions,
): Promise<BegunJob> => {
  const level = settings.LOG_LEVEL === "info" ? "warn" : settings.LOG_LEVEL;
  const logger = createLogger({ level, secrets: secretValues(settings), to: 2 });
  const { compose } = await import("../compose.ts");
  const engine = await compose(settings, logger);
  try {
    const { jobDesk, clientProfiles } = engine.deps;
    const principal = commandPrincipal(settings, clientProfiles());
    const { job } = await jobDesk.start({
      principal,
      input,
      crew: typeof crew === "string" ? crew : crewSchema.parse(crew),
      ...(key === undefined ? {} : { idempotencyKey: key }),
      ...(thread === undefined ? {} : { threadId: thread }),
      ...(mode === undefined ? {} : { mode }),
    });
    return {
      isServed: false,
      close: () => engine.close(),
      show: async () => toJobReply((await jobDesk.get(principal.id, job.id))!),
      async *events(after, signal) {
        for await (const event of followJob(jobDesk, { principal: principal.id, id: job.id, after, signal })) {
          yield toJobEventReply(event);
        }
      },
    };
  } catch (error) {
    await engine.close();
    throw error;
  }
};

/** The job as an event left it: a task says that it waits a moment before its question can be seen. */
const showAfter = async (begun: BegunJob, { kind, task }: JobEventReply): Promise<JobReply> => {
  const isStill = ({ status, progress }: JobReply) =>
    kind === "waiting" && task !== undefined && progress.running.includes(task) && !endStatuses.has(status);
  let job = await begun.show();
  for (let looks = 0; looks < mostLooks && isStill(job); looks += 1) {
    await delay(lookSoonMs);
    job = await begun.show();
  }
  return job;
};

/** Shows what a job tells until it ends or nobody here can go on watching; the job as it is then. */
const watch = async (begun: BegunJob, signal: AbortSignal): Promise<JobReply> => {
  const bar = createProgressBar(process.stderr);
  const say = (text: string): void => {
    bar.clear();
    process.stderr.write(`${text}\n`);
  };
  let asked: string | undefined;
  let last = 0;
  let job = await begun.show();
  say(`Job ${job.id}`);
  while (!signal.aborted && !endStatuses.has(job.status)) {
    try {
      for await (const event of begun.events(last, signal)) {
        last = event.sequence;
        job = await showAfter(begun, event);
        if (!endStatuses.has(job.status)) say(toEventText(event));
        const { done, total, running } = job.progress;
        bar.show(done / Math.max(1, total), `${done}/${total} ${running.join(", ")}`);
        if (job.question && job.question.key !== asked) {
          asked = job.question.key;
          say(toQuestionText(job.id, job.question));
        }
        if (job.question && !begun.isServed && running.length === 0) return job;
      }
    } catch (error) {
      if (signal.aborted) break;
      if (!isAppError(error, "UPSTREAM_UNAVAILABLE") && !(error instanceof TypeError)) throw error;
      say("The connection is lost; the job goes on. Looking again …");
      await delay(lookAgainMs);
    }
    job = await begun.show().catch((error: unknown) => {
      if (isAppError(error, "UPSTREAM_UNAVAILABLE")) return job;
      throw error;
    });
  }
  bar.clear();
  return job;
};

/**
 * Runs a crew and shows how far it is; prints its result. In the server that runs at the settings' address, else in this
 * process. Ctrl-C stops watching, not the job.
 * @returns the exit code: 0 when the job is completed.
 * @throws {AppError} INVALID_INPUT naming what is wrong; as `POST /v1/jobs`
 */
export const runCrewHere = async (fileOrName: string, options: RunCrewOptions): Promise<number> => {
  const settings = settingsFromEnvironment();
  const start = { crew: await readCrew(fileOrName), input: await readInput(options.input) };
  const stopped = new AbortController();
  process.once("SIGINT", () => stopped.abort());
  const url = await runningServer(settings);
  const begun =
    url === undefined ? await beginHere(settings, start, options) : await beginInServer(url, settings, start, options);
  try {
    const job = await watch(begun, stopped.signal);
    if (endStatuses.has(job.status) || options.json) {
      process.stdout.write(`${options.json ? JSON.stringify(job, null, 2) : toEndText(job)}\n`);
    } else {
      const when = begun.isServed ? "goes on" : "goes on when the server runs";
      process.stderr.write(`The job ${when}; 'athena jobs show ${job.id}' says how far it is.\n`);
    }
    return job.status === "completed" ? 0 : 1;
  } finally {
    await begun.close();
  }
};
