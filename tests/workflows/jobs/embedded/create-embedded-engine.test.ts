import { pino } from "pino";
import { createEmbeddedEngine } from "../../../../workflows/jobs/embedded/create-embedded-engine.ts";
import { jobEngineContract } from "../../../contracts/job-engine.contract.ts";
import { describeOnEachDatabase } from "../../../support/each-database.ts";
import { storedJobs } from "../../../support/stored-jobs.ts";

const logger = pino({ level: process.env.LOG_LEVEL ?? "silent" });

describeOnEachDatabase((database) => {
  jobEngineContract(
    "the embedded engine",
    ({ records, work, attempts, now }) =>
      createEmbeddedEngine({ records, work, database: database(), logger, attempts, now, everyMs: 50 }),
    { openStore: () => storedJobs(database()) },
  );
});
