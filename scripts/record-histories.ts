import { mkdir, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { fileURLToPath } from "node:url";
import { Client, Connection } from "@temporalio/client";
import { historyToJSON } from "@temporalio/common/lib/proto-utils.js";
import { onJobBench } from "../tests/support/job-bench.ts";
import { memoryJobs } from "../tests/support/memory-jobs.ts";
import { recordedCrews } from "../tests/support/recorded-crews.ts";
import { startTemporal } from "../tests/support/temporal.ts";
import { createTemporalParts } from "../tests/support/temporal-parts.ts";

/**
 * Makes the histories anew on which the tests replay the crews' workflow. Run it when the workflow was changed on purpose:
 * jobs that run stay with the version that began them, so an older history need not be kept for ever.
 */
const folder = fileURLToPath(new URL("../tests/workflows/jobs/temporal/histories/", import.meta.url));
const server = await startTemporal();
const connection = await Connection.connect({ address: server.address });
const { workflow } = new Client({ connection });

/** The histories of all runs of a job, the last one first. */
const historiesOf = async (jobId: string): Promise<readonly unknown[]> => {
  const histories: unknown[] = [];
  for (let runId: string | undefined; ; ) {
    const history = await workflow.getHandle(jobId, runId).fetchHistory();
    histories.push(JSON.parse(historyToJSON(history)));
    const before = history.events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId;
    if (!before) return histories;
    runId = before;
  }
};

try {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const { name, crew, script, drive, eventsPerRun } of recordedCrews) {
    const make = createTemporalParts({
      address: () => server.address,
      ...(eventsPerRun === undefined ? {} : { engine: { eventsPerRun } }),
    });
    await onJobBench({ make, openStore: memoryJobs, ...(script ? { script } : {}) }, async (bench) => {
      const id = await bench.begin(crew);
      await drive(bench, id);
      await workflow
        .getHandle(id)
        .result()
        .catch(() => undefined); // failed ones count too
      const histories = (await historiesOf(id)).toReversed();
      for (const [index, history] of histories.entries()) {
        const file = histories.length === 1 ? name : `${name}-${index + 1}`;
        // Clients and workers are named after the machine, which is nobody's business.
        const text = JSON.stringify(history).replaceAll(`${process.pid}@${hostname()}`, "recorder");
        await writeFile(`${folder}${file}.json`, `${text}\n`);
        console.log(`${file}: ${(history as { events: unknown[] }).events.length} events`);
      }
    });
  }
} finally {
  await connection.close();
  await server.stop();
}
