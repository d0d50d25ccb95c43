import { z } from "zod";
import type { Fact } from "../../atlas/facts/facts.ts";
import { given } from "../chat/given.ts";
import { wholeNumber } from "../http/whole-number.ts";
import { defineRoute, type Route } from "../route.ts";
import type { ServerDeps } from "../server-deps.ts";

const FactScope = z.enum(["personal", "team"]);
const Subject = z.string().trim().min(1).max(200);
const Sentence = z
  .string()
  .trim()
  .min(1)
  .max(1_000)
  .describe("In the person's own words, such as “My sister's name is Ada”.");

const FactsQuery = z.object({
  q: z.string().max(10_000).optional().meta({ description: "Words to find: the best matches first, on one page." }),
  subject: Subject.optional().meta({ description: "`self`, `sister` …: what the facts are about." }),
  at: z.iso.datetime({ offset: true }).optional().meta({ description: "What held then; absent: what holds now." }),
  scope: FactScope.optional().meta({ description: "Absent: everything that the caller sees." }),
  after: z.string().max(64).optional().meta({ description: "The last fact of the page before." }),
  limit: wholeNumber(1, 1_000, "1 to 1,000; default 100."),
});

const FactRequest = z
  .object({
    sentence: Sentence,
    subject: Subject.nullish().describe("Absent: as far as the sentence tells."),
    attribute: z
      .string()
      .trim()
      .min(1)
      .max(100)
      .nullish()
      .describe("With a subject: a newer fact of both ends this one."),
    scope: FactScope.default("personal"),
    team_id: z.string().min(1).max(256).nullish(),
  })
  .meta({ id: "FactRequest" });

const FactChange = FactRequest.pick({ sentence: true, subject: true, attribute: true }).meta({ id: "FactChange" });

const FactReply = z
  .object({
    id: z.string(),
    sentence: z.string(),
    subject: z.string(),
    attribute: z.string().optional(),
    scope: FactScope,
    team_id: z.string().optional(),
    owner: z.string().describe("Who said it."),
    origin: z.enum(["user", "tool"]),
    source_message_id: z.string().optional().describe("Where it was said first; absent: it was stated here."),
    source_thread_id: z.string().optional(),
    valid_from: z.string(),
    valid_to: z.string().optional().describe("Absent: it holds."),
    superseded_by: z.string().optional().describe("The fact that took its place."),
    ended_by_message_id: z.string().optional(),
    created_at: z.string(),
  })
  .meta({ id: "Fact" });

const toReply = (fact: Fact): z.infer<typeof FactReply> => ({
  id: fact.id,
  sentence: fact.sentence,
  subject: fact.subject,
  scope: fact.scope,
  owner: fact.owner,
  origin: fact.origin,
  valid_from: fact.validFrom,
  created_at: fact.createdAt,
  ...given({
    attribute: fact.attribute,
    team_id: fact.teamId,
    source_message_id: fact.sourceMessageId,
    source_thread_id: fact.sourceThreadId,
    valid_to: fact.validTo,
    superseded_by: fact.supersededBy,
    ended_by_message_id: fact.endedByMessageId,
  }),
});

const json = (description: string, schema: z.ZodType) => ({ description, content: { "application/json": schema } });
const defaultLimit = 100;

/** GET and POST /memory/facts; GET, PATCH and DELETE of one; its history. */
export const createFactsRoutes = ({ facts }: Pick<ServerDeps, "facts">): readonly Route[] => {
  const common = { surface: "native", access: "key" } as const;
  const path = "/memory/facts/:id";
  return [
    defineRoute({
      ...common,
      method: "get",
      path: "/memory/facts",
      summary: "Facts that the caller sees: what people said of lasting value.",
      query: FactsQuery,
      replies: {
        200: json(
          "One page, newest first.",
          z.object({ facts: z.array(FactReply), next_after: z.string().nullable() }),
        ),
      },
      async handle({ response, principal, query }) {
        const { q, subject, at, scope, after, limit = defaultLimit } = query;
        const page = await facts.list(principal, { limit, ...given({ query: q, subject, at, scope, after }) });
        response.json({ facts: page.facts.map(toReply), next_after: page.nextAfter ?? null });
      },
    }),
    defineRoute({
      ...common,
      method: "post",
      path: "/memory/facts",
      summary: "Keeps a fact that the caller states.",
      body: FactRequest,
      replies: { 201: json("The fact, or the one that says the same already.", FactReply) },
      async handle({ response, principal, body }) {
        const { sentence, subject, attribute, scope, team_id: teamId } = body;
        const fact = await facts.state(principal, { sentence, scope, ...given({ subject, attribute, teamId }) });
        response.status(201).json(toReply(fact));
      },
    }),
    defineRoute({
      ...common,
      method: "get",
      path,
      summary: "One fact.",
      replies: { 200: json("The fact.", FactReply) },
      async handle({ request, response, principal }) {
        response.json(toReply(await facts.read(principal, String(request.params.id))));
      },
    }),
    defineRoute({
      ...common,
      method: "patch",
      path,
      summary: "Puts a corrected fact in the place of one that holds.",
      body: FactChange,
      replies: { 200: json("The new fact.", FactReply) },
      async handle({ request, response, principal, body }) {
        const { sentence, subject, attribute } = body;
        const change = { sentence, ...given({ subject, attribute }) };
        response.json(toReply(await facts.correct(principal, String(request.params.id), change)));
      },
    }),
    defineRoute({
      ...common,
      method: "delete",
      path,
      summary: "Erases a fact and what it replaced; the messages that said it stay.",
      replies: { 204: { description: "It is in no index any more." } },
      async handle({ request, response, principal }) {
        await facts.remove(principal, String(request.params.id));
        response.status(204).end();
      },
    }),
    defineRoute({
      ...common,
      method: "get",
      path: `${path}/history`,
      summary: "A fact with what it replaced and what replaced it, oldest first.",
      replies: { 200: json("The facts.", z.object({ facts: z.array(FactReply) })) },
      async handle({ request, response, principal }) {
        const line = await facts.history(principal, String(request.params.id));
        response.json({ facts: line.map(toReply) });
      },
    }),
  ];
};
