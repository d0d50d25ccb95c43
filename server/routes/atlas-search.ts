import { z } from "zod";
import type { Recalled } from "../../atlas/timeline.ts";
import { Degraded } from "../../platform/evidence/evidence.ts";
import { given } from "../chat/given.ts";
import { Scope, toThreadId } from "../chat/query-control.ts";
import { hangUpSignal } from "../http/hang-up.ts";
import { wholeNumber } from "../http/whole-number.ts";
import { defineRoute, type Route } from "../route.ts";
import type { ServerDeps } from "../server-deps.ts";

const kinds = ["message", "document"] as const;
const SearchQuery = z.object({
  q: z
    .string()
    .max(10_000)
    .refine((text) => text.trim() !== "", "expected some text")
    .meta({ description: "Words, or a whole question." }),
  limit: wholeNumber(1, 100, "1 to 100; default 10."),
  scope: Scope.optional().meta({ description: "Only this scope; absent: everything that the caller sees." }),
  thread_id: z.string().max(256).optional().meta({
    description:
      "The thread that the question belongs to: it counts a little more, and a confidential one is searched from inside only.",
  }),
  kinds: z
    .string()
    .transform((text) => text.split(","))
    .pipe(z.array(z.enum(kinds)).min(1))
    .optional()
    .meta({ description: "`message`, `document` or both, joined by a comma.", override: { type: "string" } }),
  service: z.string().min(1).max(256).optional().meta({
    description: "Documents of this service instead of everybody's.",
  }),
  deep: z.enum(["auto", "never", "always"]).optional().meta({ description: "Whether the deep core is asked too." }),
  budget_tokens: wholeNumber(1, 1_000_000, "Roughly, for all fragments together."),
});
const defaultLimit = 10;

const FragmentReply = z
  .object({
    kind: z.enum([...kinds, "summary", "fact"]),
    id: z.string().describe("The message's, that of a piece of a document, that of a thread's summary, or a fact's."),
    thread_id: z.string().optional().describe("Of a message or a summary."),
    document: z
      .object({
        id: z.string(),
        title: z.string(),
        source: z.string(),
        heading_path: z.array(z.string()),
        page: z.int().optional(),
      })
      .optional(),
    summary: z
      .object({
        first_position: z.int(),
        last_position: z.int(),
        sources: z.array(z.string()).describe("Messages that it was made of."),
      })
      .optional()
      .describe("Of a summary: what it covers."),
    fact: z
      .object({ subject: z.string(), attribute: z.string().optional(), message_id: z.string().optional() })
      .optional()
      .describe("Of a fact: what it is about, and the message of `thread_id` that says it."),
    position: z.int().describe("Its place in the thread or the document."),
    author: z.string(),
    role: z.enum(["user", "assistant", "system", "agent", "tool"]),
    content: z.string(),
    created_at: z.string().describe("Of a document: when it was read last."),
    layer: z.string().describe("What found it: `text`, `vector`, `graph` …"),
    score: z.number().min(0).max(1),
  })
  .meta({ id: "Fragment" });

const SearchReply = z
  .object({ fragments: z.array(FragmentReply).describe("Best first."), degraded: z.array(Degraded) })
  .meta({ id: "SearchReply" });

const toReply = (fragment: Recalled): z.infer<typeof FragmentReply> => {
  const { messageId, threadId, position, author, role, content, createdAt, layer = "text", score } = fragment;
  const { document, summary, fact } = fragment;
  const common = { position, author, role, content, created_at: createdAt, layer, score };
  if (summary) {
    const { firstPosition: first_position, lastPosition: last_position, sources } = summary;
    const covers = { first_position, last_position, sources: [...sources] };
    return { kind: "summary", id: messageId, thread_id: threadId, summary: covers, ...common };
  }
  if (fact) {
    const { id, ...about } = fact;
    const source = messageId === id ? {} : { message_id: messageId };
    return {
      kind: "fact",
      id,
      ...(threadId === "" ? {} : { thread_id: threadId }),
      fact: { ...about, ...source },
      ...common,
    };
  }
  if (!document) return { kind: "message", id: messageId, thread_id: threadId, ...common };
  const { headingPath, ...rest } = document;
  return { kind: "document", id: messageId, document: { ...rest, heading_path: [...headingPath] }, ...common };
};

/** GET /atlas/search: what was said or read before and bears on a question, as far as the caller may see it. */
export const createAtlasSearchRoute = ({
  recall,
  timeline,
  permitFor,
}: Pick<ServerDeps, "recall" | "timeline" | "permitFor">): Route =>
  defineRoute({
    method: "get",
    path: "/atlas/search",
    surface: "native",
    access: "key",
    summary: "Searches messages and documents that the caller may see.",
    query: SearchQuery,
    replies: { 200: { description: "What was found.", content: { "application/json": SearchReply } } },
    async handle({ response, principal, query }) {
      const threadId = query.thread_id === undefined ? undefined : toThreadId(query.thread_id);
      // One that the caller does not see is 404, like one that is not there.
      const thread = threadId === undefined ? undefined : await timeline.thread(principal, threadId);
      const degraded = new Map<string, Degraded>();
      const found = await recall({
        principal,
        query: query.q,
        limit: query.limit ?? defaultLimit,
        neighbours: true,
        // What is asked inside a confidential thread stays where its messages stay.
        permit: permitFor(thread?.mode ?? "open", false, undefined, principal.id),
        signal: hangUpSignal(response),
        onDegraded: (part) =>
          degraded.set(part, { part, reason: "It did not answer; the rest was searched without it." }),
        ...given({
          threadId,
          scope: query.scope,
          kinds: query.kinds,
          service: query.service,
          deep: query.deep,
          budgetTokens: query.budget_tokens,
        }),
      });
      response.json({ fragments: found.map(toReply), degraded: [...degraded.values()] });
    },
  });
