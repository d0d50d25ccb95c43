import { z } from "zod";
import { AppError } from "../../platform/errors/app-error.ts";
import type { StoredDeadLetter } from "../../platform/events/dead-letters.ts";
import { mostLetters, settleDeadLetters } from "../../platform/events/settle-dead-letters.ts";
import { given } from "../chat/given.ts";
import { parseInput } from "../http/parse-input.ts";
import { requireAdmin } from "../require-admin.ts";
import { defineRoute, type Route } from "../route.ts";
import type { ServerDeps } from "../server-deps.ts";

const Consumer = z.string().regex(/^[\x20-\x7e]{1,256}$/, "expected a name");
const Subject = z
  .string()
  .regex(/^[\x21-\x7e]{1,1000}$/, "expected a subject")
  .describe("With NATS' wildcards, such as `message.>`.");
const Letter = z.int().min(1);

const DeadLettersQuery = z.object({
  consumer: Consumer.optional(),
  subject: Subject.optional(),
  status: z.enum(["waiting", "retried", "dropped"]).optional().meta({ description: "Default `waiting`." }),
});
const SettleRequest = z
  .object({
    ids: z.array(Letter).max(mostLetters).nullish(),
    all: z.boolean().nullish().describe("All that wait and fit, instead of `ids`."),
    consumer: Consumer.nullish(),
    subject: Subject.nullish(),
  })
  .meta({ id: "SettleDeadLettersRequest" });
const RepublishRequest = z
  .object({ since: z.iso.datetime({ offset: true }), subject: Subject.nullish() })
  .meta({ id: "RepublishRequest" });

export const DeadLetterReply = z
  .object({
    id: Letter,
    consumer: z.string(),
    subject: z.string(),
    event: z.object({
      id: z.string(),
      subject: z.string(),
      payload: z.unknown(),
      aggregate: z.object({ type: z.string(), id: z.string() }),
      createdAt: z.string(),
    }),
    error: z.string(),
    history: z.array(z.object({ attempt: z.number(), at: z.string(), error: z.string() })),
    status: z.enum(["waiting", "retried", "dropped"]),
    created_at: z.string(),
  })
  .meta({ id: "DeadLetter" });
export const DeadLettersReply = z.object({ dead_letters: z.array(DeadLetterReply) });
export const CountReply = z.object({ count: z.int() });

const Params = z.object({
  id: z
    .string()
    .regex(/^\d{1,15}$/, "expected a whole number")
    .transform(Number),
});

const toReply = ({ createdAt, history, ...letter }: StoredDeadLetter): z.input<typeof DeadLetterReply> => ({
  ...letter,
  history: [...history],
  created_at: createdAt,
});

/** GET /dead-letters, GET /dead-letters/{id}, POST /dead-letters/retry and drop, POST /events/republish. For administrators. */
export const createEventsRoutes = (deps: Pick<ServerDeps, "deadLetters" | "republish">): readonly Route[] => [
  defineRoute({
    method: "get",
    path: "/dead-letters",
    surface: "native",
    access: "key",
    summary: "Events that a consumer could not take, newest first, at most 100; for administrators.",
    query: DeadLettersQuery,
    replies: { 200: { description: "Without content.", content: { "application/json": DeadLettersReply } } },
    async handle({ response, principal, query }) {
      requireAdmin(principal);
      response.json({ dead_letters: (await deps.deadLetters.list(query)).map(toReply) });
    },
  }),
  ...(["retry", "drop"] as const).map((action) =>
    defineRoute({
      method: "post",
      path: `/dead-letters/${action}`,
      surface: "native",
      access: "key",
      summary:
        action === "retry"
          ? "Gives dead letters to their consumers again, with all attempts anew; for administrators."
          : "Gives dead letters up; for administrators.",
      body: SettleRequest,
      replies: { 200: { description: "How many waited.", content: { "application/json": CountReply } } },
      async handle({ response, principal, body }) {
        requireAdmin(principal);
        response.json({ count: await settleDeadLetters(deps.deadLetters, action, given(body)) });
      },
    }),
  ),
  // Behind the two above, whose last segment it would take for an id.
  defineRoute({
    method: "get",
    path: "/dead-letters/:id",
    surface: "native",
    access: "key",
    summary: "One of them, with its event and every attempt; for administrators.",
    replies: { 200: { description: "The dead letter.", content: { "application/json": DeadLetterReply } } },
    async handle({ request, response, principal }) {
      requireAdmin(principal);
      const letter = await deps.deadLetters.show(parseInput(Params, request.params).id);
      if (!letter) throw new AppError("NOT_FOUND", "There is no such dead letter.");
      response.json(toReply(letter));
    },
  }),
  defineRoute({
    method: "post",
    path: "/events/republish",
    surface: "native",
    access: "key",
    summary: "Publishes again what was published since a time, after a broker lost it; for administrators.",
    body: RepublishRequest,
    replies: { 200: { description: "How many events.", content: { "application/json": CountReply } } },
    async handle({ response, principal, body }) {
      requireAdmin(principal);
      const { since, subject } = given(body);
      response.json({ count: await deps.republish({ since: new Date(since), subject }) });
    },
  }),
];
