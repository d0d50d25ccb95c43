import { z } from "zod";
import type { Channel } from "../../atlas/channels.ts";
import { given } from "../chat/given.ts";
import { Scope } from "../chat/query-control.ts";
import { wholeNumber } from "../http/whole-number.ts";
import { defineRoute, type Route } from "../route.ts";
import type { ServerDeps } from "../server-deps.ts";

const Meta = z.record(z.string(), z.unknown());

const ChannelRequest = z
  .object({
    kind: z.enum(["group", "webhook", "email", "voice"]),
    title: z.string().min(1).max(1_000),
    scope: Scope.describe("Who sees it and its threads. A public group may be written to by everybody."),
    team_id: z.string().min(1).max(256).nullish(),
    agents: z.array(z.string().min(1).max(256)).max(100).nullish(),
    indexed: z.boolean().nullish(),
    behavior: Meta.nullish(),
    meta: Meta.nullish(),
  })
  .meta({ id: "ChannelRequest" });

const ChannelReply = z
  .object({
    id: z.string(),
    kind: z.enum(["direct", "group", "webhook", "email", "voice"]),
    title: z.string(),
    scope: z.enum(["personal", "team", "public"]),
    team_id: z.string().optional(),
    owner: z.string(),
    agents: z.array(z.string()),
    indexed: z.boolean(),
    behavior: Meta,
    meta: Meta,
    created_at: z.string(),
  })
  .meta({ id: "Channel" });

const ChannelsQuery = z.object({
  after: z.string().min(1).max(256).optional(),
  limit: wholeNumber(1, 500, "1 to 500; default 100."),
});

const toReply = ({ teamId, createdAt, agents, ...channel }: Channel): z.infer<typeof ChannelReply> => ({
  ...channel,
  agents: [...agents],
  ...(teamId === undefined ? {} : { team_id: teamId }),
  created_at: createdAt,
});

/** GET and POST /channels. */
export const createChannelsRoutes = ({ channels }: Pick<ServerDeps, "channels">): readonly Route[] => [
  defineRoute({
    method: "get",
    path: "/channels",
    surface: "native",
    access: "key",
    summary: "The channels that the caller sees.",
    query: ChannelsQuery,
    replies: {
      200: {
        description: "One page.",
        content: {
          "application/json": z.object({ channels: z.array(ChannelReply), next_after: z.string().nullable() }),
        },
      },
    },
    async handle({ response, principal, query }) {
      const page = await channels.list(principal, { limit: query.limit ?? 100, ...given({ after: query.after }) });
      response.json({ channels: page.channels.map(toReply), next_after: page.nextAfter ?? null });
    },
  }),
  defineRoute({
    method: "post",
    path: "/channels",
    surface: "native",
    access: "key",
    summary: "Makes a channel.",
    body: ChannelRequest,
    replies: { 201: { description: "The channel.", content: { "application/json": ChannelReply } } },
    async handle({ response, principal, body }) {
      const { kind, title, scope } = body;
      const channel = await channels.create(principal, {
        kind,
        title,
        scope,
        ...given({
          teamId: body.team_id ?? undefined,
          agents: body.agents ?? undefined,
          indexed: body.indexed ?? undefined,
          behavior: body.behavior ?? undefined,
          meta: body.meta ?? undefined,
        }),
      });
      response.status(201).json(toReply(channel));
    },
  }),
];
