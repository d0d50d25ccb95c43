import { type MakeEngine, type OnBench, onJobBench } from "../support/job-bench.ts";
import { type JobsUnderTest, memoryJobs } from "../support/memory-jobs.ts";
import { jobEngineApprovalsContract } from "./job-engine-approvals.contract.ts";
import { jobEngineCancellingContract } from "./job-engine-cancelling.contract.ts";
import { jobEngineCutOffCallsContract } from "./job-engine-cut-off-calls.contract.ts";
import { jobEngineFailuresContract } from "./job-engine-failures.contract.ts";
import { jobEngineLimitsContract } from "./job-engine-limits.contract.ts";
import { jobEngineRunsContract } from "./job-engine-runs.contract.ts";
import { jobEngineTakeoverContract } from "./job-engine-takeover.contract.ts";
import { jobEngineUntoldContract } from "./job-engine-untold.contract.ts";

export interface JobEngineContractOptions {
  /** A store for one test; it shows an engine only the jobs that were made through it. */
  readonly openStore?: () => JobsUnderTest | Promise<JobsUnderTest>;
  /** Whether the engine goes by the clock that it is given. */
  readonly hasClock?: boolean;
}

/** What every engine does with jobs, whatever makes it durable. Each test has engines of its own over a store of its own. */
export const jobEngineContract = (
  name: string,
  makeEngine: MakeEngine,
  { openStore = memoryJobs, hasClock = true }: JobEngineContractOptions = {},
): void => {
  const on: OnBench = (use, script, attempts) =>
    onJobBench({ make: makeEngine, openStore, ...(script ? { script } : {}), ...(attempts ? { attempts } : {}) }, use);

  jobEngineRunsContract(name, on);
  jobEngineApprovalsContract(name, on, hasClock);
  jobEngineCutOffCallsContract(name, on);
  jobEngineCancellingContract(name, on);
  jobEngineUntoldContract(name, on);
  jobEngineFailuresContract(name, on);
  jobEngineLimitsContract(name, on);
  jobEngineTakeoverContract(name, on);
};
