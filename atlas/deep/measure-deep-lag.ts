import type { Logger } from "pino";
import { defaultCoreName } from "../../platform/config/core-name.ts";
import type { Metrics } from "../../platform/metrics/metrics.ts";
import type { DeepEdge } from "./deep-edge.ts";

const everyMs = 15_000;

/** Keeps the gauges of each deep core's lag, until it is stopped; a core that is forgotten leaves them. */
export const measureDeepLag = ({
  edge,
  metrics,
  logger,
}: {
  readonly edge: Pick<DeepEdge, "lags">;
  readonly metrics: Pick<Metrics, "deepLagChanges" | "deepLagSeconds">;
  readonly logger: Pick<Logger, "warn">;
}): { stop(): Promise<void> } => {
  let measuring: Promise<void> = Promise.resolve();
  const measure = async (): Promise<void> => {
    try {
      const lags = await edge.lags();
      metrics.deepLagChanges.reset();
      metrics.deepLagSeconds.reset();
      for (const { name: core = defaultCoreName, changes, seconds } of lags) {
        metrics.deepLagChanges.set({ core }, changes);
        metrics.deepLagSeconds.set({ core }, seconds);
      }
    } catch (error) {
      logger.warn({ err: error }, "the lag of the deep cores cannot be told for the moment");
    }
  };
  const timer = setInterval(() => {
    measuring = measure();
  }, everyMs);
  timer.unref();
  measuring = measure();
  return {
    async stop() {
      clearInterval(timer);
      await measuring;
    },
  };
};
