/**
 * Largest value that goes through a history, in characters of its JSON. Temporal itself refuses 2 MiB, and a history holds
 * every value of a job: what is larger goes by `ref`.
 */
export const largestPayload = 512 * 1_024;

/** Whether a value is small enough for a history. */
export const fitsHistory = (value: unknown): boolean => (JSON.stringify(value)?.length ?? 0) <= largestPayload;
