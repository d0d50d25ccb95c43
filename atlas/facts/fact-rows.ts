import type { Queryable } from "../../platform/db/database.ts";
import type { Fact } from "./facts.ts";

export interface FactRow {
  readonly id: string;
  readonly sequence: string;
  readonly scope_key: string;
  readonly owner: string;
  readonly sentence: string;
  readonly subject: string;
  readonly attribute: string | null;
  readonly slot: string;
  readonly origin: Fact["origin"];
  readonly source_message: string | null;
  readonly source_thread: string | null;
  readonly valid_from: string | Date;
  readonly valid_to: string | Date | null;
  readonly superseded_by: string | null;
  readonly ended_by_message: string | null;
  readonly created_at: string | Date;
}

export const factColumns = `f.id, f.sequence, f.scope_key, f.owner, f.sentence, f.subject, f.attribute, f.slot, f.origin,
  f.source_message, f.source_thread, f.valid_from, f.valid_to, f.superseded_by, f.ended_by_message, f.created_at`;

/** Whether a fact held at a time that is bound as `parameter`; null: now, whatever the clocks of processes say. */
export const heldAt = (fact: string, parameter: string): string =>
  `case when ${parameter}::timestamptz is null then ${fact}.valid_to is null
    else ${fact}.valid_from <= ${parameter} and (${fact}.valid_to is null or ${fact}.valid_to > ${parameter}) end`;

const iso = (time: string | Date): string => new Date(time).toISOString();

export const toFact = (row: FactRow): Fact => {
  const isTeam = row.scope_key.startsWith("team:");
  return {
    id: row.id,
    sentence: row.sentence,
    subject: row.subject,
    ...(row.attribute === null ? {} : { attribute: row.attribute }),
    scope: isTeam ? "team" : "personal",
    ...(isTeam ? { teamId: row.scope_key.slice("team:".length) } : {}),
    owner: row.owner,
    origin: row.origin,
    ...(row.source_message === null ? {} : { sourceMessageId: row.source_message }),
    ...(row.source_thread === null ? {} : { sourceThreadId: row.source_thread }),
    validFrom: iso(row.valid_from),
    ...(row.valid_to === null ? {} : { validTo: iso(row.valid_to) }),
    ...(row.superseded_by === null ? {} : { supersededBy: row.superseded_by }),
    ...(row.ended_by_message === null ? {} : { endedByMessageId: row.ended_by_message }),
    createdAt: iso(row.created_at),
  };
};

/** Facts by id, of those that the principal sees, in any order. */
export const readFacts = (
  connection: Queryable,
  principal: string,
  ids: readonly string[],
  scope: Fact["scope"] | null = null,
): Promise<FactRow[]> =>
  connection.query<FactRow>(
    `select ${factColumns} from readable_facts f
     where f.id = any ($1::uuid[]) and f.scope_key = any ((select scope_keys($2, $3))::text[])`,
    [ids, principal, scope],
    "facts_by_id",
  );
