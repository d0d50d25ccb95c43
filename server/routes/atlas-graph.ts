import { z } from "zod";
import type { GraphNode } from "../../atlas/graph/graph.ts";
import { given } from "../chat/given.ts";
import { wholeNumber } from "../http/whole-number.ts";
import { defineRoute, type Route } from "../route.ts";
import type { ServerDeps } from "../server-deps.ts";

const GraphQuery = z.object({
  entity: z
    .string()
    .max(512)
    .refine((text) => text.trim() !== "", "expected a name")
    .meta({
      description: "A name (`db-7`, `host:db-7`, `topic:Project/Cluster`), or the id of an entity or a message.",
    }),
  depth: wholeNumber(1, 3, "Steps from there, 1 to 3; default 1."),
  limit: wholeNumber(1, 500, "Most nodes, 1 to 500; default 100."),
});
const TopicsQuery = z.object({
  under: z.string().min(1).max(512).optional().meta({ description: "Only this topic and those below it." }),
  limit: wholeNumber(1, 500, "1 to 500; default 100."),
});
const defaultDepth = 1;
const defaultLimit = 100;

const NodeReply = z
  .object({
    id: z.string(),
    kind: z.enum(["entity", "message", "document"]),
    type: z.string().optional().describe("Of an entity: `host`, `service`, `person`, `project`, `place`, `topic` …"),
    label: z.string().optional().describe("Of an entity: as it is written."),
    thread_id: z.string().optional(),
    document_id: z.string().optional(),
    position: z.int().optional().describe("The place in the thread or the document."),
    role: z.string().optional(),
    author: z.string().optional().describe("Of a document: its title."),
    created_at: z.string().optional(),
  })
  .meta({ id: "GraphNode" });

const GraphReply = z
  .object({
    nodes: z.array(NodeReply).describe("Nearest first, beginning with what was asked for."),
    edges: z.array(
      z.object({
        from: z.string(),
        to: z.string(),
        kind: z
          .string()
          .describe(
            "`mentions`, `about`, `refers_to`, `answers`, `depends_on`, `duplicates`, `part_of` or `related_to`.",
          ),
        origins: z.array(z.string()).describe("What found it: `rule`, or a model's name."),
      }),
    ),
    truncated: z.boolean().describe("There is more within the depth."),
  })
  .meta({ id: "GraphReply" });

const TopicsReply = z
  .object({
    topics: z.array(
      z.object({
        topic: z.string().describe("A path, such as `Project/Cluster`."),
        items: z.int().describe("Messages and pieces of documents about it."),
        items_with_below: z.int().describe("With those about topics below it."),
        newest_at: z.string(),
      }),
    ),
  })
  .meta({ id: "TopicsReply" });

const toReply = (node: GraphNode): z.infer<typeof NodeReply> => {
  if (node.kind === "entity") return { id: node.id, kind: "entity", type: node.type, label: node.label };
  const { id, kind, parent, position, role, author, createdAt } = node;
  const place = kind === "message" ? { thread_id: parent, role } : { document_id: parent };
  return { id, kind: kind === "message" ? "message" : "document", ...place, position, author, created_at: createdAt };
};

/** GET /atlas/graph and GET /atlas/topics: what is named and how it is joined, as far as the caller may see it. */
export const createAtlasGraphRoutes = ({ atlasGraph }: Pick<ServerDeps, "atlasGraph">): readonly Route[] => [
  defineRoute({
    method: "get",
    path: "/atlas/graph",
    surface: "native",
    access: "key",
    summary: "What is joined with an entity or a message, step by step.",
    query: GraphQuery,
    replies: { 200: { description: "Nodes and the edges between them.", content: { "application/json": GraphReply } } },
    async handle({ response, principal, query }) {
      const { nodes, edges, truncated } = await atlasGraph.around(principal, {
        entity: query.entity,
        depth: query.depth ?? defaultDepth,
        limit: query.limit ?? defaultLimit,
      });
      response.json({ nodes: nodes.map(toReply), edges, truncated });
    },
  }),
  defineRoute({
    method: "get",
    path: "/atlas/topics",
    surface: "native",
    access: "key",
    summary: "The topics of messages and documents that the caller may see, those of the most first.",
    query: TopicsQuery,
    replies: { 200: { description: "The topics.", content: { "application/json": TopicsReply } } },
    async handle({ response, principal, query }) {
      const topics = await atlasGraph.topics(principal, {
        limit: query.limit ?? defaultLimit,
        ...given({ under: query.under }),
      });
      response.json({
        topics: topics.map(({ topic, items, itemsWithBelow, newestAt }) => ({
          topic,
          items,
          items_with_below: itemsWithBelow,
          newest_at: newestAt,
        })),
      });
    },
  }),
];
