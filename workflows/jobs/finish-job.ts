import type { Database } from "../../platform/db/database.ts";
import { storableText } from "../../platform/db/storable.ts";
import { publish } from "../../platform/events/outbox.ts";
import { failureReason } from "../../platform/language/failure-reasons.ts";
import type { Citation } from "../crews/steps.ts";
import { endingWords } from "./ending-words.ts";
import { type Ending, fields, isClosed, isJobId } from "./job-rows.ts";
import { guard, guardValues, type JobSeal } from "./job-seal.ts";
import type { JobOutcome, MayFinish, TaskRecords } from "./job-store.ts";
import { tellOpenCalls } from "./tell-open-calls.ts";
import { wholeOutput } from "./whole-output.ts";

/**
 * Appends a message to a thread, in the name of whose job it is; the same `key` again is the same message, whatever it says.
 * @throws {AppError} NOT_FOUND, CONFLICT, POLICY_DENIED: the thread takes no message of this principal any more
 */
export type Say = (
  threadId: string,
  message: {
    readonly principal: string;
    readonly author: string;
    readonly key: string;
    readonly content: string;
    readonly meta: Record<string, unknown>;
  },
) => Promise<void>;

export interface FinishJobDeps {
  readonly database: Database;
  readonly seal: JobSeal;
  readonly records: Pick<TaskRecords, "kept">;
  readonly say: Say;
  /** Language in which the conversation is told that there is no result. */
  readonly localeOf: (input: Readonly<Record<string, unknown>>) => string;
  readonly onChange: (jobId: string) => void;
}

interface DecidedRow {
  readonly crew_id: string;
  readonly principal: string;
  readonly thread_id: string;
  readonly wrapped_key: Uint8Array | null;
  readonly outcome: JobOutcome["status"];
  readonly error_code: string | null;
  readonly ending: Ending | null;
  readonly ending_sealed: Uint8Array | null;
  readonly ended_at: Date | string | null;
  readonly input: Record<string, unknown> | null;
  readonly input_sealed: Uint8Array | null;
}

const noCitations: readonly Citation[] = [];

/** `open`: what is to be said of calls of which nobody knows whether they happened. */
const endingOf = (outcome: JobOutcome, open: string | undefined): Ending | undefined => {
  if (outcome.status === "completed") return { result: outcome.result };
  const why = outcome.status === "failed" ? outcome.error.message : undefined;
  const message = [why, open].filter((part) => part !== undefined).join(" ");
  return message === "" ? undefined : { message };
};

/** A source as other answers' messages name theirs. */
const toEvidence = ({ id, title, url, itemId }: Citation) => ({
  id: `e${id}`,
  service: itemId === undefined ? "search" : "recall",
  source: title,
  ...(url === undefined ? {} : { url }),
  ...(itemId === undefined ? {} : { item_id: itemId }),
});

/** What the conversation is told. */
const toMessage = (
  id: string,
  { crew_id, outcome, error_code }: DecidedRow,
  ending: Ending | undefined,
  locale: string,
) => {
  const meta = { job: { id, crew: crew_id, status: outcome } };
  if (ending !== undefined && "result" in ending) {
    const { text, citations, degraded } = ending.result;
    const said = { ...meta, citations, evidence: citations.map(toEvidence) };
    return { content: text, meta: degraded === undefined ? said : { ...said, degraded } };
  }
  const status = outcome === "cancelled" ? "cancelled" : "failed";
  const details = [failureReason(error_code ?? undefined, locale), ending?.message].filter(Boolean).join(" ");
  return {
    content: endingWords(status, crew_id, locale, details),
    meta: { ...meta, citations: noCitations, evidence: [] },
  };
};

/**
 * Ends jobs in three steps, of which each may be done again: how the job ends is noted, the first time only; its conversation is
 * told; the job has ended. Whoever sees it ended finds the result in the conversation, and a process that dies on the way
 * leaves a job that is still to be finished.
 */
