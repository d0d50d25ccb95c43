import { setTimeout as delay } from "node:timers/promises";
import type { NativeConnection } from "@temporalio/worker";

export interface MakeCurrentDeps {
  readonly connection: Pick<NativeConnection, "workflowService">;
  readonly namespace: string;
  readonly deploymentName: string;
  readonly buildId: string;
  readonly signal: AbortSignal;
}

const pauseMs = 250;

/**
 * New jobs go to the version of the worker that started last; those that have begun stay with the version that began them.
 * Temporal knows a version once one of its workers has asked for work, so this may take some tries.
 */
export const makeCurrent = async (deps: MakeCurrentDeps): Promise<void> => {
  const { connection, namespace, deploymentName, buildId, signal } = deps;
  for (;;) {
    try {
      await connection.workflowService.setWorkerDeploymentCurrentVersion({
        namespace,
        deploymentName,
        buildId,
        ignoreMissingTaskQueues: true,
        identity: "athena",
      });
      return;
    } catch (error) {
      const code = (error as { readonly code?: number }).code;
      // 5 not found: not yet known; 9 failed precondition, 10 aborted: another worker does the same; 14: away.
      if (code === undefined || ![5, 9, 10, 14].includes(code)) throw error;
    }
    await delay(pauseMs, undefined, { signal });
  }
};
