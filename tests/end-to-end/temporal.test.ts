import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startEngine } from "../support/engine.ts";
import { type Postgres, startPostgres } from "../support/postgres.ts";
import { type Ran, runAthena } from "../support/run-command.ts";
import { freePort, freshDataDir, removeDataDir } from "../support/server-process.ts";
import { describeWithServer } from "../support/servers.ts";
import { type AthenaProcess, startAthena } from "../support/start-athena.ts";
import { jsonOf } from "../support/start-edge.ts";
import { startTemporal, type TemporalServer } from "../support/temporal.ts";
import { until } from "../support/until.ts";
import { usedDataDir } from "../support/used-data-dir.ts";

const asking = {
  id: "asking",
  description: "Asks somebody.",
  input: { type: "object", properties: { topic: { type: "string" } }, required: ["topic"] },
  agents: [{ id: "worker", role: "Worker", goal: "Work" }],
  tasks: [
    {
      id: "act",
      description: "Do it: {topic}",
      expected_output: "Done.",
      without_model: "combine",
      human_approval: "before",
    },
  ],
};

// A test starts programs and waits up to 30 seconds for each thing that they do.
vi.setConfig({ testTimeout: 90_000 });

// One file in order, as somebody sets it up: the server, then Temporal, then a worker.
describeWithServer("postgres", "long jobs on Temporal, as processes", () =>
  describeWithServer("temporal", "with its development server", () => {
    let postgres: Postgres;
    let temporal: TemporalServer;
    let dataDir: string;
    let environment: Record<string, string>;
    let server: AthenaProcess;
    let worker: AthenaProcess | undefined;
    let report: Promise<Ran>;
    beforeAll(async () => {
      [postgres, temporal, dataDir] = await Promise.all([startPostgres(), startTemporal(), freshDataDir()]);
      await temporal.crash();
      const port = await freePort();
      environment = {
        ATHENA_DATA_DIR: dataDir,
        ATHENA_PORT: `${port}`,
        DATABASE_URL: postgres.url,
        TEMPORAL_ADDRESS: temporal.address,
      };
      server = await startAthena("serve", port, environment);
    }, 60_000);
    afterAll(async () => {
      await Promise.all([server?.stop(), worker?.stop()]);
      await Promise.all([postgres?.stop(), temporal?.stop()]);
      await removeDataDir(dataDir);
    });
    const athena = (...words: string[]) => runAthena(words, environment);
    const states = async (): Promise<Record<string, string>> => {
      const { dependencies } = await jsonOf(await fetch(`${server.url}/ready`));
      return Object.fromEntries(dependencies.map((each: { name: string; state: string }) => [each.name, each.state]));
    };
    const begin = async (): Promise<string> => {
      const body = JSON.stringify({ crew: asking, input: { topic: "heat pumps" } });
      const headers = { "content-type": "application/json" };
      return (await jsonOf(await fetch(`${server.url}/v1/jobs`, { method: "POST", headers, body }))).id;
    };
    const reaches = (id: string, status: string) =>
      until(async () => (await jsonOf(await fetch(`${server.url}/v1/jobs/${id}`))).status === status, 30_000);

    test("while Temporal is away the server serves, says so, and takes jobs, which wait", async () => {
      expect(await states()).toMatchObject({ database: "up", temporal: "down", worker: "down" });
      report = athena("crew", "run", "report", "--input", '{"period":"week"}');
      await until(async () => (await jsonOf(await fetch(`${server.url}/v1/jobs`))).jobs.length === 1, 30_000);
      expect((await athena("jobs", "list")).stdout).toMatch(/report {2}queued/);
    });

    test("without a worker jobs wait, and the server says that it has none", async () => {
      await temporal.restart();
      await until(async () => (await states()).temporal === "up", 30_000);
      expect(await states()).toMatchObject({ temporal: "up", worker: "down" });
      expect((await athena("jobs", "list", "--status", "queued")).stdout).toContain("report");
    });

    test("a worker beside it does what waited, and the command that asked for it prints the result", async () => {
      worker = await startAthena("worker", await freePort(), environment);
      expect(await report).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/\S+[\s\S]*\nJob: \S+, thread: \S+/),
      });
      expect(await states()).toMatchObject({ temporal: "up", worker: "up" });
      expect(await jsonOf(await fetch(`${worker.url}/ready`))).toMatchObject({ status: "ready", worker: "running" });
    });

    test("jobs are shown, approved and cancelled by command", async () => {
      const [approved, cancelled] = [await begin(), await begin()];
      await Promise.all([reaches(approved, "waiting_approval"), reaches(cancelled, "waiting_approval")]);
      expect((await athena("jobs", "show", approved)).stdout).toContain(`athena jobs approve ${approved}`);
      expect(await athena("jobs", "approve", approved)).toMatchObject({ code: 0 });
      expect(await athena("jobs", "cancel", cancelled)).toMatchObject({ code: 0 });
      await Promise.all([reaches(approved, "completed"), reaches(cancelled, "cancelled")]);
    });

    test("with the embedded database the server does the steps itself", async () => {
      expect(await Promise.all([server.stop(), worker?.stop()])).toEqual([0, 0]);
      const ownDir = await usedDataDir();
      const alone = await startEngine({ ATHENA_DATA_DIR: ownDir, TEMPORAL_ADDRESS: temporal.address });
      try {
        const begun = await alone.post("/v1/jobs", { crew: "report", input: { period: "today" } });
        const { id } = await jsonOf(begun);
        await until(async () => {
          const { status } = await jsonOf(await fetch(`${alone.url}/v1/jobs/${id}`));
          return status === "completed";
        }, 30_000);
      } finally {
        await alone.close();
        await removeDataDir(ownDir);
      }
    });
  }),
);
