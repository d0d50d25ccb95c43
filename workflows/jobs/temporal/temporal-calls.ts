import {
  Client,
  Connection,
  ServiceError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
} from "@temporalio/client";
import type { DataConverter } from "@temporalio/common";
import type { Logger } from "pino";
import { AppError, isAppError } from "../../../platform/errors/app-error.ts";
import { type CrewJob, lookSignal, workflowType } from "./crew-job.ts";
import { connectionOptions, type TemporalAddress } from "./temporal-address.ts";
import { type VersionsAtWorkAsk, versionsAtWork } from "./versions-at-work.ts";

export interface TemporalCallsDeps extends TemporalAddress, VersionsAtWorkAsk {
  readonly dataConverter: DataConverter;
  readonly logger: Pick<Logger, "info" | "warn">;
  /** Longest wait for one answer. */
  readonly timeoutMs: number;
  /** How long a worker may be silent in the middle of a decision about what comes next. */
  readonly silenceMs?: number | undefined;
}

/** A job's workflow as Temporal has it. */
export interface WorkflowState {
  readonly status: string;
  /** The version that it is bound to, once a worker has begun it. */
  readonly buildId: string | undefined;
  /** How often, one after the other, workers have tried in vain to find out what comes next; 0: nobody is at that. */
  readonly tries: number;
}

/** gRPC's INVALID_ARGUMENT, ALREADY_EXISTS and FAILED_PRECONDITION: Temporal is there and refuses this one call. */
const refusals: ReadonlySet<unknown> = new Set([3, 6, 9]);
const codeOf = (error: unknown): unknown =>
  (error instanceof ServiceError ? (error.cause as { readonly code?: unknown } | undefined) : undefined)?.code;

/**
 * What an engine says to Temporal. Each call throws UPSTREAM_UNAVAILABLE when there is no answer in time, INTERNAL when
 * Temporal is there and refuses it.
 */
export const createTemporalCalls = (deps: TemporalCallsDeps) => {
  const { namespace, dataConverter, taskQueue, logger, timeoutMs, silenceMs } = deps;
  const connection = Connection.lazy(connectionOptions(deps));
  const { workflow } = new Client({ connection, namespace, dataConverter });
  let isAway = false;
  let isClosed = false;

  const call = async <Result>(rpc: () => Promise<Result>): Promise<Result> => {
    try {
      const result = await connection.withDeadline(Date.now() + timeoutMs, rpc);
      if (isAway) logger.info("Temporal answers again");
      isAway = false;
      return result;
    } catch (cause) {
      if (cause instanceof WorkflowExecutionAlreadyStartedError || cause instanceof WorkflowNotFoundError) throw cause;
      if (isAppError(cause)) throw cause; // of our own codec: it never got there
      if (refusals.has(codeOf(cause)))
        throw new AppError("INTERNAL", "Temporal refused a call about a job.", { cause });
      if (!isAway && !isClosed) logger.warn({ err: cause }, "Temporal does not answer; jobs wait");
      isAway = true;
      throw new AppError("UPSTREAM_UNAVAILABLE", "Temporal does not answer; the job waits for it.", { cause });
    }
  };

  const optionsOf = (job: CrewJob) =>
    ({
      workflowId: job.jobId,
      taskQueue,
      args: [job] as [CrewJob],
      ...(silenceMs === undefined ? {} : { workflowTaskTimeout: silenceMs }),
      workflowIdReusePolicy: "REJECT_DUPLICATE",
      workflowIdConflictPolicy: "USE_EXISTING",
    }) as const;

  /** False: it has begun before, and ended. */
  const unlessEnded = async (rpc: () => Promise<unknown>): Promise<boolean> => {
    try {
      await call(rpc);
      return true;
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
      throw error;
    }
  };

  return {
    isAway: () => isAway,
    /** Begins a job if it has not begun. False: it has ended. */
    begin: (job: CrewJob) => unlessEnded(() => workflow.start(workflowType, optionsOf(job))),
    /** Begins a job if it has not begun, and has it look at what is stored for it. False: it has ended. */
    beginAndTell: (job: CrewJob) =>
      unlessEnded(() => workflow.signalWithStart(workflowType, { ...optionsOf(job), signal: lookSignal })),
    /** Begins a job from its start, in the place of the run that there is. */
    beginAgain: (job: CrewJob) =>
      call(() =>
        workflow.start(workflowType, {
          ...optionsOf(job),
          // Temporal takes this pair only; a run of a job that has ended meanwhile finds nothing to do.
          workflowIdReusePolicy: "ALLOW_DUPLICATE",
          workflowIdConflictPolicy: "TERMINATE_EXISTING",
        }),
      ),
    /** Undefined: Temporal knows no such job. */
    async stateOf(jobId: string): Promise<WorkflowState | undefined> {
      try {
        const { status, raw } = await call(() => workflow.getHandle(jobId).describe());
        const buildId = raw.workflowExecutionInfo?.versioningInfo?.deploymentVersion?.buildId;
        return { status: status.name, buildId: buildId || undefined, tries: raw.pendingWorkflowTask?.attempt ?? 0 };
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return undefined;
        throw error;
      }
    },
    versionsAtWork: () => call(() => versionsAtWork(connection.workflowService, deps)),
    /** Milliseconds that an answer takes. */
    async ping(): Promise<number> {
      const since = performance.now();
      await call(() => connection.workflowService.getSystemInfo({}));
      return performance.now() - since;
    },
    async close(): Promise<void> {
      isClosed = true;
      await connection.close();
    },
  };
};
