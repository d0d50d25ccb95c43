import type { Queryable } from "../../platform/db/database.ts";
import { storableText } from "../../platform/db/storable.ts";
import { publish } from "../../platform/events/outbox.ts";
import type { Crew } from "../crews/crew.ts";
import { fixPeriods } from "../crews/period-fields.ts";
import type { Decision } from "../crews/steps.ts";
import { createFinishJob, type FinishJobDeps } from "./finish-job.ts";
import type { JobStatus } from "./job.ts";
import { fields, isJobId } from "./job-rows.ts";
import { guard, guardValues } from "./job-seal.ts";
import type { JobRecords } from "./job-store.ts";
import { holdUnended, settleStatus } from "./settle-status.ts";
import { wholeOutput } from "./whole-output.ts";

interface WorkRow {
  /** Of a confidential conversation, or an erased one, the outline. */
  readonly crew: Crew;
  readonly crew_sealed: Uint8Array | null;
  readonly principal: string;
  readonly roles: readonly string[];
  readonly mode: "open" | "confidential";
  readonly thread_id: string;
  readonly wrapped_key: Uint8Array | null;
  readonly input: Record<string, unknown> | null;
  readonly input_sealed: Uint8Array | null;
  readonly timezone: string | null;
  readonly created_at: Date | string;
}

interface StartRow {
  readonly crew_id: string;
  readonly principal: string;
  readonly thread_id: string;
  readonly is_new: boolean;
  readonly told: boolean;
}

interface DecisionRow {
  readonly decision: Decision["decision"];
  readonly decided_by: string;
  readonly reason: string | null;
  readonly reason_sealed: Uint8Array | null;
  readonly thread_id: string;
  readonly wrapped_key: Uint8Array | null;
}

/** Of a row of `jobs`: it ends without further work. */
const isEnding = `(cancel_wished_at is not null
  or exists (select from job_questions q where q.job_id = jobs.id and q.decision = 'reject'))`;

/** A job that was to end before it began has begun. */
class HasBegun extends Error {}

export interface JobRecordsDeps extends FinishJobDeps {
  /** Of the installation. */
  readonly timezone: string;
}

