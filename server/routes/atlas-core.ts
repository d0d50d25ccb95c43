import { z } from "zod";
import { LongThreadsPage } from "../../atlas/deep/long-threads-page.ts";
import { Cursor, SyncPage } from "../../atlas/deep/sync-page.ts";
import { ThreadSummary } from "../../atlas/deep/thread-summary.ts";
import { coreNamePattern, defaultCoreName } from "../../platform/config/core-name.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import { defineRoute, type Route } from "../route.ts";
import type { ServerDeps } from "../server-deps.ts";

const SyncQuery = z.object({
  after: Cursor.optional().describe("`next` of the last page that is stored for good; absent: from the start."),
  limit: z.coerce.number().int().min(1).max(1_000).default(200),
  wait: z.coerce.number().min(0).max(25).default(0).describe("Seconds that an empty answer may be waited with."),
  reader: z
    .string()
    .regex(coreNamePattern, "expected up to 64 letters, digits, . _ and -")
    .default(defaultCoreName)
    .describe("Which core asks (ATHENA_CORE_NAME of the core): what it acknowledges moves no other."),
});

const LongThreadsQuery = z.object({
  after: z.uuid().optional().describe("`next` of the page before; absent: from the start."),
  limit: z.coerce.number().int().min(1).max(20).default(5),
  embedding_model: z
    .string()
    .min(1)
    .max(256)
    .optional()
    .describe("Threads whose summary has no vector of this model wait too."),
});

const SummariesRequest = z
  .object({ summaries: z.array(ThreadSummary).min(1).max(100) })
  .meta({ id: "SummariesRequest" });

const SummariesReply = z
  .object({
    stored: z.array(z.string()),
    refused: z
      .array(z.string())
      .describe("Threads that are unknown, confidential or changed meanwhile, or of which a newer summary is here."),
  })
  .meta({ id: "SummariesReply" });

/** GET /atlas/sync, GET and POST /atlas/summaries: what a deep core pulls and sends back. */
export const createAtlasCoreRoutes = ({ deep }: Pick<ServerDeps, "deep">): readonly Route[] => {
  const edge = () => {
    if (deep === undefined) throw new AppError("NOT_CONFIGURED", "No core is configured: set ATHENA_CORE_KEY.");
    return deep;
  };
  return [
    defineRoute({
      method: "get",
      path: "/atlas/sync",
      surface: "native",
      access: "core",
      summary: "Messages and chunks of documents that changed, for the deep core; nothing confidential.",
      query: SyncQuery,
      replies: { 200: { description: "Changes in order.", content: { "application/json": SyncPage } } },
      async handle({ request, response, query }) {
        const { after, limit, wait, reader } = query;
        const page = await edge().pull({
          reader,
          ...(after === undefined ? {} : { after }),
          limit,
          waitMs: wait * 1_000,
          ended: () => response.destroyed || request.app.enabled("draining"),
        });
        response.json(page);
      },
    }),
    defineRoute({
      method: "get",
      path: "/atlas/summaries",
      surface: "native",
      access: "core",
      summary: "Long threads that wait for a summary, with their texts; nothing confidential.",
      query: LongThreadsQuery,
      replies: { 200: { description: "In order of ids.", content: { "application/json": LongThreadsPage } } },
      async handle({ response, query }) {
        const { after, limit, embedding_model: embeddingModel } = query;
        response.json(await edge().longThreads({ after, limit, embeddingModel }));
      },
    }),
    defineRoute({
      method: "post",
      path: "/atlas/summaries",
      surface: "native",
      access: "core",
      summary: "Keeps summaries of threads that the core made, with their vectors.",
      body: SummariesRequest,
      replies: { 200: { description: "Which were kept.", content: { "application/json": SummariesReply } } },
      async handle({ response, body }) {
        response.json(await edge().keep(body.summaries));
      },
    }),
  ];
};
