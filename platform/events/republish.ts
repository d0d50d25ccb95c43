import type { Queryable } from "../db/database.ts";
import { subjectPatternToRegex } from "./subject-templates.ts";

export interface RepublishOptions {
  readonly since: Date;
  /** With NATS' wildcards; default all. */
  readonly subject?: string | undefined;
}

/**
 * Has the relay publish again what it published since a time, after a broker lost what it had acknowledged; how many events.
 * A bus keeps none that it has already, and a consumer has no effect twice.
 */
export const republish = async (database: Queryable, { since, subject = ">" }: RepublishOptions): Promise<number> => {
  const [row] = await database.query<{ count: number }>(
    `with again as (
       update outbox set status = 'pending', published_at = null, attempts = 0, claimed_until = null
       where status = 'published' and published_at >= $1 and event_type ~ $2 returning 1
     ) select count(*)::integer as count from again`,
    [since.toISOString(), subjectPatternToRegex(subject)],
  );
  return row?.count ?? 0;
};
