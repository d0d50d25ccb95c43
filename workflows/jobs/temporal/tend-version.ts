import { setTimeout as delay } from "node:timers/promises";
import { tsToMs } from "@temporalio/common/lib/time.js";
import type { NativeConnection } from "@temporalio/worker";
import { type VersionsAtWorkAsk, versionsAtWork } from "./versions-at-work.ts";

export interface TendVersionDeps extends VersionsAtWorkAsk {
  readonly connection: Pick<NativeConnection, "workflowService">;
  readonly deploymentName: string;
  /** The version that this worker runs. */
  readonly buildId: string;
  readonly signal: AbortSignal;
  /** Told of what went wrong; it is tried again. */
  readonly onFailure: (error: unknown) => void;
}

/** Temporal knows a version a moment after its first worker asks for work. */
const unknownPauseMs = 250;
const usualPauseMs = 60_000;

const codeOf = (error: unknown): unknown => (error as { readonly code?: unknown } | undefined)?.code;
const notFound = 5;
/** 9 and 10: another worker did the same at the same time. */
const passing: ReadonlySet<unknown> = new Set([notFound, 9, 10]);

/** Whether the version has become, or was, the one that new jobs begin with. */
const tendOnce = async (deps: TendVersionDeps): Promise<boolean> => {
  const { connection, namespace, deploymentName, buildId } = deps;
  const { workflowService } = connection;
  const { workerDeploymentInfo: info } = await workflowService.describeWorkerDeployment({ namespace, deploymentName });
  const madeAt = (id: string | null | undefined): number | undefined => {
    const version = info?.versionSummaries?.find(({ deploymentVersion }) => deploymentVersion?.buildId === id);
    return version?.createTime ? tsToMs(version.createTime) : undefined;
  };
  const own = madeAt(buildId);
  if (own === undefined) return false;
  const current = info?.routingConfig?.currentDeploymentVersion?.buildId;
  if (current === buildId) return true;
  const isNewer = own >= (madeAt(current) ?? 0);
  if (!isNewer && (await versionsAtWork(workflowService, deps)).has(current ?? "")) return true;
  await workflowService.setWorkerDeploymentCurrentVersion({
    namespace,
    deploymentName,
    buildId,
    ignoreMissingTaskQueues: true,
    identity: "athena",
  });
  return true;
};

/**
 * Has new jobs begin with the newest version that workers run; those that have begun stay with the version that began them.
 * A version that comes back after a newer one (a release taken back) takes over when the newer one's workers are gone.
 */
export const tendVersion = async (deps: TendVersionDeps): Promise<void> => {
  const { signal, onFailure } = deps;
  while (!signal.aborted) {
    const isSettled = await tendOnce(deps).catch((error: unknown) => {
      if (passing.has(codeOf(error))) return false;
      if (!signal.aborted) onFailure(error);
      return true;
    });
    await delay(isSettled ? usualPauseMs : unknownPauseMs, undefined, { signal, ref: false }).catch(() => undefined);
  }
};
