import { canonicalJson } from "../../platform/db/canonical-json.ts";
import type { Database, Queryable } from "../../platform/db/database.ts";
import { storableJson, storableText } from "../../platform/db/storable.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import { publish } from "../../platform/events/outbox.ts";
import { countedAs } from "../../platform/policy/principal-id.ts";
import type { Decision } from "../crews/steps.ts";
import { outlineOf } from "./crew-outline.ts";
import type { Job } from "./job.ts";
import { type EntryRow, fields, isJobId, type JobRow, selectEntries, selectJobs, toEntry, toJob } from "./job-rows.ts";
import { guard, guardValues, type JobKey, type JobSeal, toJobKey } from "./job-seal.ts";
import type { JobEvent, Jobs, NewJob } from "./job-store.ts";
import { holdUnended, settleStatus } from "./settle-status.ts";

export interface JobsDeps {
  readonly database: Database;
  readonly seal: JobSeal;
  /** Jobs of one principal (see `countedAs`) that may be queued or run at once; with those that wait for people, `openPerParallel` times as many. */
  readonly parallelJobs: number;
  /** Told the id of a job of which there is something new to see, after the commit. */
  readonly onChange: (jobId: string) => void;
}

/** What is looked at before a job is made. */
export interface JobAdmission {
  /**
   * The job that the principal's key belongs to; undefined when there is none, and room for another one.
   * @throws {AppError} RATE_LIMITED, IDEMPOTENCY_MISMATCH: as `Jobs.create`, which looks again
   */
  admit(asked: Asked): Promise<Job | undefined>;
  /** Whether the principal has a job under that key. */
  isBegun(principal: string, idempotencyKey: string): Promise<boolean>;
  /** Whether there is a job of this id, whosever. */
  knows(id: string): Promise<boolean>;
}

export interface Asked {
  readonly principal: string;
  readonly crewId: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly idempotencyKey?: string | undefined;
  readonly terms?: string | undefined;
  readonly anyInput?: boolean | undefined;
}

interface ExistingRow {
  readonly id: string;
  readonly principal: string;
  readonly crew_id: string;
  readonly terms: string | null;
  readonly thread_id: string;
  readonly wrapped_key: Uint8Array | null;
  readonly input: Record<string, unknown> | null;
  readonly input_sealed: Uint8Array | null;
}

interface EventRow {
  readonly sequence: number;
  readonly id: string;
  readonly kind: JobEvent["kind"];
  readonly task: string | null;
  readonly round: number | null;
  readonly agent: string | null;
  readonly content: string | null;
  readonly content_sealed: Uint8Array | null;
  readonly at: Date | string;
  readonly thread_id: string;
  readonly wrapped_key: Uint8Array | null;
}

interface OpenQuestion {
  readonly key: string;
  readonly about: string;
}

/** How long it may take until one of somebody's jobs has ended, when nothing is known of them. */
const retryAfterSeconds = 30;
/** Jobs that wait for people are cheap, but each may go on at once when it is answered. */
const openPerParallel = 10;

/** Takes the hand of one whose jobs are counted together: whoever else makes such a job waits, and then sees this one. */
const alone = async (connection: Queryable, holder: string): Promise<void> => {
  await connection.query("select pg_advisory_xact_lock(hashtextextended($1, 4710271968))", [holder]);
};

const threadKey = async (connection: Queryable, { threadId, mode }: NewJob): Promise<JobKey> => {
  const [row] = isJobId(threadId)
    ? await connection.query<{
        id: string;
        mode: JobKey["mode"];
        wrapped_key: Uint8Array | null;
        shredded_at: unknown;
      }>("select id, mode, wrapped_key, shredded_at from threads where id = $1 for share", [threadId])
    : [];
  if (!row || row.shredded_at !== null) throw new AppError("NOT_FOUND", "There is no such thread.");
  if (mode === "confidential" && row.mode !== "confidential") {
    throw new AppError("CONFLICT", "The conversation of a confidential job must be confidential itself.");
  }
  return toJobKey({ thread_id: row.id, mode: row.mode, wrapped_key: row.wrapped_key });
};

/** The question that an answer belongs to, of those that are open. @throws {AppError} CONFLICT */
const questionOf = (
  open: readonly OpenQuestion[],
  decision: Decision["decision"],
  key: string | undefined,
): OpenQuestion => {
  const asked = key === undefined ? open[0] : open.find((question) => question.key === key);
  if (!asked) {
    throw new AppError(
      "CONFLICT",
      key === undefined
        ? "This job waits for nothing: it was answered, or did not ask."
        : "This job does not wait for an answer to that: it was given, or never asked for.",
    );
  }
  if (key === undefined && open.length > 1) {
    throw new AppError("CONFLICT", `This job waits for ${open.length} answers; say with 'key' which one this is.`, {
      field: "key",
    });
  }
  if (decision === "repeat" && asked.about === "task") {
    throw new AppError("CONFLICT", "This task has not begun: approve or reject it.");
  }
  return asked;
};

