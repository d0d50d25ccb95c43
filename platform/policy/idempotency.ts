import { randomUUID } from "node:crypto";
import type { Queryable } from "../db/database.ts";

/** The stored answer to an `Idempotency-Key`. */
export interface IdempotencyStore {
  /**
   * Reserves a key for a body. `fresh`: go on and `finish`; `replay`: send the stored answer; `mismatch`: another body, 422;
   * `running`: the first is still at work, 409. `takeOver`: somebody knows that what was begun came to nothing; then the same
   * body's key that is running or was answered with a failure (500 and more) is `fresh` too. A late answer of another process
   * is ignored.
   */
  begin(
    scope: string,
    key: string,
    bodyHash: string,
    options?: { readonly takeOver?: boolean },
  ): Promise<
    | { readonly state: "fresh" | "mismatch" | "running" }
    | { readonly state: "replay"; readonly status: number; readonly body: unknown }
  >;
  finish(scope: string, key: string, status: number, body: unknown): Promise<void>;
  /** Gives the key back after a failure, so that the caller can try again. */
  abandon(scope: string, key: string): Promise<void>;
}

export interface IdempotencyDeps {
  readonly database: Queryable;
  /** Encrypts the answers: they may hold confidential content. `context` is bound to the result. */
  readonly box: {
    seal(plaintext: string, context: string): Uint8Array;
    open(sealed: Uint8Array, context: string): Uint8Array;
  };
  /** Keyed hash of a body: a plain one would let a short confidential text be guessed. */
  readonly mac: (text: string) => string;
  /** A request still running after this long is taken for dead with its process; keep it above the longest deadline. */
  readonly staleAfterMs?: number;
  /** How long an answer can be replayed. */
  readonly keepMs?: number;
  /** No other process works on this database: requests that others left running died with them. Calls of tools stay as they are. */
  readonly isAlone?: boolean;
}

interface StoredRow {
  readonly body_hash: string;
  readonly state: "running" | "done";
  readonly status: number | null;
  readonly answer: Uint8Array | null;
}

const sweepEveryMs = 600_000;

/** Idempotency keys in the database; of concurrent `begin`s with one key exactly one is `fresh`. */
export const createIdempotencyStore = ({
  database,
  box,
  mac,
  staleAfterMs = 600_000,
  keepMs = 86_400_000,
  isAlone = false,
}: IdempotencyDeps): IdempotencyStore => {
  const holder = randomUUID();
  let sweptAt = 0;

  const contextOf = (scope: string, key: string): string => `idempotency ${JSON.stringify([scope, key])}`;

  let freed: Promise<unknown> | undefined;
  const freeDead = async (): Promise<void> => {
    if (!isAlone) return;
    freed ??= database.query(
      "delete from idempotency_keys where state = 'running' and holder <> $1 and scope not like 'tool:%'",
      [holder],
    );
    await freed.catch((error: unknown) => {
      freed = undefined;
      throw error;
    });
  };

  const sweep = async (): Promise<void> => {
    if (performance.now() - sweptAt < sweepEveryMs && sweptAt > 0) return;
    sweptAt = performance.now();
    await database.query("delete from idempotency_keys where started_at < now() - make_interval(secs => $1)", [
      Math.max(keepMs, staleAfterMs) / 1_000,
    ]);
  };

  return {
    async begin(scope, key, givenHash, { takeOver = false } = {}) {
      await freeDead();
      await sweep();
      const bodyHash = mac(givenHash);
      const reserved = await database.query(
        `insert into idempotency_keys as k (scope, key, body_hash, state, holder) values ($1, $2, $3, 'running', $4)
         on conflict (scope, key) do update
           set body_hash = $3, state = 'running', holder = $4, status = null, answer = null, started_at = now()
           where k.started_at < now() - make_interval(secs => case k.state when 'running' then $5 else $6 end::double precision)
             or ($7::boolean and k.body_hash = $3 and (k.state = 'running' or k.status >= 500))
         returning scope`,
        [scope, key, bodyHash, holder, staleAfterMs / 1_000, keepMs / 1_000, takeOver],
        "idempotency_begin",
      );
      if (reserved.length > 0) return { state: "fresh" };
      const [row] = await database.query<StoredRow>(
        "select body_hash, state, status, answer from idempotency_keys where scope = $1 and key = $2",
        [scope, key],
        "idempotency_read",
      );
      // Abandoned between the two statements: its holder is just answering, the caller may try again.
      if (!row) return { state: "running" };
      if (row.body_hash !== bodyHash) return { state: "mismatch" };
      if (row.state === "running" || row.answer === null || row.status === null) return { state: "running" };
      const body = JSON.parse(Buffer.from(box.open(row.answer, contextOf(scope, key))).toString("utf8"));
      return { state: "replay", status: row.status, body };
    },

    async finish(scope, key, status, body) {
      const answer = Buffer.from(box.seal(JSON.stringify(body ?? null), contextOf(scope, key)));
      await database.query(
        `update idempotency_keys set state = 'done', status = $4, answer = $5
         where scope = $1 and key = $2 and holder = $3 and state = 'running'`,
        [scope, key, holder, status, answer],
        "idempotency_finish",
      );
    },

    async abandon(scope, key) {
      await database.query(
        "delete from idempotency_keys where scope = $1 and key = $2 and holder = $3 and state = 'running'",
        [scope, key, holder],
        "idempotency_abandon",
      );
    },
  };
};
