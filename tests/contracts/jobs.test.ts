import { pino } from "pino";
import { beforeAll } from "vitest";
import { loadMasterKey, type MasterKey } from "../../atlas/master-key.ts";
import { createEmbeddedEngine } from "../../workflows/jobs/embedded/create-embedded-engine.ts";
import { describeOnEachDatabase } from "../support/each-database.ts";
import { quickAttempts } from "../support/job-bench.ts";
import { jobsContract } from "./jobs.contract.ts";
import { shippedCrewsContract } from "./shipped-crews.contract.ts";

const logger = pino({ level: process.env.LOG_LEVEL ?? "silent" });

describeOnEachDatabase((database) => {
  let masterKey: MasterKey;
  beforeAll(async () => {
    masterKey = await loadMasterKey({ ATHENA_MASTER_KEY: "5e".repeat(32), dataDir: "" });
  });

  jobsContract(database, () => masterKey);
  shippedCrewsContract(
    database,
    () => masterKey,
    (parts) => createEmbeddedEngine({ ...parts, logger, attempts: quickAttempts, everyMs: 50 }),
  );
});
