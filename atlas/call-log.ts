import type { Queryable } from "../platform/db/database.ts";
import { storableJson } from "../platform/db/storable.ts";
import type { QueryLogRow } from "./timeline.ts";

/** What is logged of a call that has no thread. */
export type CallLogRow = Omit<QueryLogRow, "threadId" | "intents" | "calls" | "validation" | "degraded">;

/** Keeps the log row and receipt of a call that went to a provider's model without the graph. Never content. */
export type LogCall = (row: CallLogRow) => Promise<void>;

/** The returned function throws DATABASE_UNAVAILABLE (retryable). */
export const createLogCall = ({ database }: { readonly database: Queryable }): LogCall =>
  async function logCall(row) {
    const { id, principal, surface, agent, mode, egress, model, tokensIn, tokensOut, cost, responseMs } =
      storableJson(row);
    await database.query(
      `insert into query_logs (id, principal, surface, agent, mode, egress, model, tokens_in, tokens_out, cost, response_ms,
         first_token_ms, trace_id, receipt)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14::jsonb)`,
      [
        id,
        principal,
        surface,
        agent,
        mode,
        egress,
        model ?? null,
        tokensIn,
        tokensOut,
        cost ?? null,
        responseMs,
        row.firstTokenMs ?? null,
        row.traceId ?? null,
        JSON.stringify(storableJson(row.receipt)),
      ],
    );
  };
