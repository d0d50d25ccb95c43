import { PostgresSaver } from "@langchain/langgraph-checkpoint-postgres";
import type { Pool } from "pg";
import type { Database } from "../../../platform/db/database.ts";
import { type JobLease, LeaseLost } from "./job-leases.ts";

export interface RunSaverOptions {
  readonly database: Database;
  readonly pool: Pool;
  readonly schema: string;
  readonly lease: JobLease;
}

/** Under these LangGraph writes that a task threw, or paused; a run that goes on needs neither. */
const passing: ReadonlySet<string> = new Set(["__error__", "__interrupt__"]);

/**
 * The checkpointer of one run of a job. What it writes counts only while the run has its lease; and as LangGraph goes on while
 * it writes, `settled` says when all is kept: no step begins before the one before it is.
 */
export class RunSaver extends PostgresSaver {
  readonly #database: Database;
  readonly #schema: string;
  readonly #lease: JobLease;
  readonly #underWay = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | undefined;
  #isClosed = false;

  constructor({ database, pool, schema, lease }: RunSaverOptions) {
    super(pool, undefined, { schema });
    this.#database = database;
    this.#schema = schema;
    this.#lease = lease;
  }

  /** Waits until everything is written. @throws what a write failed with, LeaseLost among it. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
    if (this.#failure) throw this.#failure.error;
  }

  /** Nothing is written from now on. */
  close(): void {
    this.#isClosed = true;
  }

  override async put(...args: Parameters<PostgresSaver["put"]>) {
    await this.#watch(() => this.#putCheckpoint(...args));
    const [config, checkpoint] = args;
    const { thread_id, checkpoint_ns = "" } = config.configurable ?? {};
    return { configurable: { thread_id, checkpoint_ns, checkpoint_id: checkpoint.id } };
  }

  override putWrites(...[config, writes, taskId]: Parameters<PostgresSaver["putWrites"]>): Promise<void> {
    // A branch gives null: what it did are its steps, which are kept.
    if (writes.every(([channel, value]) => passing.has(channel) || value === null)) return Promise.resolve();
    return this.#watch(() => this.#putSteps(config, writes, taskId));
  }

  // A write that fails must not reject: LangGraph looks at it only at the end, and until then it would be nobody's.
  #watch(write: () => Promise<void>): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    const watched = write()
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => this.#underWay.delete(watched));
    this.#underWay.add(watched);
    return watched;
  }

  /** Runs one statement that writes what it takes `from held`: nothing, when another has the lease. @throws {LeaseLost} */
  async #writeHeld(name: string, writing: string, values: readonly unknown[]): Promise<void> {
    const { jobId, holder, fence } = this.#lease;
    const [row] = await this.#database.query<{ held: boolean }>(
      `with held as (select 1 from ${this.#schema}.leases where job_id = $1 and holder = $2 and fence = $3), ${writing}
       select exists (select from held) as held`,
      [jobId, holder, fence, ...values],
      `${this.#schema}_${name}`,
    );
    if (!row?.held) throw new LeaseLost();
  }

  // The library's statements, but one for all rows, and with the lease looked at.

  async #putCheckpoint(
    ...[config, checkpoint, metadata, newVersions]: Parameters<PostgresSaver["put"]>
  ): Promise<void> {
    const { thread_id, checkpoint_ns = "", checkpoint_id = null } = config.configurable ?? {};
    const [blobs, told] = await Promise.all([
      this._dumpBlobs(thread_id, checkpoint_ns, checkpoint.channel_values, newVersions),
      this._dumpMetadata(metadata),
    ]);
    await this.#writeHeld(
      "checkpoint",
      `blobs as (
         insert into ${this.#schema}.checkpoint_blobs (thread_id, checkpoint_ns, channel, version, type, blob)
         select $4, $5, b.channel, b.version, b.type, b.blob
         from held, unnest($10::text[], $11::text[], $12::text[], $13::bytea[]) as b (channel, version, type, blob)
         on conflict (thread_id, checkpoint_ns, channel, version) do nothing),
       written as (
         insert into ${this.#schema}.checkpoints
           (thread_id, checkpoint_ns, checkpoint_id, parent_checkpoint_id, checkpoint, metadata)
         select $4, $5, $6, $7, $8::jsonb, $9::jsonb from held
         on conflict (thread_id, checkpoint_ns, checkpoint_id) do update
           set checkpoint = excluded.checkpoint, metadata = excluded.metadata)`,
      [
        ...[thread_id, checkpoint_ns, checkpoint.id, checkpoint_id],
        ...[JSON.stringify(this._dumpCheckpoint(checkpoint)), JSON.stringify(told)],
        blobs.map(([, , channel]) => channel),
        blobs.map(([, , , version]) => version),
        blobs.map(([, , , , type]) => type),
        blobs.map(([, , , , , blob]) => (blob === undefined ? null : Buffer.from(blob))),
      ],
    );
  }

  async #putSteps(...[config, writes, taskId]: Parameters<PostgresSaver["putWrites"]>): Promise<void> {
    const { thread_id, checkpoint_ns = "", checkpoint_id } = config.configurable ?? {};
    const dumped = await this._dumpWrites(thread_id, checkpoint_ns, checkpoint_id, taskId, writes);
    await this.#writeHeld(
      "step",
      `written as (
         insert into ${this.#schema}.checkpoint_writes
           (thread_id, checkpoint_ns, checkpoint_id, task_id, idx, channel, type, blob)
         select $4, $5, $6, $7, w.idx, w.channel, w.type, w.blob
         from held, unnest($8::integer[], $9::text[], $10::text[], $11::bytea[]) as w (idx, channel, type, blob)
         on conflict (thread_id, checkpoint_ns, checkpoint_id, task_id, idx) do update
           set channel = excluded.channel, type = excluded.type, blob = excluded.blob)`,
      [
        ...[thread_id, checkpoint_ns, checkpoint_id, taskId],
        dumped.map(([, , , , index]) => index),
        dumped.map(([, , , , , channel]) => channel),
        dumped.map(([, , , , , , type]) => type),
        dumped.map(([, , , , , , , blob]) => Buffer.from(blob)),
      ],
    );
  }
}
