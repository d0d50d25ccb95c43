import { randomUUID } from "node:crypto";
import type { Queryable } from "../platform/db/database.ts";
import { storableJson, storableText } from "../platform/db/storable.ts";
import { AppError } from "../platform/errors/app-error.ts";
import type { Principal } from "../platform/policy/principal.ts";
import type { Scope } from "./timeline.ts";

/** Each principal has one direct channel, made with its first thread. */
export type ChannelKind = "direct" | "group" | "webhook" | "email" | "voice";

export interface Channel {
  readonly id: string;
  readonly kind: ChannelKind;
  readonly title: string;
  /** Of the channel's threads as well. */
  readonly scope: Scope;
  readonly teamId?: string;
  readonly owner: string;
  /** Ids of the agents that answer in it. */
  readonly agents: readonly string[];
  readonly indexed: boolean;
  readonly behavior: Record<string, unknown>;
  readonly meta: Record<string, unknown>;
  readonly createdAt: string;
}

export interface NewChannel {
  readonly kind: Exclude<ChannelKind, "direct">;
  readonly title: string;
  readonly scope: Scope;
  readonly teamId?: string;
  readonly agents?: readonly string[];
  readonly indexed?: boolean;
  readonly behavior?: Record<string, unknown>;
  readonly meta?: Record<string, unknown>;
}

/** Channels that threads belong to. Seen are one's own, those of one's teams and public ones. */
export interface Channels {
  /** @throws {AppError} INVALID_INPUT when the team is none of the principal's */
  create(principal: Principal, channel: NewChannel): Promise<Channel>;
  /** One that the principal sees. @throws {AppError} NOT_FOUND */
  find(principal: Principal, id: string): Promise<Channel>;
  /** A page in the order of ids. */
  list(
    principal: Principal,
    page: { readonly after?: string; readonly limit: number },
  ): Promise<{ readonly channels: readonly Channel[]; readonly nextAfter: string | undefined }>;
}

interface ChannelRow {
  readonly id: string;
  readonly kind: ChannelKind;
  readonly title: string;
  readonly scope: Scope;
  readonly team_id: string | null;
  readonly owner: string;
  readonly agents: readonly string[];
  readonly indexed: boolean;
  readonly behavior: Record<string, unknown>;
  readonly meta: Record<string, unknown>;
  readonly created_at: string | Date;
}

const columns = "id, kind, title, scope, team_id, owner, agents, indexed, behavior, meta, created_at";

const toChannel = ({ team_id, created_at, ...row }: ChannelRow): Channel => ({
  ...row,
  ...(team_id === null ? {} : { teamId: team_id }),
  createdAt: new Date(created_at).toISOString(),
});

/** Channels in the main database. */
export const createChannels = ({ database }: { readonly database: Queryable }): Channels => ({
  async create(principal, { kind, title, scope, teamId, agents = [], indexed = true, behavior = {}, meta = {} }) {
    // The id is ours: one that the caller could choose would tell whether another's is there.
    const rows = await database.query<ChannelRow>(
      `insert into channels (id, kind, title, scope, owner, team_id, agents, indexed, behavior, meta)
       select $1, $2, $3, $4, $5, substring(key from '^team:(.*)$'), $7::jsonb, $8, $9::jsonb, $10::jsonb
       from (select scope_key_of($5, $4, $6) as key) settled
       where case $4 when 'team' then key like 'team:%' else key is not null end
       returning ${columns}`,
      [
        `${kind}:${randomUUID()}`,
        kind,
        storableText(title),
        scope,
        principal.id,
        teamId === undefined ? null : storableText(teamId),
        JSON.stringify(storableJson(agents)),
        indexed,
        JSON.stringify(storableJson(behavior)),
        JSON.stringify(storableJson(meta)),
      ],
    );
    if (!rows[0]) {
      throw new AppError("INVALID_INPUT", "'team_id' must name a team that you are in.", { field: "team_id" });
    }
    return toChannel(rows[0]);
  },

  async find(principal, id) {
    const [row] = await database.query<ChannelRow>(
      `select ${columns} from channels where id = $1 and (scope_key = any ((select scope_keys($2))::text[])) is true`,
      [storableText(id), principal.id],
      "channel_by_id",
    );
    if (!row) throw new AppError("NOT_FOUND", "There is no such channel.");
    return toChannel(row);
  },

  async list(principal, { after, limit }) {
    const rows = await database.query<ChannelRow>(
      `select ${columns} from channels
       where scope_key = any ((select scope_keys($1))::text[]) and id > $2 order by id limit $3`,
      [principal.id, storableText(after ?? ""), limit + 1],
    );
    const channels = rows.slice(0, limit).map(toChannel);
    return { channels, nextAfter: rows.length > limit ? channels.at(-1)?.id : undefined };
  },
});
