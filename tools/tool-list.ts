import type { Recall } from "../atlas/timeline.ts";
import type { Gazetteer } from "../rag-services/places/place.ts";
import { createCalculate } from "./calculate.ts";
import { createCancelJob } from "./cancel-job.ts";
import { createConvertUnits } from "./convert-units.ts";
import type { CallersJobs } from "./find-job.ts";
import { createJobStatus } from "./job-status.ts";
import { createLoadMath } from "./load-math.ts";
import { createRecallMemory } from "./recall-memory.ts";
import { createTimeNow } from "./time-now.ts";
import type { Tool } from "./tool.ts";

/** What the tools stand on; each takes what it needs. */
export interface ToolListDeps {
  readonly places: Pick<Gazetteer, "resolve">;
  readonly recall: Recall;
  readonly jobs: CallersJobs;
}

/** Every tool that Athena has. A new one is one line here (`npm run new tool NAME` writes it). */
export const createTools = (deps: ToolListDeps): readonly Tool[] => {
  const loadMath = createLoadMath();
  return [
    createTimeNow(deps),
    createCalculate({ loadMath }),
    createConvertUnits({ loadMath }),
    createRecallMemory(deps),
    createJobStatus(deps),
    createCancelJob(deps),
  ] as readonly Tool[];
};
