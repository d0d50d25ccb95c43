import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { MasterKey } from "../../atlas/master-key.ts";
import type { PoolDatabase } from "../../platform/db/pool-database.ts";
import type { ModelGateway } from "../../platform/models/model-gateway.ts";
import { away, crewModel, honest } from "../support/crew-model.ts";
import {
  type CrewEngineParts,
  createCrewsBench,
  expectResolved,
  noModels,
  resultOf,
  search,
} from "../support/crews-bench.ts";
import { gatewayOn } from "../support/gateway.ts";
import type { EngineUnderTest } from "../support/job-bench.ts";
import { startModelServer } from "../support/model-server.ts";

const handbook = `# Handbook

## Boiler

The boiler in the cellar was bought in 2019. The boiler must be serviced every May by a plumber.

## Garden

The apple tree is watered on Fridays.
`;

/** The crews that ship, through the true work of their tasks, on whatever database and engine. */
export const shippedCrewsContract = (
  databaseOf: () => PoolDatabase,
  masterKeyOf: () => MasterKey,
  makeEngine: (parts: CrewEngineParts) => EngineUnderTest | Promise<EngineUnderTest>,
  /** Without what does not depend on the engine. */
  { isBrief = false }: { readonly isBrief?: boolean } = {},
): void => {
  const close: (() => Promise<unknown>)[] = [];
  let folder: string;
  let stubModel: ModelGateway;
  let honestModel: ModelGateway;
  let awayModel: ModelGateway;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "athena-crews-"));
    await writeFile(join(folder, "handbook.md"), handbook);
    const server = await startModelServer({ reply: crewModel, models: ["stand-in", honest, away] });
    stubModel = await gatewayOn({ OPENAI_BASE_URL: server.openaiUrl, ATHENA_MODEL: "openai/stand-in" });
    // One server for all models: it answers by their names.
    honestModel = await gatewayOn({ OPENAI_BASE_URL: server.openaiUrl, ATHENA_MODEL: `openai/${honest}` });
    awayModel = await gatewayOn({ OPENAI_BASE_URL: server.openaiUrl, ATHENA_MODEL: `openai/${away}` });
    close.push(
      () => stubModel.close(),
      () => honestModel.close(),
      () => awayModel.close(),
      () => server.close(),
      () => rm(folder, { recursive: true, force: true }),
    );
  });
  afterAll(async () => {
    for (const each of close) await each();
  });

  const { partsOf, runJob } = createCrewsBench({ databaseOf, masterKeyOf, makeEngine, folder: () => folder });

  describe.each([
    ["without a model", () => noModels],
    ["with a model", () => stubModel],
  ])("crews that ship, %s", (_name, models) => {
    test("deep-research reports what documents, conversations and the web say, and its citations resolve", async () => {
      const parts = partsOf(models());
      await parts.importHandbook();
      await parts.remember("The plumber said that the boiler loses water at the valve.");
      const ran = await runJob(parts, "deep-research", { topic: "the boiler in the cellar" });
      const result = resultOf(ran);
      await expectResolved(parts, ran.threadId, result);
      expect(result.citations.filter(({ itemId }) => itemId).length).toBeGreaterThan(1);
      expect(result.citations.some(({ url }) => url === "https://stub.example")).toBe(true);
      expect(result.citations.map(({ title }) => title).join("\n")).toContain("Handbook › Boiler");
      expect(ran.kinds.filter((kind) => kind === "task_done")).toHaveLength(6);
      const { messages } = await parts.timeline.messages(parts.principal, ran.threadId, { after: 0, limit: 10 });
      expect(messages).toHaveLength(1);
      expect(messages[0]!.content).toContain("## Sources");
      expect(messages[0]!.meta).toMatchObject({ citations: result.citations });
    });

    test("report tells the figures and the timeline of a period", async () => {
      const parts = partsOf(models());
      await parts.remember("We moved the boiler.");
      await parts.remember("We painted the wall.");
      await partsOf(models()).remember("Nobody else may read this.");
      const ran = await runJob(parts, "report", { period: "week" });
      const result = resultOf(ran);
      await expectResolved(parts, ran.threadId, result);
      expect(result.citations).toHaveLength(2);
      expect(result.text).not.toContain("Nobody else");
    });

    test("triage checks, proposes, asks, and raises the alert once somebody agreed", async () => {
      const parts = partsOf(models());
      await parts.database.query("delete from open_alerts");
      const ran = await runJob(parts, "triage", { incident: "The cache is down and nothing answers." });
      resultOf(ran);
      expect(ran.asked).toEqual([`${ran.id}/proposal/1/result`]);
      expect(await parts.database.query("select id, severity from open_alerts")).toEqual([
        { id: "incident:cache", severity: "critical" },
      ]);
      const calls = await parts.database.query(
        "select tool, done_at is not null as done from job_calls where job_id = $1",
        [ran.id],
      );
      expect(calls).toEqual([{ tool: "raise_alert", done: true }]);
    });
  });

  test("a triage whose proposal is rejected raises nothing", async () => {
    const parts = partsOf(noModels);
    await parts.database.query("delete from open_alerts");
    const { job } = await runJob(parts, "triage", { incident: "The cache is down." }, { decide: () => "reject" });
    expect(job).toMatchObject({
      status: "failed",
      error: { task: "proposal", message: expect.stringContaining("known") },
    });
    expect(await parts.database.query("select 1 from open_alerts")).toEqual([]);
  });

  test("a confidential job completes, and neither a history nor the database holds its words", async () => {
    const parts = partsOf(noModels);
    await parts.remember("The boiler was open for everybody to see.");
    const ran = await runJob(parts, "deep-research", { topic: "the secret boiler" }, { mode: "confidential" });
    const result = resultOf(ran);
    expect(JSON.stringify(ran.histories)).not.toContain("boiler");
    expect(result.text).toContain("everybody");
    const stored = await parts.database.query("select result from job_results where result is not null");
    expect(JSON.stringify(stored)).not.toContain("secret boiler");
    const { messages } = await parts.timeline.messages(parts.principal, ran.threadId, { after: 0, limit: 10 });
    expect(messages[0]!.content).toContain("secret boiler");
  });

  if (isBrief) return;

  test("deep-research with a model that finds nothing in what it is shown says so, and completes", async () => {
    const parts = partsOf(honestModel);
    await parts.remember("The boiler was bought in 2019.");
    const result = resultOf(await runJob(parts, "deep-research", { topic: "zeppelins and the boiler" }));
    expect(result).toMatchObject({ text: "Nothing of this says anything about it.", citations: [] });
    expect(resultOf(await runJob(parts, "answer", { question: "Who flew the boiler?" })).citations).toEqual([]);
  });

  test("report with a model that is away is written without it, and says so where people read it", async () => {
    const parts = partsOf(awayModel);
    await parts.remember("We moved the boiler.");
    const ran = await runJob(parts, "report", { period: "week" });
    const result = resultOf(ran);
    expect(result.text).toMatch(
      /We moved the boiler[\s\S]*\*The language model did not answer everything[\s\S]*## Sources/,
    );
    expect(result.degraded).toMatchObject([{ part: "model" }]);
    const { messages } = await parts.timeline.messages(parts.principal, ran.threadId, { after: 0, limit: 10 });
    expect(messages[0]!.meta).toMatchObject({ degraded: result.degraded });
  });

  test("what crews said in earlier jobs is no source of later ones", async () => {
    const parts = partsOf(noModels, []);
    await parts.remember("The boiler has a golden valve.");
    const first = resultOf(await runJob(parts, "deep-research", { topic: "the boiler" }));
    expect(resultOf(await runJob(parts, "deep-research", { topic: "the boiler" })).citations).toEqual(first.citations);
    const { text } = resultOf(await runJob(parts, "report", { period: "today" }));
    expect(text).toContain("deep-research: Report: the boiler [");
  });

  test("an alert that a dead process was about to raise is raised once somebody has said that it was not", async () => {
    const parts = partsOf(noModels);
    await parts.database.query("delete from open_alerts");
    const killed = new AbortController();
    const begun = Promise.withResolvers<void>();
    const hanging = partsOf(noModels, [search], (tool) =>
      tool.name === "raise_alert"
        ? { ...tool, run: () => new Promise<never>(() => begun.resolve()), timeoutMs: 60_000 }
        : tool,
    );
    let left: Promise<unknown> | undefined;
    const ran = await runJob(
      parts,
      "triage",
      { incident: "The cache is down." },
      {
        decide: (key) => (key.includes("/outcome") ? "repeat" : "approve"),
        async before(request, job) {
          if (request.task.id !== "action" || left) return;
          left = hanging.work.doTask(job, request, { signal: killed.signal }).catch(() => undefined);
          await begun.promise;
        },
      },
    );
    killed.abort();
    await left;
    await hanging.flush();
    resultOf(ran);
    expect(ran.asked.filter((key) => key.includes("/outcome"))).toEqual([`${ran.id}/action/1/outcome`]);
    expect(await parts.database.query("select id from open_alerts")).toEqual([{ id: "incident:cache" }]);
  });

  test("deep-research without a web search or anything to recall says that it found nothing", async () => {
    const parts = partsOf(noModels, []);
    const result = resultOf(await runJob(parts, "deep-research", { topic: "zeppelins over Mars" }));
    expect(result.citations).toEqual([]);
    expect(result.text).toContain("Nothing was found about this.");
  });

  test("what was deleted meanwhile is not cited any more", async () => {
    const parts = partsOf(noModels, []);
    const { thread, messages } = await parts.remember("The boiler has a golden valve.");
    const ran = await runJob(
      parts,
      "deep-research",
      { topic: "the boiler" },
      {
        async before({ task }) {
          if (task.id !== "draft") return;
          await parts.database.query(
            `insert into message_revisions (id, message_id, revision, thread_id, scope_key, kind, actor)
             values ($1, $2, 1, $3, $4, 'tombstone', 'ada')`,
            [randomUUID(), messages[0]!.id, thread.id, `user:${parts.principal.id}`],
          );
        },
      },
    );
    const result = resultOf(ran);
    expect(result.citations).toEqual([]);
    expect(result.text).not.toContain("golden");
  });
};
