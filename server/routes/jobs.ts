import type { Response } from "express";
import { z } from "zod";
import { Mode } from "../../platform/egress/egress-class.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import type { Crew } from "../../workflows/crews/crew.ts";
import { crewSchema } from "../../workflows/crews/crew-schema.ts";
import { given } from "../chat/given.ts";
import { Timezone } from "../chat/query-control.ts";
import { createPrincipalCount } from "../chat-socket/principal-count.ts";
import { logFailure, toFailure } from "../errors/failure.ts";
import { toNativeError } from "../errors/native-error.ts";
import { hangUpSignal } from "../http/hang-up.ts";
import { toJsonLine } from "../http/json-line.ts";
import { openLineStream, type StreamLimits } from "../http/line-stream.ts";
import { wholeNumber } from "../http/whole-number.ts";
import { type FollowJobOptions, followJob } from "../jobs/follow-job.ts";
import {
  JobReply,
  JobStatusName,
  JobsReply,
  toJobEntryReply,
  toJobEventReply,
  toJobReply,
} from "../jobs/job-replies.ts";
import { setEventStreamHeaders } from "../openai/chat-stream.ts";
import { requireAdmin } from "../require-admin.ts";
import { type Call, defineRoute, type Route } from "../route.ts";
import type { ServerDeps } from "../server-deps.ts";

export interface JobsRoutesDeps extends Pick<ServerDeps, "jobDesk" | "logger" | "metrics"> {
  readonly stream: StreamLimits;
}

const Key = z.string().regex(/^[\x21-\x7e]{1,256}$/, "expected 1 to 256 visible characters");
const Limits = z
  .strictObject({
    steps: z.int().min(1).nullish(),
    tokens: z.int().min(1).nullish(),
    wall_seconds: z.int().min(1).nullish(),
    budget: z.number().positive().nullish().describe("In the currency of the models' prices."),
  })
  .describe("Beside the crew's own limits: the lower one holds.");

export const JobRequest = z
  .object({
    crew: z
      .union([z.string().min(1).max(64), z.record(z.string(), z.unknown())])
      .describe("The id of a crew; from administrators also a whole crew that is in no registry."),
    input: z.record(z.string(), z.unknown()).nullish().describe("As the crew's own schema says; default `{}`."),
    idempotency_key: Key.nullish().describe(
      "The same key again is the same job. The header `Idempotency-Key` says the same where this is absent.",
    ),
    thread_id: z.string().nullish().describe("The conversation that the result goes into; absent: a fresh one."),
    mode: Mode.nullish().describe("`confidential` turns the conversation so."),
    limits: Limits.nullish(),
    timezone: Timezone.nullish().describe("In which periods of the input are meant; absent: the installation's."),
  })
  .meta({ id: "JobRequest" });

const DecisionRequest = z
  .object({
    reason: z.string().trim().max(10_000).nullish().describe("Is told to who does the task, or why the job ended."),
    key: z
      .string()
      .min(1)
      .max(1_000)
      .nullish()
      .describe("Which question; needed where the job waits for several answers."),
  })
  .meta({ id: "JobDecisionRequest" });

const JobsQuery = z.object({
  status: JobStatusName.optional(),
  after: z.string().min(1).max(64).optional().meta({ description: "The last job of the page before." }),
  limit: wholeNumber(1, 500, "1 to 500; default 100."),
});
const EventsQuery = z.object({
  after: wholeNumber(0, 2_147_483_647, "The last event that is known; the header `Last-Event-ID` goes before it."),
});
const defaultLimit = 100;
/** Streams of events that one caller may have open at this process. */
const mostStreams = 50;

const missing = (): AppError => new AppError("NOT_FOUND", "There is no such job.");

const toCrew = (crew: z.infer<typeof JobRequest>["crew"], principal: Call["principal"]): string | Crew => {
  if (typeof crew === "string") return crew;
  requireAdmin(principal);
  const parsed = crewSchema.safeParse(crew);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = ["crew", ...(issue?.path ?? [])].map(String).join(".");
  throw new AppError("INVALID_INPUT", `'${field}' is wrong: ${issue?.message ?? "not a crew"}.`, { field });
};

/** The key of a request, as its body or its header has it. @throws {AppError} INVALID_INPUT */
const idempotencyKey = (inBody: string | undefined, header: string | undefined): string | undefined => {
  if (header === undefined || header === inBody) return inBody;
  const field = "Idempotency-Key";
  const parsed = Key.safeParse(header);
  if (!parsed.success) {
    throw new AppError("INVALID_INPUT", `'${field}' is wrong: ${parsed.error.issues[0]!.message}.`, { field });
  }
  if (inBody === undefined) return header;
  throw new AppError("INVALID_INPUT", `'${field}' is wrong: the body's 'idempotency_key' is another key.`, { field });
};

const lastEventId = (header: string | undefined): number | undefined => {
  if (header === undefined || header === "") return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header);
  throw new AppError("INVALID_INPUT", "'Last-Event-ID' is wrong: expected the id of an event of this job.", {
    field: "Last-Event-ID",
  });
};

const json = (status: number, description: string, schema: z.ZodType) => ({
  [status]: { description, content: { "application/json": schema } },
});

/** What each answer is called, and what it does. */
const decisions = {
  approve: "Agrees: the task begins, its result counts, or the call that nobody knows of did happen.",
  repeat: "Asks for another round, with a reason; of an unknown call: it did not happen.",
  reject: "Ends the job, with a reason.",
} as const;

