import type { Logger } from "pino";
import type { JobEngine } from "../../workflows/jobs/job-engine.ts";
import type { TemporalWorker } from "../../workflows/jobs/temporal/create-temporal-worker.ts";

/**
 * An engine on Temporal whose steps are done in this process, because no other one has its database. The worker begins with the
 * engine, or with the first job that it is told of.
 */
export const withOwnWorker = <Engine extends JobEngine>(
  engine: Engine,
  open: () => Promise<Pick<TemporalWorker, "start" | "stop">>,
  logger: Pick<Logger, "error">,
): Engine => {
  let opening: ReturnType<typeof open> | undefined;
  const begin = (): void => {
    if (opening) return;
    opening = open();
    opening.then(
      (worker) => worker.start(),
      (error: unknown) => {
        opening = undefined;
        logger.error({ err: error }, "the steps of jobs cannot be done here; they wait");
      },
    );
  };
  return {
    ...engine,
    start() {
      begin();
      engine.start();
    },
    run(jobId) {
      begin();
      return engine.run(jobId);
    },
    tell(jobId) {
      begin();
      return engine.tell(jobId);
    },
    async stop() {
      const worker = await opening?.catch(() => undefined);
      await worker?.stop();
      await engine.stop();
    },
  };
};
