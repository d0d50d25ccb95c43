import { afterAll, beforeAll } from "vitest";
import { jobEngineContract } from "../../../contracts/job-engine.contract.ts";
import { describeWithServer } from "../../../support/servers.ts";
import { startTemporal, type TemporalServer } from "../../../support/temporal.ts";
import { createTemporalParts } from "../../../support/temporal-parts.ts";

describeWithServer("temporal", "the Temporal engine", () => {
  let server: TemporalServer;
  beforeAll(async () => {
    server = await startTemporal();
  });
  afterAll(() => server?.stop());

  jobEngineContract("Temporal", createTemporalParts({ address: () => server.address, taskQueue: "contract" }), {
    hasClock: false,
  });
});
