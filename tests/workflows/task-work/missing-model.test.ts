import { describe, expect, test } from "vitest";
import { AppError } from "../../../platform/errors/app-error.ts";
import { memoryTaskRecords } from "../../support/memory-task-records.ts";
import {
  freely,
  oneTask,
  scriptedModel,
  taskWorkWith,
  ticketOpener,
  ticketTask,
  toldBy,
} from "../../support/task-work.ts";

describe("a model that is missing", () => {
  const away = new AppError("PROVIDER_SERVER_ERROR", "The model is away.");
  const reason = expect.stringContaining("did not answer everything");

  test("makes an attempt fail, and the one that is told so does without it and says that", async () => {
    const { models, requests } = scriptedModel(() => {
      throw away;
    });
    const { work, records } = taskWorkWith({ models });
    const { job, request } = oneTask({ guardrails: [{ kind: "judge", criterion: "It is polite." }] });
    await expect(work.doTask(job, request, freely())).rejects.toBe(away);
    const done = await work.doTask(job, request, { ...freely(), withoutModel: true });
    expect(done).toMatchObject({ status: "ok", output: { text: /Tell of the boiler\.\n\n\*The language model did/ } });
    expect(records.results.get("job/one/1")).toMatchObject({ output: { degraded: [{ part: "model", reason }] } });
    expect(requests).toHaveLength(1);
  });

  test("stays missing when the round is begun again, and leaves its note with all that is made of the result", async () => {
    const { models, requests } = scriptedModel((_request, turn) => {
      if (turn === 1) throw new AppError("PROVIDER_REFUSED", "No tools.");
      return "It is warm.";
    });
    const records = memoryTaskRecords();
    let dies = true;
    const dying = {
      ...records,
      async keep<Result>(jobId: string, key: string, result: Result): Promise<Result> {
        if (dies && key === "job/one/1") throw new Error("killed");
        return records.keep(jobId, key, result);
      },
    };
    const { work } = taskWorkWith({ models, records: dying });
    const { job, request } = oneTask();
    await expect(work.doTask(job, request, freely())).rejects.toThrow("killed");
    dies = false;
    const first = await work.doTask(job, request, freely());
    expect(requests).toHaveLength(1);
    const context = { before: first.status === "ok" ? first.output : expect.fail() };
    await work.doTask(job, { ...request, key: "job/one/2", context }, freely());
    expect(records.results.get("job/one/2")).toMatchObject({
      output: { text: expect.stringContaining("It is warm.\n\n*The"), degraded: [{ part: "model", reason }] },
    });
  });

  test("leaves what its agent did: the way does not do it again", async () => {
    const effects: string[] = [];
    const { models } = scriptedModel((_request, turn) => {
      if (turn > 1) throw away;
      return { calls: [{ name: "open_ticket", arguments: { title: "Boiler" } }] };
    });
    const { work } = taskWorkWith({ models, tools: [ticketOpener(effects)] });
    const task = { ...ticketTask, without_model: "call_tools" };
    const { job, request } = oneTask(task, { agent: { tools: ["open_ticket"] } });
    await expect(work.doTask(job, request, freely())).rejects.toBe(away);
    const done = await work.doTask(job, request, { ...freely(), withoutModel: true });
    expect(done).toMatchObject({ status: "ok", output: { text: /^Ticket 7 is open/ } });
    expect(effects).toEqual(['job/one/1/call/1.1 {"title":"Boiler"}']);
  });

  test("judges nothing: what it may not be asked is passed over", async () => {
    const { models } = scriptedModel((request) => {
      if (toldBy(request, "system").startsWith("You judge")) throw new AppError("EGRESS_BLOCKED", "Held.");
      return "It is warm.";
    });
    const { work } = taskWorkWith({ models });
    const { job, request } = oneTask({ guardrails: [{ kind: "judge", criterion: "It is polite." }] });
    const done = await work.doTask(job, request, freely());
    expect(done).toMatchObject({ output: { text: /It is warm\.\n\n\*The language model may not be told/ } });
  });
});