/** Jobs in the main database, for the engines. */
export const createJobRecords = (deps: JobRecordsDeps): JobRecords => {
  const { database, seal, records, onChange } = deps;
  const finish = createFinishJob(deps);

  /** Until the connection's transaction ends nobody starts it. @throws {HasBegun} */
  const assertUnbegun = async (id: string, connection: Queryable = database): Promise<void> => {
    const rows = await connection.query(
      `select 1 as one from jobs
       where id = $1 and started_at is null and cancel_wished_at is not null and ended_at is null for update`,
      [id],
    );
    if (rows.length === 0) throw new HasBegun();
  };

  return {
    async work(id) {
      if (!isJobId(id)) return undefined;
      // A conversation that turned confidential meanwhile makes its jobs so.
      const [row] = await database.query<WorkRow>(
        `select j.crew, j.crew_sealed, j.principal, j.roles, j.thread_id, t.wrapped_key, j.input, j.input_sealed, j.timezone, j.created_at,
           case when t.mode = 'confidential' then t.mode else j.mode end as mode
         from jobs j join threads t on t.id = j.thread_id where j.id = $1 and j.ended_at is null`,
        [id],
        "job_work",
      );
      if (!row) return undefined;
      const key = { threadId: row.thread_id, wrappedKey: row.wrapped_key };
      const crew = seal.open<Crew>(key, id, fields.crew, null, row.crew_sealed) ?? row.crew;
      const input = seal.open(key, id, fields.input, row.input, row.input_sealed) ?? {};
      const timezone = row.timezone ?? deps.timezone;
      return {
        id,
        crew,
        input: fixPeriods(crew, input, timezone, new Date(row.created_at)),
        timezone,
        askedAt: new Date(row.created_at).toISOString(),
        principal: { id: row.principal, roles: row.roles },
        threadId: row.thread_id,
        mode: row.mode,
      };
    },

    async unfinished({ limit, after }) {
      if (after !== undefined && !isJobId(after)) return [];
      return database.query<{ id: string; status: JobStatus }>(
        `select id, status from jobs where ended_at is null
           and ($2::uuid is null or sequence > (select sequence from jobs where id = $2))
         order by sequence limit $1`,
        [limit, after ?? null],
        "jobs_unfinished",
      );
    },

    async due({ limit, after, only, ending = false }) {
      if ([after, only].some((id) => id !== undefined && !isJobId(id))) return [];
      // The condition is the one of the index `jobs_due`: a job that waits costs nothing here.
      return database.query<{ id: string }>(
        `select id from jobs where ended_at is null
           and (status in ('queued', 'running') or told > heard or cancel_wished_at is not null)
           and ($2::uuid is null or sequence > (select sequence from jobs where id = $2))
           and ($3::uuid is null or id = $3) ${ending ? `and ${isEnding}` : ""}
         order by sequence limit $1`,
        [limit, after ?? null, only ?? null],
        ending ? "jobs_ending" : "jobs_due",
      );
    },

    async untold({ limit, after, only }) {
      if ([after, only].some((id) => id !== undefined && !isJobId(id))) return [];
      // Of the jobs in the index `jobs_due`.
      return database.query<{ id: string; told: number }>(
        `select id, told from jobs where ended_at is null and told > heard and ($3::uuid is null or id = $3)
           and ($2::uuid is null or sequence > (select sequence from jobs where id = $2))
         order by sequence limit $1`,
        [limit, after ?? null, only ?? null],
        "jobs_untold",
      );
    },

    async heard(id, told) {
      if (!isJobId(id)) return;
      await database.query("update jobs set heard = $2 where id = $1 and heard < $2", [id, told], "job_heard");
    },

    async started(id) {
      if (!isJobId(id)) return;
      const isNew = await database.transaction(async (connection) => {
        const [row] = await connection.query<StartRow>(
          `select crew_id, principal, thread_id, started_at is null as is_new, told > heard as told from jobs
           where id = $1 and ended_at is null for update`,
          [id],
        );
        if (!row?.is_new && !row?.told) return false;
        await connection.query("update jobs set started_at = coalesce(started_at, now()), heard = told where id = $1", [
          id,
        ]);
        if (!row.is_new) return false;
        await settleStatus(connection, id);
        await publish(connection, {
          subject: "agent.run.started.{agent}",
          tokens: { agent: row.crew_id },
          payload: { run_id: id, agent: row.crew_id, thread_id: row.thread_id, principal: row.principal },
          aggregate: { type: "job", id },
        });
        return true;
      });
      if (isNew) onChange(id);
    },

    async emit(id, { id: eventId, kind, task, round, agent, text }) {
      if (!isJobId(id)) return;
      const name = storableText(eventId);
      const written = await seal.write(id, async (key) => {
        const { clear, sealed } = seal.seal(key, id, fields.event(name), text);
        // The row's lock puts the numbers in the order in which they become visible.
        const rows = await database.query(
          `with job as (
             update jobs j set last_event = j.last_event + 1,
               tasks_begun = case when $3 = 'task_started' and $4 <> all (j.tasks_begun) then j.tasks_begun || $4::text
                 else j.tasks_begun end,
               tasks_done = case when $3 = 'task_done' and $4 <> all (j.tasks_done) then j.tasks_done || $4::text
                 else j.tasks_done end
             from threads t
             where j.id = $1 and t.id = j.thread_id and j.ended_at is null and ${guard(9)}
               and not exists (select from job_events e where e.job_id = $1 and e.id = $2)
             returning j.id, j.last_event
           )
           insert into job_events (job_id, sequence, id, kind, task, round, agent, content, content_sealed)
           select id, last_event, $2, $3, $4, $5, $6, $7, $8 from job on conflict do nothing returning sequence`,
          [id, name, kind, task ?? null, round ?? null, agent ?? null, clear, sealed, ...guardValues(key)],
          "job_emit",
        );
        return rows.length > 0;
      });
      if (written) onChange(id);
    },

    async ask(id, key, question) {
      if (!isJobId(id)) return;
      const name = storableText(key);
      // People judge all of a result, not the beginning that went through an engine's history.
      const whole =
        question.about === "result"
          ? { ...question, output: await wholeOutput(records, id, question.output) }
          : question;
      const written = await seal.write(id, async (place) => {
        const { clear, sealed } = seal.seal(place, id, fields.question(name), whole);
        return database.transaction(async (connection) => {
          if (!(await holdUnended(connection, id))) return false;
          const rows = await connection.query(
            `insert into job_questions (job_id, key, about, task, question, question_sealed)
             select j.id, $2, $3, $4, $5, $6 from jobs j join threads t on t.id = j.thread_id where j.id = $1 and ${guard(7)}
             on conflict do nothing returning key`,
            [id, name, question.about, storableText(question.task), clear, sealed, ...guardValues(place)],
          );
          if (rows.length > 0) await settleStatus(connection, id);
          return rows.length > 0;
        });
      });
      if (written) onChange(id);
    },

    async decision(id, key) {
      if (!isJobId(id)) return undefined;
      const name = storableText(key);
      const [row] = await database.query<DecisionRow>(
        `select q.decision, q.decided_by, q.reason, q.reason_sealed, t.id as thread_id, t.wrapped_key
         from job_questions q join jobs j on j.id = q.job_id join threads t on t.id = j.thread_id
         where q.job_id = $1 and q.key = $2 and q.decision is not null`,
        [id, name],
        "job_decision",
      );
      if (!row) return undefined;
      const place = { threadId: row.thread_id, wrappedKey: row.wrapped_key };
      const reason = seal.open(place, id, fields.reason(name), row.reason, row.reason_sealed);
      return { decision: row.decision, by: row.decided_by, ...(reason === undefined ? {} : { reason }) };
    },

    async wishesToCancel(id) {
      if (!isJobId(id)) return false;
      const rows = await database.query(
        "select 1 as one from jobs where id = $1 and cancel_wished_at is not null",
        [id],
        "job_cancel_wish",
      );
      return rows.length > 0;
    },

    async cancelUnbegun(id) {
      if (!isJobId(id)) return;
      try {
        await assertUnbegun(id);
        const outcome = { status: "cancelled", usage: { tokens: 0, cost: 0 } } as const;
        await finish(id, outcome, (connection) => assertUnbegun(id, connection));
      } catch (error) {
        if (!(error instanceof HasBegun)) throw error;
      }
    },

    finish,
  };
};
