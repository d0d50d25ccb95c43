import { randomUUID } from "node:crypto";
import type { Queryable } from "../platform/db/database.ts";
import { storableText } from "../platform/db/storable.ts";
import type { MasterKey } from "./master-key.ts";

/** A turn that went back to the client with calls of the client's own tools. */
export interface ClientToolTurn<State> {
  /** The principal's id: nobody else can continue the turn. */
  readonly principal: string;
  readonly threadId: string;
  readonly callIds: readonly string[];
  /** Recognises the calls where a client drops their ids; empty when unknown. */
  readonly fingerprint: string;
  /** The work already done, as JSON; stored encrypted because it may hold content. */
  readonly state: State;
}

export interface ClientToolTurns<State> {
  save(turn: ClientToolTurn<State>): Promise<void>;
  /**
   * The newest turn that waits for any of these calls, else the newest with this fingerprint. It stays until it expires, because
   * a client that lost the answer sends the same results again.
   */
  take(
    principal: string,
    match: { readonly callIds?: readonly string[]; readonly fingerprint?: string },
  ): Promise<{ readonly threadId: string; readonly state: State } | undefined>;
}

export interface ClientToolTurnsDeps {
  readonly database: Queryable;
  readonly masterKey: MasterKey;
  /** How long a turn can be continued. */
  readonly keepMs?: number;
}

interface TurnRow {
  readonly id: string;
  readonly thread_id: string;
  readonly state: Uint8Array;
}

/** Unfinished client-tool turns in the database; expired ones leave with the next `save`. */
export const createClientToolTurns = <State>({
  database,
  masterKey,
  keepMs = 3_600_000,
}: ClientToolTurnsDeps): ClientToolTurns<State> => {
  const box = masterKey.box("client tool turns");
  const contextOf = (id: string, principal: string, threadId: string): string =>
    `client tool turn ${JSON.stringify([id, principal, threadId])}`;

  return {
    async save({ principal, threadId, callIds, fingerprint, state }) {
      const id = randomUUID();
      await database.query(
        `with expired as (delete from client_tool_turns where expires_at < now())
         insert into client_tool_turns (id, principal, thread_id, call_ids, fingerprint, state, expires_at)
         values ($1, $2, $3, array(select jsonb_array_elements_text($4::jsonb)), $5, $6, now() + make_interval(secs => $7))`,
        [
          id,
          principal,
          threadId,
          JSON.stringify(callIds.map(storableText)),
          fingerprint,
          box.seal(JSON.stringify(state), contextOf(id, principal, threadId)),
          keepMs / 1_000,
        ],
        "client_tool_turn_save",
      );
    },

    async take(principal, { callIds = [], fingerprint = "" }) {
      const [row] = await database.query<TurnRow>(
        `select id, thread_id, state from client_tool_turns,
           lateral (select call_ids && array(select jsonb_array_elements_text($2::jsonb)) as by_id) match
         where principal = $1 and expires_at > now() and (by_id or ($3 <> '' and fingerprint = $3))
         order by by_id desc, sequence desc limit 1`,
        [principal, JSON.stringify(callIds.map(storableText)), storableText(fingerprint)],
        "client_tool_turn_take",
      );
      if (!row) return undefined;
      const state = box.open(row.state, contextOf(row.id, principal, row.thread_id));
      return { threadId: row.thread_id, state: JSON.parse(state.toString("utf8")) as State };
    },
  };
};
