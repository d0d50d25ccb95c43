import { afterAll, beforeAll, describe } from "vitest";
import { loadMasterKey, type MasterKey } from "../../../../atlas/master-key.ts";
import type { PoolDatabase } from "../../../../platform/db/pool-database.ts";
import { jobEngineContract } from "../../../contracts/job-engine.contract.ts";
import { shippedCrewsContract } from "../../../contracts/shipped-crews.contract.ts";
import { openMigratedEmbedded } from "../../../support/embedded-database.ts";
import { quickAttempts } from "../../../support/job-bench.ts";
import { keepWorkers } from "../../../support/kept-workers.ts";
import { describeWithServer } from "../../../support/servers.ts";
import { startTemporal, type TemporalServer } from "../../../support/temporal.ts";
import { createTemporalParts } from "../../../support/temporal-parts.ts";

describeWithServer("temporal", "the Temporal engine", () => {
  let server: TemporalServer;
  const kept = keepWorkers();
  const make = createTemporalParts({ address: () => server.address, taskQueue: "contract", kept });
  beforeAll(async () => {
    server = await startTemporal();
  });
  afterAll(async () => {
    await kept.stop();
    await server?.stop();
  });

  jobEngineContract("Temporal", make, { hasClock: false });

  describe("with the true work of tasks", () => {
    let database: PoolDatabase;
    let masterKey: MasterKey;
    beforeAll(async () => {
      masterKey = await loadMasterKey({ ATHENA_MASTER_KEY: "5e".repeat(32), dataDir: "" });
      database = await openMigratedEmbedded();
    });
    afterAll(() => database?.close());

    shippedCrewsContract(
      () => database,
      () => masterKey,
      (parts) => make({ ...parts, attempts: quickAttempts }),
      { isBrief: true },
    );
  });
});
