import type { Connection } from "@temporalio/client";
import { tsToMs } from "@temporalio/common/lib/time.js";

export interface VersionsAtWorkAsk {
  readonly namespace: string;
  readonly taskQueue: string;
  /** A worker that has not asked for work for so long is gone; default 90,000: it asks at least once a minute. */
  readonly pollerSilenceMs?: number | undefined;
}

const workflowQueue = 1;

/** Build ids of the workers that ask for work. */
export const versionsAtWork = async (
  service: Pick<Connection["workflowService"], "describeTaskQueue">,
  { namespace, taskQueue, pollerSilenceMs = 90_000 }: VersionsAtWorkAsk,
): Promise<ReadonlySet<string>> => {
  const { pollers } = await service.describeTaskQueue({
    namespace,
    taskQueue: { name: taskQueue },
    taskQueueType: workflowQueue,
  });
  const alive = (pollers ?? []).filter(
    ({ lastAccessTime }) => !lastAccessTime || Date.now() - tsToMs(lastAccessTime) < pollerSilenceMs,
  );
  return new Set(alive.map(({ deploymentOptions }) => deploymentOptions?.buildId ?? ""));
};