export const createFinishJob = ({ database, seal, records, say, localeOf, onChange }: FinishJobDeps) => {
  const note = async (id: string, outcome: JobOutcome, mayFinish: MayFinish | undefined): Promise<void> => {
    const whole =
      outcome.status === "completed" ? { ...outcome, result: await wholeOutput(records, id, outcome.result) } : outcome;
    await seal.write(id, async (key) => {
      const open = whole.status === "completed" ? undefined : await tellOpenCalls(database, seal, key, id);
      const { clear, sealed } = seal.seal(key, id, fields.ending, endingOf(whole, open));
      const error = outcome.status === "failed" ? outcome.error : undefined;
      const values = [
        id,
        outcome.status,
        clear,
        sealed,
        error?.code ?? null,
        error?.task ?? null,
        Math.round(outcome.usage.tokens),
        outcome.usage.cost,
        ...guardValues(key),
      ];
      return database.transaction(async (connection) => {
        await mayFinish?.(connection);
        const rows = await connection.query(
          `update jobs j set outcome = $2, ending = $3, ending_sealed = $4, error_code = $5, error_task = $6,
             tokens = $7, cost = $8
           from threads t where j.id = $1 and t.id = j.thread_id and j.outcome is null and ${guard(9)} returning j.id`,
          values,
          "job_outcome",
        );
        return rows.length > 0;
      });
    });
  };

  const decided = async (id: string): Promise<DecidedRow | undefined> => {
    const [row] = await database.query<DecidedRow>(
      `select j.crew_id, j.principal, j.thread_id, t.wrapped_key, j.outcome, j.error_code, j.ending, j.ending_sealed, j.ended_at,
         j.input, j.input_sealed
       from jobs j join threads t on t.id = j.thread_id where j.id = $1 and j.outcome is not null`,
      [id],
      "job_decided",
    );
    return row;
  };

  const end = (id: string, { crew_id, principal, thread_id, outcome, error_code }: DecidedRow): Promise<boolean> =>
    database.transaction(async (connection) => {
      const [row] = await connection.query<{ ms: number }>(
        `with job as (
           update jobs set status = outcome, ended_at = now(), last_event = last_event + 1
           where id = $1 and ended_at is null returning *
         ), event as (
           insert into job_events (job_id, sequence, id, kind) select id, last_event, id || '/ended', outcome from job
         )
         select (1000 * extract(epoch from greatest(ended_at - created_at, interval '0')))::float8 as ms from job`,
        [id],
      );
      if (!row) return false;
      const ended = { run_id: id, agent: crew_id, thread_id, principal, ms: row.ms };
      const common = { tokens: { agent: crew_id }, aggregate: { type: "job", id } };
      if (outcome === "completed") {
        await publish(connection, { ...common, subject: "agent.run.completed.{agent}", payload: ended });
      } else {
        const code = outcome === "cancelled" ? "CANCELLED" : storableText(error_code ?? "INTERNAL");
        const payload = { ...ended, error_code: code };
        await publish(connection, { ...common, subject: "agent.run.failed.{agent}", payload });
      }
      return true;
    });

  return async (id: string, outcome: JobOutcome, mayFinish?: MayFinish): Promise<void> => {
    if (!isJobId(id)) return;
    const before = await decided(id);
    if (before?.ended_at != null) return;
    if (!before) await note(id, outcome, mayFinish);
    const row = await decided(id);
    if (!row || row.ended_at !== null) return;
    const key = { threadId: row.thread_id, wrappedKey: row.wrapped_key };
    const ending = seal.open(key, id, fields.ending, row.ending, row.ending_sealed);
    if (ending !== undefined || row.outcome === "cancelled") {
      const input = seal.open(key, id, fields.input, row.input, row.input_sealed) ?? {};
      const message = toMessage(id, row, ending, localeOf(input));
      await say(row.thread_id, { principal: row.principal, author: row.crew_id, key: `job ${id}`, ...message }).catch(
        (error: unknown) => {
          if (!isClosed(error)) throw error; // nobody is there any more to be told
        },
      );
    }
    if (await end(id, row)) onChange(id);
  };
};
