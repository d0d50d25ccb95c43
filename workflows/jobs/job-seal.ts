import { LRUCache } from "lru-cache";
import type { ThreadCipher } from "../../atlas/thread-cipher.ts";
import type { Queryable } from "../../platform/db/database.ts";
import { storableJson } from "../../platform/db/storable.ts";

/** How what a job holds of people's words is kept, as its conversation is: in clear, sealed, or not at all any more. */
export interface JobKey {
  readonly threadId: string;
  readonly mode: "open" | "confidential";
  /** Null in an open conversation, and when a confidential one was erased. */
  readonly wrappedKey: Uint8Array | null;
}

/** A pair of columns. */
export interface Kept {
  readonly clear: string | null;
  readonly sealed: Uint8Array | null;
}

export interface JobSeal {
  /** A value for its pair of columns; `field` names the place, in which alone it opens. Undefined is kept as nothing. */
  seal(key: JobKey, jobId: string, field: string, value: unknown): Kept;
  /** What a pair of columns holds; undefined when it is empty, or was erased. */
  open<Value>(
    key: Pick<JobKey, "threadId" | "wrappedKey">,
    jobId: string,
    field: string,
    clear: Value | null,
    sealed: Uint8Array | null,
  ): Value | undefined;
  /**
   * Writes what must be sealed, in one statement that writes only where `guard` holds; when it wrote nothing and the conversation
   * turned confidential (or was erased) meanwhile, once more with the key of now. False: there is no such job, or nothing to do.
   */
  write(jobId: string, attempt: (key: JobKey) => Promise<boolean>): Promise<boolean>;
}

interface KeyRow {
  readonly thread_id: string;
  readonly mode: JobKey["mode"];
  readonly wrapped_key: Uint8Array | null;
}

/** True while the thread `t` is as a `JobKey` says; takes the values of `guardValues` from that parameter on. */
export const guard = (first: number): string =>
  `t.mode = $${first} and t.wrapped_key is not distinct from $${first + 1}::bytea`;
export const guardValues = ({ mode, wrappedKey }: JobKey): readonly unknown[] => [mode, wrappedKey];

export const toJobKey = (row: KeyRow): JobKey => ({
  threadId: row.thread_id,
  mode: row.mode,
  wrappedKey: row.wrapped_key,
});

const isSame = (left: JobKey, right: JobKey): boolean =>
  left.mode === right.mode &&
  (left.wrappedKey === null || right.wrappedKey === null
    ? left.wrappedKey === right.wrappedKey
    : Buffer.from(left.wrappedKey).equals(right.wrappedKey));

export interface JobSealDeps {
  readonly database: Queryable;
  readonly cipher: Pick<ThreadCipher, "encrypt" | "decrypt">;
  /** How many jobs' keys are remembered; a job beyond costs one more look-up. */
  readonly maxKnownJobs?: number;
}

/** Seals what jobs of confidential conversations hold with the conversation's own key. */
export const createJobSeal = ({ database, cipher, maxKnownJobs = 1_000 }: JobSealDeps): JobSeal => {
  const known = new LRUCache<string, JobKey>({ max: maxKnownJobs });

  const look = async (jobId: string): Promise<JobKey | undefined> => {
    const [row] = await database.query<KeyRow>(
      "select j.thread_id, t.mode, t.wrapped_key from jobs j join threads t on t.id = j.thread_id where j.id = $1",
      [jobId],
      "job_key",
    );
    if (!row) return undefined;
    const key = toJobKey(row);
    known.set(jobId, key);
    return key;
  };

  return {
    seal({ threadId, mode, wrappedKey }, jobId, field, value) {
      if (value === undefined) return { clear: null, sealed: null };
      const stored = storableJson(value);
      if (mode === "open") return { clear: JSON.stringify(stored), sealed: null };
      if (wrappedKey === null) return { clear: null, sealed: null };
      return { clear: null, sealed: cipher.encrypt(threadId, wrappedKey, `job ${jobId} ${field}`, stored) };
    },

    open({ threadId, wrappedKey }, jobId, field, clear, sealed) {
      if (sealed === null) return clear ?? undefined;
      return wrappedKey === null ? undefined : cipher.decrypt(threadId, wrappedKey, `job ${jobId} ${field}`, sealed);
    },

    async write(jobId, attempt) {
      let key = known.get(jobId) ?? (await look(jobId));
      // A conversation turns confidential once and is erased once.
      for (let tries = 0; key !== undefined && tries < 3; tries += 1) {
        if (await attempt(key)) return true;
        const now: JobKey | undefined = await look(jobId);
        if (now === undefined || isSame(key, now)) return false;
        key = now;
      }
      return false;
    },
  };
};
