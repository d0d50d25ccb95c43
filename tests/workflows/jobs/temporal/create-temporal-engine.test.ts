import { pino } from "pino";
import { expect, test } from "vitest";
import { createTemporalEngine } from "../../../../workflows/jobs/temporal/create-temporal-engine.ts";
import { createDataConverter } from "../../../../workflows/jobs/temporal/data-converter.ts";
import { crewOf, owner } from "../../../support/job-bench.ts";
import { memoryJobs } from "../../../support/memory-jobs.ts";
import { testPayloadKey } from "../../../support/temporal-parts.ts";
import { until } from "../../../support/until.ts";

test("a job that no worker has begun is cancelled while Temporal is away; one that was begun waits for its worker", async () => {
  const { jobs, records, newThread, erase } = memoryJobs();
  const engine = createTemporalEngine({
    // Nobody is there.
    ...{ address: "127.0.0.1:1", namespace: "default", timeoutMs: 200, pollMs: 50 },
    ...{ records, logger: pino({ level: "silent" }) },
    dataConverter: createDataConverter([await testPayloadKey()]),
  });
  const begin = async (): Promise<string> => {
    const principal = { id: owner, roles: ["user"] };
    const threadId = await newThread(owner);
    const id = crypto.randomUUID();
    await jobs.create({ id, crew: crewOf([{ id: "one" }]), input: {}, principal, threadId, mode: "open" });
    return id;
  };
  const statusOf = async (id: string) => (await jobs.get(owner, id))?.status;
  try {
    const [told, begun, waiting, erased] = [await begin(), await begin(), await begin(), await begin()];
    await records.started(begun);
    for (const id of [told, begun]) {
      await jobs.cancel(owner, id);
      await engine.tell(id);
    }
    expect(await statusOf(told)).toBe("cancelled");
    await erase(owner, (await jobs.get(owner, erased))!.threadId);
    engine.start();
    await until(async () => (await statusOf(erased)) === "cancelled");
    expect([await statusOf(begun), await statusOf(waiting)]).toEqual(["running", "queued"]);
  } finally {
    await engine.stop();
  }
});
