import type { Queryable } from "../db/database.ts";
import { storableJson } from "../db/storable.ts";
import { type Payload, type SubjectTemplate, subjectOf, subjects, type Tokens } from "./subjects.ts";

export interface OutboxEvent<Template extends SubjectTemplate> {
  readonly subject: Template;
  readonly tokens: Tokens<Template>;
  readonly payload: Payload<Template>;
  /** What the event tells about; events of one aggregate stay in order. */
  readonly aggregate: { readonly type: string; readonly id: string };
}

/**
 * Writes an event on the caller's connection, so that it is published exactly if the caller's transaction commits.
 * @throws {z.ZodError} when the payload does not fit its subject: a programming error.
 */
export const publish = async <Template extends SubjectTemplate>(
  connection: Queryable,
  { subject, tokens, payload, aggregate }: OutboxEvent<Template>,
): Promise<void> => {
  await connection.query(
    "insert into outbox (aggregate_type, aggregate_id, event_type, payload) values ($1, $2, $3, $4)",
    [
      aggregate.type,
      aggregate.id,
      subjectOf(subject, tokens),
      JSON.stringify(storableJson(subjects[subject].parse(payload))),
    ],
    "outbox_publish",
  );
};
