import type { TemporalWorker, TemporalWorkerDeps } from "../../workflows/jobs/temporal/create-temporal-worker.ts";

/** What differs from one test to the next. */
export type WorkerParts = Pick<TemporalWorkerDeps, "records" | "work">;

/** A worker that one test has for itself. */
export interface KeptWorker {
  /** It is gone, as a worker that goes away. */
  stop(): Promise<void>;
  /** The test is over: the next one may have it. */
  release(): Promise<void>;
}

/** Workers of one task queue that serve test after test: making one costs half a second of computing. */
export interface KeptWorkers {
  /** `make` gives a worker that does not run yet; it is asked when none is left. */
  take(parts: WorkerParts, make: (parts: WorkerParts) => TemporalWorker): KeptWorker;
  /** Stops those that wait for a test. */
  stop(): Promise<void>;
}

interface Idle {
  readonly worker: TemporalWorker;
  serve(parts: WorkerParts): void;
  isBusy(): boolean;
}

/** `current()`, whatever it is when something of it is asked for. */
const following = <Value extends object>(current: () => Value): Value =>
  new Proxy({} as Value, { get: (_target, name) => Reflect.get(current(), name) });

/** For workers that are all made alike. */
export const keepWorkers = (): KeptWorkers => {
  const idle: Idle[] = [];

  const start = (first: WorkerParts, make: (parts: WorkerParts) => TemporalWorker): Idle => {
    let parts = first;
    let underWay = 0;
    const counted = async <Result>(step: () => Promise<Result>): Promise<Result> => {
      underWay += 1;
      try {
        return await step();
      } finally {
        underWay -= 1;
      }
    };
    const worker = make({
      records: following(() => parts.records),
      work: {
        doTask: (...call) => counted(() => parts.work.doTask(...call)),
        assign: (...call) => counted(() => parts.work.assign(...call)),
      },
    });
    worker.start();
    return {
      worker,
      serve(next) {
        parts = next;
      },
      isBusy: () => underWay > 0,
    };
  };

  return {
    take(parts, make) {
      const kept = idle.pop() ?? start(parts, make);
      kept.serve(parts);
      let isOver = false;
      const stop = async (): Promise<void> => {
        isOver = true;
        await kept.worker.stop();
      };
      return {
        stop,
        async release() {
          if (isOver) return;
          // One that works on what the test has left would take that into the next one.
          if (kept.isBusy() || idle.length > 0) return stop();
          isOver = true;
          idle.push(kept);
        },
      };
    },
    async stop() {
      await Promise.all(idle.splice(0).map(({ worker }) => worker.stop()));
    },
  };
};
