import type { Logger } from "pino";
import type { Database, Queryable } from "../../platform/db/database.ts";
import type { Changes } from "../follow/changes.ts";
import { createFollower } from "../follow/create-follower.ts";
import type { Follower } from "../follow/follower.ts";
import type { PlaintextRule } from "../follow/plaintext-rule.ts";

export interface DeepFollowerDeps {
  readonly database: Database;
  readonly rule: PlaintextRule;
  readonly logger: Pick<Logger, "warn">;
  readonly batch?: number;
  readonly sweepMs?: number;
}

/** Raised when what the log says of an item changes: every core then reads it from the start. */
const version = "1";

// What left is told only of parents that a core may hold something of.
const leave = `
  with gone as (
    delete from deep_changes where kind <> 'gone' and parent = any ($1::uuid[]) returning parent, scope_key
  ), known as (select distinct on (parent) parent, scope_key from gone),
  older as (delete from deep_changes c using known where c.item = known.parent)
  select parent, scope_key from known`;

const append = `
  insert into deep_changes (item, kind, parent, scope_key)
  select item, kind, parent, scope_key
  from unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[]) with ordinality as given (item, kind, parent, scope_key, n)
  order by n`;

type Entry = readonly [item: string, kind: "message" | "chunk" | "gone", parent: string, scopeKey: string];

const applyToLog = async (connection: Queryable, { messages, chunks, goneParents }: Changes): Promise<void> => {
  const left =
    goneParents.length === 0
      ? []
      : await connection.query<{ parent: string; scope_key: string }>(leave, [goneParents], "deep_leave");
  const known =
    messages.length === 0
      ? []
      : await connection.query<{ item: string }>(
          "delete from deep_changes where item = any ($1::uuid[]) returning item",
          [messages.map(({ id }) => id)],
          "deep_again",
        );
  const told = new Set(known.map(({ item }) => item));
  const entries: Entry[] = [
    ...left.map(({ parent, scope_key }): Entry => [parent, "gone", parent, scope_key]),
    ...messages
      .filter(({ id, allowed, content, role }) => told.has(id) || (allowed && content !== null && role !== "system"))
      .map(({ id, threadId, scopeKey }): Entry => [id, "message", threadId, scopeKey]),
    ...chunks.map(({ id, documentId, scopeKey }): Entry => [id, "chunk", documentId, scopeKey]),
  ];
  if (entries.length === 0) return;
  await connection.query(
    append,
    [0, 1, 2, 3].map((column) => entries.map((entry) => entry[column])),
    "deep_append",
  );
};

/**
 * Keeps the log that deep cores pull (`readSyncPage`): ids of what changed, in the order in which it did. Threads that turn
 * confidential leave it as a whole.
 */
export const createDeepFollower = (deps: DeepFollowerDeps): Follower =>
  createFollower({
    ...deps,
    name: "deep",
    rules: version,
    async renew(connection) {
      await connection.query("delete from deep_changes");
      await connection.query(
        `insert into deep_log (epoch) values (gen_random_uuid())
         on conflict (single) do update set epoch = excluded.epoch`,
      );
    },
    prepare: async () => undefined,
    apply: applyToLog,
  });
