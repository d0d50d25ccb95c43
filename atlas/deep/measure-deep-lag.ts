import type { Logger } from "pino";
import type { Metrics } from "../../platform/metrics/metrics.ts";
import type { DeepEdge } from "./deep-edge.ts";

const everyMs = 15_000;

/** Keeps the gauges of the deep core's lag, until it is stopped. */
export const measureDeepLag = ({
  edge,
  metrics,
  logger,
}: {
  readonly edge: Pick<DeepEdge, "lag">;
  readonly metrics: Pick<Metrics, "deepLagChanges" | "deepLagSeconds">;
  readonly logger: Pick<Logger, "warn">;
}): { stop(): Promise<void> } => {
  let measuring: Promise<void> = Promise.resolve();
  const measure = async (): Promise<void> => {
    try {
      const { changes, seconds } = await edge.lag("core");
      metrics.deepLagChanges.set(changes);
      metrics.deepLagSeconds.set(seconds);
    } catch (error) {
      logger.warn({ err: error }, "the lag of the deep core cannot be told for the moment");
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
