import type { Logger } from "pino";
import type { Audit, AuditEntry } from "../platform/events/audit.ts";

export interface AuditQueue {
  /** Waits for the row; when it cannot be written now it stays queued and is tried again. */
  now(entry: AuditEntry): Promise<void>;
  /** Queues the row and returns at once; waits only while the queue is full. */
  later(entry: AuditEntry): Promise<void>;
  /** Writes what is queued; rows that still cannot be written go to the log, so none is lost silently. */
  close(): Promise<void>;
}

const longestQueue = 5_000;
const retryAfterMs = 1_000;
const closeWithinMs = 3_000;

/**
 * Puts audit rows behind the answer: reading calls do not wait for a database round trip (0.5 ms to 1 ms on the hot path),
 * calls with effects do. Rows are written one after the other, because the audit is a chain.
 */
export const createAuditQueue = ({
  audit,
  logger,
}: {
  readonly audit: Pick<Audit, "append">;
  readonly logger: Pick<Logger, "error">;
}): AuditQueue => {
  const waiting: { readonly entry: AuditEntry; readonly written: () => void }[] = [];
  let running: Promise<void> | undefined;
  let closed = false;
  let wake: (() => void) | undefined;
  let reported = false;

  const pause = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, retryAfterMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const drain = async (): Promise<void> => {
    for (let first = waiting[0]; first; first = waiting[0]) {
      try {
        await audit.append(first.entry);
        reported = false;
      } catch (error) {
        if (!reported)
          logger.error({ err: error, queued: waiting.length }, "audit rows cannot be written, trying again");
        reported = true;
        if (closed) return;
        await pause();
        continue;
      }
      waiting.shift();
      first.written();
    }
  };

  const start = (): Promise<void> => {
    running ??= drain().finally(() => {
      running = undefined;
      // A row may have come between the last look at the queue and here.
      if (waiting.length > 0 && !closed) void start();
    });
    return running;
  };

  const enqueue = (entry: AuditEntry): Promise<void> =>
    new Promise((resolve) => {
      waiting.push({ entry, written: resolve });
      void start();
    });

  return {
    async now(entry) {
      // A database that is down must not hold the answer: after one retry period the row waits alone.
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, retryAfterMs);
      await Promise.race([enqueue(entry), late]);
      clearTimeout(timer);
    },
    async later(entry) {
      const written = enqueue(entry);
      if (waiting.length > longestQueue) await written;
    },
    async close() {
      closed = true;
      wake?.();
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, closeWithinMs);
      await Promise.race([waiting.length > 0 ? start() : undefined, late]);
      clearTimeout(timer);
      for (const { entry, written } of waiting.splice(0)) {
        logger.error({ audit: entry }, "audit row was not written");
        written();
      }
    },
  };
};
