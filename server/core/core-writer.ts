import type { Logger } from "pino";
import type { SummaryWriter } from "../../atlas/summaries/summarise-thread.ts";
import { createWriteSummary } from "../../atlas/summaries/write-summary.ts";
import type { Settings } from "../../platform/config/settings.ts";
import { createPermit } from "../../platform/egress/create-permit.ts";
import type { Egress } from "../../platform/egress/egress.ts";
import type { Metrics } from "../../platform/metrics/metrics.ts";
import { createModelGateway } from "../../platform/models/create-model-gateway.ts";
import type { StopList } from "../stop-list.ts";

export interface CoreWriterDeps {
  readonly settings: Settings;
  readonly egress: Egress;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly stopList: StopList;
}

/** Nobody waits for a summary. */
const writeMs = 60_000;

/**
 * The model that writes a core's summaries; undefined when none is set, or a core cannot use it (aliases are the engine's):
 * summaries are then sentences of the threads. Nothing confidential comes to a core.
 */
export const openCoreWriter = async (deps: CoreWriterDeps): Promise<SummaryWriter | undefined> => {
  const { settings, logger, stopList } = deps;
  const model = settings.ATHENA_THREAD_SUMMARY_MODEL;
  if (model === undefined) return undefined;
  try {
    const models = await createModelGateway({ ...deps, settings: { ...settings, ATHENA_MODEL: model } });
    stopList.add("model of summaries", () => models.close());
    const permit = () => createPermit({ class: "full", confidential: false });
    return { model, write: createWriteSummary({ models, model, permit, timeoutMs: writeMs }) };
  } catch (error) {
    logger.warn({ err: error }, "no model writes the summaries here: they are sentences of the threads");
    return undefined;
  }
};
