import { afterAll, beforeAll } from "vitest";
import { loadMasterKey, type MasterKey } from "../../../../atlas/master-key.ts";
import type { PoolDatabase } from "../../../../platform/db/pool-database.ts";
import { shippedCrewsContract } from "../../../contracts/shipped-crews.contract.ts";
import { openMigratedEmbedded } from "../../../support/embedded-database.ts";
import { quickAttempts } from "../../../support/job-bench.ts";
import { keepWorkers } from "../../../support/kept-workers.ts";
import { describeWithServer } from "../../../support/servers.ts";
import { startTemporal, type TemporalServer } from "../../../support/temporal.ts";
import { createTemporalParts } from "../../../support/temporal-parts.ts";

describeWithServer("temporal", "the Temporal engine with the true work of tasks", () => {
  let server: TemporalServer;
  let database: PoolDatabase;
  let masterKey: MasterKey;
  const kept = keepWorkers();
  const make = createTemporalParts({ address: () => server.address, taskQueue: "crews", kept });
  beforeAll(async () => {
    server = await startTemporal();
    masterKey = await loadMasterKey({ ATHENA_MASTER_KEY: "5e".repeat(32), dataDir: "" });
    database = await openMigratedEmbedded();
  });
  afterAll(async () => {
    await kept.stop();
    await server?.stop();
    await database?.close();
  });

  shippedCrewsContract(
    () => database,
    () => masterKey,
    (parts) => make({ ...parts, attempts: quickAttempts }),
    { isBrief: true },
  );
});
