import { join } from "node:path";
import type { Logger } from "pino";
import type { MasterKey } from "../../atlas/master-key.ts";
import type { Settings } from "../../platform/config/settings.ts";
import type { Metrics } from "../../platform/metrics/metrics.ts";
import type { TaskWork } from "../../workflows/jobs/do-task.ts";
import type { JobRecords } from "../../workflows/jobs/job-store.ts";
import type { TemporalEngine } from "../../workflows/jobs/temporal/create-temporal-engine.ts";
import type { TemporalWorker } from "../../workflows/jobs/temporal/create-temporal-worker.ts";
import { payloadKeyOf } from "../../workflows/jobs/temporal/payload-key.ts";
import { type TemporalSettings, temporalAddressOf } from "./temporal-address-of.ts";

export interface OpenTemporalDeps {
  readonly settings: TemporalSettings & Pick<Settings, "ATHENA_DATA_DIR" | "ATHENA_WORKER_STEPS">;
  readonly masterKey: MasterKey;
  readonly records: JobRecords;
  readonly logger: Logger;
}

// Temporal's packages are loaded here and nowhere before: who does without it does not wait for them.

/** The side that begins jobs and tells them; the address may be one where nothing answers yet. @throws {AppError} CONFIG_INVALID */
export const openTemporalEngine = async ({
  settings,
  masterKey,
  records,
  logger,
}: OpenTemporalDeps): Promise<TemporalEngine> => {
  const [address, { createTemporalEngine }, { createDataConverter }] = await Promise.all([
    temporalAddressOf(settings),
    import("../../workflows/jobs/temporal/create-temporal-engine.ts"),
    import("../../workflows/jobs/temporal/data-converter.ts"),
  ]);
  const dataConverter = createDataConverter([payloadKeyOf(masterKey)]);
  return createTemporalEngine({ ...address, dataConverter, records, logger });
};

/**
 * The side that does the steps; it is not started yet. The workflow's bundle is made once for each version, in the data folder.
 * @throws {AppError} CONFIG_INVALID
 */
export const openTemporalWorker = async ({
  settings,
  masterKey,
  records,
  work,
  metrics,
  logger,
}: OpenTemporalDeps & { readonly work: TaskWork; readonly metrics: Metrics }): Promise<TemporalWorker> => {
  const [address, { createTemporalWorker }, { loadWorkflowBundle }, { createDataConverter }] = await Promise.all([
    temporalAddressOf(settings),
    import("../../workflows/jobs/temporal/create-temporal-worker.ts"),
    import("../../workflows/jobs/temporal/workflow-bundle.ts"),
    import("../../workflows/jobs/temporal/data-converter.ts"),
  ]);
  return createTemporalWorker({
    ...address,
    dataConverter: createDataConverter([payloadKeyOf(masterKey)]),
    bundle: await loadWorkflowBundle(join(settings.ATHENA_DATA_DIR, "temporal")),
    records,
    work,
    onStep: (step, outcome, seconds) => metrics.jobStepSeconds.observe({ step, outcome }, seconds),
    concurrency: settings.ATHENA_WORKER_STEPS,
    logger,
  });
};