/** Jobs in the main database, for those who ask for them. */
export const createJobs = ({ database, seal, parallelJobs, onChange }: JobsDeps): Jobs & JobAdmission => {
  const get = async (principal: string, id: string, connection: Queryable = database): Promise<Job | undefined> => {
    if (!isJobId(id)) return undefined;
    const [row] = await connection.query<JobRow>(
      `${selectJobs} where j.id = $1 and j.principal = $2`,
      [id, storableText(principal)],
      "job_get",
    );
    return row && toJob(seal, row);
  };

  /** The job of that id, or of the principal's key. @throws {AppError} IDEMPOTENCY_MISMATCH */
  const existing = async (
    connection: Queryable,
    { principal, crewId, input, idempotencyKey, terms, anyInput = false }: Asked,
    id: string | null = null,
  ): Promise<string | undefined> => {
    const [row] = await connection.query<ExistingRow>(
      `select j.id, j.principal, j.crew_id, j.terms, j.thread_id, t.wrapped_key, j.input, j.input_sealed
       from jobs j join threads t on t.id = j.thread_id
       where j.id = $1 or (j.principal = $2 and j.idempotency_key = $3) limit 1`,
      [id, storableText(principal), idempotencyKey === undefined ? null : storableText(idempotencyKey)],
    );
    if (!row) return undefined;
    const key = { threadId: row.thread_id, wrappedKey: row.wrapped_key };
    const before = seal.open(key, row.id, fields.input, row.input, row.input_sealed);
    const isSame =
      row.principal === storableText(principal) &&
      row.crew_id === crewId &&
      (row.terms === null || terms === undefined || row.terms === terms) &&
      (anyInput || before === undefined || canonicalJson(before) === canonicalJson(storableJson(input)));
    if (isSame) return row.id;
    throw new AppError(
      "IDEMPOTENCY_MISMATCH",
      "This key belongs to a job with another crew, input, conversation, mode or limits.",
      {
        field: "idempotency_key",
      },
    );
  };

  const assertRoom = async (connection: Queryable, principal: string): Promise<void> => {
    const [row] = await connection.query<{ busy: number; open: number }>(
      `select count(*) filter (where status in ('queued', 'running'))::integer as busy, count(*)::integer as open
       from jobs where counted_as = $1 and ended_at is null`,
      [storableText(countedAs(principal))],
    );
    const whose =
      countedAs(principal) === principal ? "your jobs" : "the jobs of people whom your front end does not name";
    if (row!.open >= parallelJobs * openPerParallel) {
      throw new AppError(
        "RATE_LIMITED",
        `${row!.open} of ${whose} have not ended, as many as may be; answer or cancel those that wait.`,
        { retryAfterSeconds },
      );
    }
    if (row!.busy < parallelJobs) return;
    throw new AppError(
      "RATE_LIMITED",
      `${row!.busy} of ${whose} are queued or run, as many as may be; wait until one has ended, or cancel one.`,
      { retryAfterSeconds },
    );
  };

  return {
    async create(job) {
      const principal = storableText(job.principal.id);
      const made = await database.transaction(async (connection) => {
        await alone(connection, storableText(countedAs(principal)));
        const { crew, input: asks, idempotencyKey, terms, anyInput } = job;
        const asked = { principal, crewId: crew.id, input: asks, idempotencyKey, terms, anyInput };
        const there = await existing(connection, asked, job.id);
        if (there !== undefined) return { id: there, isNew: false };
        await assertRoom(connection, principal);
        const key = await threadKey(connection, job);
        const input = seal.seal(key, job.id, fields.input, job.input);
        const whole = seal.seal(key, job.id, fields.crew, job.crew);
        await connection.query(
          `insert into jobs (id, principal, counted_as, roles, idempotency_key, thread_id, mode, crew_id, crew, crew_sealed, tasks, input, input_sealed, terms, timezone)
           values ($1, $2, $3, array(select jsonb_array_elements_text($4::jsonb)), $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
          [
            job.id,
            principal,
            storableText(countedAs(principal)),
            JSON.stringify(job.principal.roles),
            job.idempotencyKey === undefined ? null : storableText(job.idempotencyKey),
            key.threadId,
            job.mode,
            job.crew.id,
            whole.clear ?? JSON.stringify(storableJson(outlineOf(job.crew))),
            whole.sealed,
            job.crew.tasks.length,
            input.clear,
            input.sealed,
            terms ?? null,
            job.timezone ?? null,
          ],
        );
        await publish(connection, {
          subject: "agent.run.requested.{agent}",
          tokens: { agent: job.crew.id },
          payload: { run_id: job.id, agent: job.crew.id, thread_id: key.threadId, principal },
          aggregate: { type: "job", id: job.id },
        });
        return { id: job.id, isNew: true };
      });
      if (made.isNew) onChange(made.id);
      return { job: (await get(job.principal.id, made.id))!, isNew: made.isNew };
    },

    async admit(asked) {
      if (asked.idempotencyKey !== undefined) {
        const there = await existing(database, asked);
        if (there !== undefined) return get(asked.principal, there);
      }
      await assertRoom(database, asked.principal);
      return undefined;
    },

    async isBegun(principal, idempotencyKey) {
      const rows = await database.query(
        "select 1 as one from jobs where principal = $1 and idempotency_key = $2",
        [storableText(principal), storableText(idempotencyKey)],
        "job_keyed",
      );
      return rows.length > 0;
    },

    async knows(id) {
      return isJobId(id) && (await database.query("select 1 as one from jobs where id = $1", [id])).length > 0;
    },

    get: (principal, id) => get(principal, id),

    async list(principal, { status, after, limit }) {
      if (after !== undefined && !isJobId(after)) return [];
      const rows = await database.query<EntryRow>(
        `${selectEntries} where j.principal = $1 and ($2::text is null or j.status = $2)
           and ($3::uuid is null or j.sequence < (select sequence from jobs where id = $3 and principal = $1))
         order by j.sequence desc limit $4`,
        [storableText(principal), status ?? null, after ?? null, limit],
      );
      return rows.map((row) => toEntry(seal, row));
    },

    async events(principal, id, { after, limit }) {
      if (!isJobId(id)) return undefined;
      const rows = await database.query<EventRow | { readonly sequence: null }>(
        `select e.sequence, e.id, e.kind, e.task, e.round, e.agent, e.content, e.content_sealed, e.at, t.wrapped_key, t.id as thread_id
         from jobs j join threads t on t.id = j.thread_id
         left join lateral (
           select * from job_events e where e.job_id = j.id and e.sequence > $3 order by e.sequence limit $4) e on true
         where j.id = $1 and j.principal = $2 order by e.sequence`,
        [id, storableText(principal), after, limit],
        "job_events",
      );
      if (rows.length === 0) return undefined;
      return rows
        .filter((row) => row.sequence !== null)
        .map((row): JobEvent => {
          const key = { threadId: row.thread_id, wrappedKey: row.wrapped_key };
          const text = seal.open(key, id, fields.event(row.id), row.content, row.content_sealed);
          return {
            sequence: row.sequence,
            id: row.id,
            kind: row.kind,
            at: new Date(row.at).toISOString(),
            ...(row.task === null ? {} : { task: row.task }),
            ...(row.round === null ? {} : { round: row.round }),
            ...(row.agent === null ? {} : { agent: row.agent }),
            ...(text === undefined ? {} : { text }),
          };
        });
    },

    async decide(principal, id, { decision, by, reason }, questionKey) {
      if (!isJobId(id)) return undefined;
      /** False: nothing is written. */
      const answer = (key: JobKey): Promise<boolean> =>
        database.transaction(async (connection) => {
          const [row] = await connection.query<{ outcome: string | null }>(
            "select outcome from jobs where id = $1 and principal = $2 for update",
            [id, storableText(principal)],
          );
          if (!row) return false;
          const open =
            row.outcome === null
              ? await connection.query<OpenQuestion>(
                  "select key, about from job_questions where job_id = $1 and decision is null order by asked_at, key",
                  [id],
                )
              : [];
          const asked = questionOf(open, decision, questionKey);
          const said = seal.seal(key, id, fields.reason(asked.key), reason);
          const rows = await connection.query(
            `update job_questions q set decision = $3, decided_by = $4, decided_at = clock_timestamp(), reason = $5, reason_sealed = $6
             from jobs j join threads t on t.id = j.thread_id
             where q.job_id = $1 and q.key = $2 and j.id = q.job_id and ${guard(7)} returning q.key`,
            [id, asked.key, decision, storableText(by), said.clear, said.sealed, ...guardValues(key)],
          );
          if (rows.length === 0) return false;
          await connection.query("update jobs set told = told + 1 where id = $1", [id]);
          await settleStatus(connection, id);
          return true;
        });
      if (!(await seal.write(id, answer))) return undefined;
      onChange(id);
      return get(principal, id);
    },

    async cancel(principal, id) {
      if (!isJobId(id)) return undefined;
      const job = await database.transaction(async (connection) => {
        if ((await get(principal, id, connection)) === undefined) return undefined;
        if (await holdUnended(connection, id)) {
          await connection.query(
            "update jobs set cancel_wished_at = now(), told = told + 1 where id = $1 and cancel_wished_at is null",
            [id],
          );
        }
        return get(principal, id, connection);
      });
      if (job) onChange(id);
      return job;
    },
  };
};