/** POST and GET /v1/jobs, one job, its events as they come, and what it is told. Another's job is 404, like one that is unknown. */
export const createJobsRoutes = ({ jobDesk, logger, metrics, stream: limits }: JobsRoutesDeps): readonly Route[] => {
  const common = { surface: "native", access: "key" } as const;
  const streams = createPrincipalCount(mostStreams);

  const streamEvents = async (
    response: Response,
    call: Omit<FollowJobOptions, "signal"> & { readonly requestId: string },
  ): Promise<void> => {
    setEventStreamHeaders(response);
    const stream = openLineStream(response, {
      keepAlive: () => ": keep-alive\n\n",
      limits,
      openStreams: metrics.openStreams,
    });
    try {
      for await (const event of followJob(jobDesk, { ...call, signal: hangUpSignal(response) })) {
        const { sequence, kind } = event;
        await stream.write(`id: ${sequence}\nevent: ${kind}\ndata: ${toJsonLine(toJobEventReply(event))}\n\n`);
      }
      await stream.end();
    } catch (thrown) {
      const failure = toFailure(thrown);
      logFailure(logger, failure, call.requestId);
      await stream.end(`event: error\ndata: ${toJsonLine(toNativeError(failure.error, call.requestId))}\n\n`);
    }
  };

  return [
    defineRoute({
      ...common,
      method: "post",
      path: "/v1/jobs",
      summary: "Starts a crew of agents on a long job; its result goes into a conversation.",
      body: JobRequest,
      replies: json(202, "The job; it is stored, and will be run whatever dies meanwhile.", JobReply),
      async handle({ request, response, principal, body }) {
        const { crew, input = {}, idempotency_key, thread_id, mode, limits: bounds, timezone } = given(body);
        const { wall_seconds, ...rest } = given(bounds ?? {});
        const key = idempotencyKey(idempotency_key, request.get("Idempotency-Key"));
        const { job } = await jobDesk.start({
          principal,
          crew: toCrew(crew, principal),
          input,
          limits: { ...rest, ...given({ wallSeconds: wall_seconds }) },
          ...given({ idempotencyKey: key, threadId: thread_id, mode, timezone }),
        });
        response.setHeader("Location", `/v1/jobs/${job.id}`);
        response.status(202).json(toJobReply(job));
      },
    }),
    defineRoute({
      ...common,
      method: "get",
      path: "/v1/jobs",
      summary: "The caller's long jobs, newest first.",
      query: JobsQuery,
      replies: json(200, "One page.", JobsReply),
      async handle({ response, principal, query }) {
        const limit = query.limit ?? defaultLimit;
        const jobs = await jobDesk.list(principal.id, {
          limit,
          ...given({ status: query.status, after: query.after }),
        });
        const next_after = jobs.length === limit ? (jobs.at(-1)?.id ?? null) : null;
        response.json({ jobs: jobs.map(toJobEntryReply), next_after });
      },
    }),
    defineRoute({
      ...common,
      method: "get",
      path: "/v1/jobs/:id",
      summary: "One long job: how far it is, what it waits for, what it gave.",
      replies: json(200, "The job.", JobReply),
      async handle({ request, response, principal }) {
        const job = await jobDesk.get(principal.id, String(request.params.id));
        if (!job) throw missing();
        response.json(toJobReply(job));
      },
    }),
    defineRoute({
      ...common,
      method: "get",
      path: "/v1/jobs/:id/events",
      summary: "What a long job tells, as it comes; the stream ends behind the job's last event.",
      query: EventsQuery,
      replies: {
        200: {
          description: "Server-sent events; `id` is the event's number, its data a JobEvent.",
          content: { "text/event-stream": z.string() },
        },
      },
      async handle({ request, response, requestId, principal, query }) {
        const after = lastEventId(request.get("Last-Event-ID")) ?? query.after ?? 0;
        const id = String(request.params.id);
        if (!(await jobDesk.get(principal.id, id))) throw missing();
        const leave = streams.enter(principal.id);
        if (!leave) {
          throw new AppError("RATE_LIMITED", `You have ${mostStreams} streams of events open, as many as may be.`, {
            retryAfterSeconds: 5,
          });
        }
        const isLeaving = () => request.app.enabled("draining");
        await streamEvents(response, { principal: principal.id, id, after, requestId, isLeaving }).finally(leave);
      },
    }),
    ...(Object.keys(decisions) as (keyof typeof decisions)[]).map((decision) =>
      defineRoute({
        ...common,
        method: "post",
        path: `/v1/jobs/:id/${decision}`,
        summary: decisions[decision],
        body: DecisionRequest,
        bodyIsOptional: true,
        replies: json(200, "The job; 409 when it does not wait for that, or was answered.", JobReply),
        async handle({ request, response, principal, body }) {
          const { reason, key } = given(body);
          const said = { decision, by: principal.id, ...(reason ? { reason } : {}) };
          const job = await jobDesk.decide(principal.id, String(request.params.id), said, key);
          if (!job) throw missing();
          response.json(toJobReply(job));
        },
      }),
    ),
    defineRoute({
      ...common,
      method: "post",
      path: "/v1/jobs/:id/cancel",
      summary: "Has a long job stop where it is; one that has ended stays as it is.",
      replies: json(202, "The job; it ends soon.", JobReply),
      async handle({ request, response, principal }) {
        const job = await jobDesk.cancel(principal.id, String(request.params.id));
        if (!job) throw missing();
        response.status(202).json(toJobReply(job));
      },
    }),
  ];
};
