import { createHash } from "node:crypto";
import { canonicalJson } from "../db/canonical-json.ts";
import type { Queryable } from "../db/database.ts";
import { storableJson } from "../db/storable.ts";
import { subjectOf } from "./subjects.ts";

export interface AuditEntry {
  /** The principal's id. */
  readonly actor: string;
  /** `service.verb`, such as `tools.run`; without a dot the service is `athena`. */
  readonly action: string;
  readonly resource: string;
  /** `ok`, `denied`, `failed` … */
  readonly outcome: string;
  /** Facts without content; never secrets. */
  readonly payload?: Readonly<Record<string, unknown>>;
}

/** The newest row of the chain; kept outside the database it shows a tail that was cut off. */
export interface AuditHead {
  readonly id: number;
  readonly hash: string;
}

export type AuditVerdict =
  | { readonly ok: true; readonly head: AuditHead }
  | { readonly ok: false; readonly firstBadId: number; readonly reason: "missing" | "changed" | "inserted" };

export interface Audit {
  /**
   * Appends a row to the chain with its outbox event, in one round trip. Give the connection of the acting transaction;
   * the chain then waits for that transaction's end.
   * @throws {AppError} DATABASE_UNAVAILABLE
   */
  append(entry: AuditEntry, connection?: Queryable): Promise<AuditHead>;
  /** Walks the whole chain, 1,000 rows at a time, and names the first row that is not as it was written. */
  verify(archivedHead?: AuditHead): Promise<AuditVerdict>;
}

interface AuditRow {
  readonly id: string | number;
  readonly actor: string;
  readonly action: string;
  readonly resource: string;
  readonly outcome: string;
  readonly payload: Record<string, unknown>;
  readonly created_at: string | Date;
  readonly prev_hash: string;
  readonly hash: string;
}

const genesis: AuditHead = { id: 0, hash: "0".repeat(64) };
const pageRows = 1_000;

const bodyOf = (row: Omit<AuditRow, "id" | "prev_hash" | "hash">): string =>
  canonicalJson({
    actor: row.actor,
    action: row.action,
    resource: row.resource,
    outcome: row.outcome,
    payload: row.payload,
    created_at: new Date(row.created_at).toISOString(),
  });

const hashOf = (previousHash: string, id: number, body: string): string =>
  createHash("sha256").update(`${previousHash}\n${id}\n${body}`).digest("hex");

/** The audit: who did what, as a hash chain in which every row's hash covers the row before. */
export const createAudit = ({ database }: { readonly database: Queryable }): Audit => {
  const readHead = async (): Promise<AuditHead> => {
    const [row] = await database.query<{ last_id: string | number; hash: string }>(
      "select last_id, hash from audit_head",
    );
    return row ? { id: Number(row.last_id), hash: row.hash } : genesis;
  };

  const readAfter = (id: number): Promise<AuditRow[]> =>
    database.query<AuditRow>(
      `select id, actor, action, resource, outcome, payload, created_at, prev_hash, hash
       from audits where id > $1 order by id limit ${pageRows}`,
      [id],
    );

  const check = (row: AuditRow, previous: AuditHead): AuditVerdict => {
    const id = Number(row.id);
    const expected = previous.id + 1;
    if (id !== expected) return { ok: false, firstBadId: expected, reason: "missing" };
    const hash = hashOf(previous.hash, id, bodyOf(row));
    if (row.prev_hash !== previous.hash || row.hash !== hash) return { ok: false, firstBadId: id, reason: "changed" };
    return { ok: true, head: { id, hash } };
  };

  return {
    async append(entry, connection = database) {
      const { actor, action, resource, outcome, payload } = storableJson({ payload: {}, ...entry });
      const created_at = new Date().toISOString();
      const dot = action.indexOf(".");
      const tokens = {
        service: dot > 0 ? action.slice(0, dot) : "athena",
        action: action.slice(dot > 0 ? dot + 1 : 0),
      };
      const row = { actor, action, resource, outcome, payload, created_at };
      const request = { ...row, body: bodyOf(row), subject: subjectOf("audit.{service}.{action}", tokens) };
      const [result] = await connection.query<{ head: { id: number; hash: string } }>(
        "select audit_append($1::jsonb) as head",
        [JSON.stringify(request)],
        "audit_append",
      );
      return { id: result!.head.id, hash: result!.head.hash };
    },

    async verify(archivedHead) {
      let head = await readHead();
      let previous = genesis;
      for (;;) {
        const rows = await readAfter(previous.id);
        for (const row of rows) {
          // Rows past the head are fine only while someone is writing: then the head has moved on as well.
          if (Number(row.id) > head.id) head = await readHead();
          if (Number(row.id) > head.id) return { ok: false, firstBadId: Number(row.id), reason: "inserted" };
          const verdict = check(row, previous);
          if (!verdict.ok) return verdict;
          previous = verdict.head;
          if (archivedHead?.id === previous.id && archivedHead.hash !== previous.hash) {
            return { ok: false, firstBadId: previous.id, reason: "changed" };
          }
        }
        if (rows.length < pageRows) break;
      }
      if (previous.id < head.id || previous.id < (archivedHead?.id ?? 0)) {
        return { ok: false, firstBadId: previous.id + 1, reason: "missing" };
      }
      if (previous.hash !== head.hash) return { ok: false, firstBadId: previous.id, reason: "changed" };
      return { ok: true, head: previous };
    },
  };
};
