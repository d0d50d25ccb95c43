import type { Queryable } from "../db/database.ts";
import { publish } from "./outbox.ts";
import type { Payload } from "./subjects.ts";

export interface Alert {
  /** The same id is the same trouble: `schedule:nightly-index`. */
  readonly id: string;
  readonly severity: Payload<"ops.alert.{severity}">["severity"];
  /** The part of Athena that says so. */
  readonly source: string;
  /** How bad it is; a higher level than before is told again. Default 1. */
  readonly level?: number;
}

interface AlertRow {
  readonly severity: Alert["severity"];
  readonly source: string;
}

const tell = (connection: Queryable, id: string, { severity, source }: AlertRow, state: "raised" | "resolved") =>
  publish(connection, {
    subject: "ops.alert.{severity}",
    tokens: { severity },
    payload: { alert_id: id, severity, source, state },
    aggregate: { type: "alert", id },
  });

/**
 * Tells of trouble by an event `ops.alert.{severity}`, once until it is over or gets worse. Give the connection of the
 * transaction that finds it.
 */
export const raiseAlert = async (
  connection: Queryable,
  { id, severity, source, level = 1 }: Alert,
): Promise<"raised" | "known"> => {
  const rows = await connection.query(
    `insert into open_alerts as a (id, severity, source, level) values ($1, $2, $3, $4)
     on conflict (id) do update set level = excluded.level, severity = excluded.severity where a.level < excluded.level
     returning 1 as raised`,
    [id, severity, source, level],
  );
  if (rows.length === 0) return "known";
  await tell(connection, id, { severity, source }, "raised");
  return "raised";
};

/** Tells that what was raised under this id is over; nothing when nothing was. */
export const resolveAlert = async (connection: Queryable, id: string): Promise<void> => {
  const [row] = await connection.query<AlertRow>("delete from open_alerts where id = $1 returning severity, source", [
    id,
  ]);
  if (row) await tell(connection, id, row, "resolved");
};
