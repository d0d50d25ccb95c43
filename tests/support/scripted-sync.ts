import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { EdgeClient } from "../../atlas/core/edge-client.ts";
import type { SyncChange } from "../../atlas/deep/sync-page.ts";

/** A message of somebody's, as the log of an engine tells it. */
export const messageOf = (content: string | null, scope_key = "user:ada") =>
  ({ kind: "message", id: randomUUID(), thread_id: randomUUID(), scope_key, content }) satisfies SyncChange;

/** An engine's log in memory: what is put in is pulled, page by page. */
export const createScriptedSync = (pageSize = 10) => {
  const epoch = randomUUID();
  const log: SyncChange[] = [];
  const asked: (string | undefined)[] = [];
  const edge: Pick<EdgeClient, "pull"> = {
    async pull({ after, signal }) {
      asked.push(after);
      const from = after === undefined ? 0 : Number(after.split(".")[1]);
      if (from >= log.length && after !== undefined) await delay(20, undefined, { signal });
      const changes = log.slice(from, from + pageSize);
      const next = from + changes.length;
      return { changes, next: `${epoch}.${next}`, more: next < log.length, reset: after === undefined };
    },
  };
  return { edge, log, asked };
};
