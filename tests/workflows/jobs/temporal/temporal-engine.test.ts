import { afterAll, beforeAll } from "vitest";
import { jobEngineContract } from "../../../contracts/job-engine.contract.ts";
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
});
