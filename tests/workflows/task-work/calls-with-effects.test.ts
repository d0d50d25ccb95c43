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
  toolOf,
} from "../../support/task-work.ts";
import { until } from "../../support/until.ts";

describe("calls with effects", () => {
  const opens = () =>
    scriptedModel(({ messages }) =>
      messages.some(({ role }) => role === "tool")
        ? "Ticket 7 is open."
        : { calls: [{ name: "open_ticket", arguments: { title: "Boiler" } }] },
    );
  const asTicket = (more: object = {}) => oneTask({ ...ticketTask, ...more }, { agent: { tools: ["open_ticket"] } });

  test("are noted before they happen, get a key of their own, and are done once for a key", async () => {
    const effects: string[] = [];
    const seen: unknown[] = [];
    const { models, requests } = opens();
    const { work, records } = taskWorkWith({
      models,
      tools: [
        ticketOpener(effects, {
          run: async (_args: unknown, { idempotencyKey }: { readonly idempotencyKey: string }) => {
            seen.push({ ...records.calls.get(idempotencyKey) });
            effects.push(idempotencyKey);
            return { status: "ok", text: "Ticket 7 is open.", sources: [] };
          },
        }),
      ],
    });
    const { job, request } = asTicket();
    const first = await work.doTask(job, request, freely());
    expect(await work.doTask(job, request, freely())).toEqual(first);
    expect(effects).toEqual(["job/one/1/call/1.1"]);
    expect(seen).toMatchObject([{ tool: "open_ticket", summary: expect.stringContaining('{"title":"Boiler"}') }]);
    expect(requests).toHaveLength(2);
  });

  test.each(["another call", "an answer"])(
    "are those of the first reply, where the model told another attempt at the same round %s",
    async (first) => {
      const effects: string[] = [];
      const calls = (title: string) => ({ calls: [{ name: "open_ticket", arguments: { title } }] });
      const isAskedTwice = Promise.withResolvers<void>();
      const { models, requests } = scriptedModel(async (_request, turn) => {
        if (turn > 2) return "It is open.";
        if (turn === 1) {
          await isAskedTwice.promise;
          await until(() => records.results.has("job/one/1/turn/1"));
          return calls("Boiler");
        }
        isAskedTwice.resolve();
        return first === "an answer" ? "It needs none." : calls("Boiler, leaking");
      });
      const { work, records } = taskWorkWith({ models, tools: [ticketOpener(effects)] });
      const { job, request } = asTicket();
      const results = await Promise.all([work.doTask(job, request, freely()), work.doTask(job, request, freely())]);
      expect(results[0]).toMatchObject({ status: "ok" });
      expect(results[1]).toEqual(results[0]);
      const call = '{"title":"Boiler, leaking"}';
      expect(effects).toEqual(first === "an answer" ? [] : [`job/one/1/call/1.1 ${call}`]);
      for (const { messages } of requests.slice(2)) expect(JSON.stringify(messages)).toContain(call);
    },
  );

  test("that were cut off are asked about and not repeated", async () => {
    const effects: string[] = [];
    const stop = new AbortController();
    const { models } = opens();
    const { work } = taskWorkWith({
      models,
      tools: [
        ticketOpener(effects, {
          run: async () => {
            effects.push("opened");
            stop.abort(new Error("killed"));
            throw stop.signal.reason;
          },
        }),
      ],
    });
    const { job, request } = asTicket();
    await expect(work.doTask(job, request, { signal: stop.signal })).rejects.toThrow("killed");
    for (let attempt = 0; attempt < 2; attempt += 1) {
      expect(await work.doTask(job, request, freely())).toMatchObject({
        status: "outcome_unknown",
        call: { tool: "open_ticket", key: "job/one/1/call/1.1" },
        usage: { tokens: 100 },
      });
    }
    expect(effects).toEqual(["opened"]);
  });

  test("that an attempt which was given up still makes are waited for, and nobody is asked", async () => {
    const effects: string[] = [];
    const answered = Promise.withResolvers<void>();
    const { models } = opens();
    const { work } = taskWorkWith({
      models,
      tools: [
        ticketOpener(effects, {
          run: async () => {
            effects.push("opened");
            await answered.promise;
            return { status: "ok", text: "Ticket 7 is open.", sources: [] };
          },
        }),
      ],
    });
    const { job, request } = asTicket();
    const leftBehind = work.doTask(job, request, freely());
    await until(() => effects.length === 1);
    const next = work.doTask(job, request, freely());
    setTimeout(answered.resolve, 20);
    expect(await next).toMatchObject({ status: "ok", output: { text: "Ticket 7 is open." } });
    expect(await leftBehind).toMatchObject({ status: "ok" });
    expect(effects).toEqual(["opened"]);
  });

  test("that such an attempt does not end in time are asked about", async () => {
    const effects: string[] = [];
    const answered = Promise.withResolvers<void>();
    const run = async () => {
      effects.push("opened");
      await answered.promise;
      return { status: "ok" as const, text: "Ticket 7 is open.", sources: [] };
    };
    const { work } = taskWorkWith({ models: opens().models, tools: [ticketOpener(effects, { run })], patienceMs: 5 });
    const { job, request } = asTicket();
    const leftBehind = work.doTask(job, request, freely());
    await until(() => effects.length === 1);
    const asked = await work.doTask(job, request, freely());
    expect(asked).toMatchObject({ status: "outcome_unknown" });
    answered.resolve();
    await leftBehind;
    expect(effects).toEqual(["opened"]);
  });

  test.each([true, false])(
    "that were cut off: the model goes on once somebody has said whether (%s)",
    async (happened) => {
      const effects: string[] = [];
      const { models, requests } = opens();
      const { work } = taskWorkWith({
        models,
        tools: [
          ticketOpener(effects, {
            run: async (_args: unknown, { idempotencyKey }: { readonly idempotencyKey: string }) => {
              effects.push(idempotencyKey);
              return effects.length === 1
                ? { status: "failed", reason: "It took too long." }
                : { status: "ok", text: "Ticket 7 is open.", sources: [] };
            },
          }),
        ],
      });
      const { job, request } = asTicket();
      const call = "job/one/1/call/1.1";
      const cutOff = await work.doTask(job, request, freely());
      expect(cutOff).toMatchObject({ status: "outcome_unknown", call: { key: call }, usage: { tokens: 100 } });
      const answers = [{ call, question: "q", happened, by: "ada", reason: "it is number 6" }];
      const whole = await work.doTask(job, { ...request, answers, used: cutOff.usage }, freely());
      // What the turn before cost was told already.
      expect(whole).toMatchObject({ status: "ok", usage: { tokens: 100 } });
      expect(requests).toHaveLength(2);
      const told = toldBy(requests[1]!, "tool");
      if (happened) expect(told).toContain("ada says that it happened: it is number 6");
      else expect(told).toContain("Ticket 7 is open.");
      expect(effects).toEqual(happened ? [call] : [call, call]);
    },
  );

  test("that are cut off again are asked about again, whatever was said before", async () => {
    const effects: string[] = [];
    const run = async () => {
      effects.push("tried");
      return { status: "failed" as const, reason: "It took too long." };
    };
    const { work } = taskWorkWith({ models: opens().models, tools: [ticketOpener(effects, { run })] });
    const { job, request } = asTicket();
    const answer = { call: "job/one/1/call/1.1", question: "q", happened: false, by: "ada" };
    for (const answers of [[], [answer], [answer], [answer, answer]]) {
      expect(await work.doTask(job, { ...request, answers }, freely())).toMatchObject({ status: "outcome_unknown" });
    }
    expect(effects).toHaveLength(3);
  });

  test("that fail are asked about too: they may have happened", async () => {
    const { models } = opens();
    const { work } = taskWorkWith({
      models,
      tools: [ticketOpener([], { run: async () => ({ status: "failed", reason: "It took too long." }) })],
    });
    const { job, request } = asTicket();
    expect(await work.doTask(job, request, freely())).toMatchObject({ status: "outcome_unknown" });
  });

  test("are not made again in a later round, nor after a crash behind them", async () => {
    const effects: string[] = [];
    let dies = true;
    const { models, requests } = scriptedModel(({ messages }) => {
      if (!messages.some(({ role }) => role === "tool"))
        return { calls: [{ name: "open_ticket", arguments: { title: "Boiler" } }] };
      if (dies) throw new AppError("PROVIDER_TIMEOUT", "Too slow.");
      return "no json";
    });
    const { work } = taskWorkWith({ models, tools: [ticketOpener(effects)] });
    const { job, request } = asTicket({ guardrails: [{ kind: "schema", schema: { type: "object" } }] });
    await expect(work.doTask(job, request, freely())).rejects.toMatchObject({ code: "PROVIDER_TIMEOUT" });
    dies = false;
    expect(await work.doTask(job, request, freely())).toMatchObject({ status: "refused", usage: { tokens: 200 } });
    expect(await work.doTask(job, { ...request, key: "job/one/2" }, freely())).toMatchObject({ status: "refused" });
    expect(effects).toHaveLength(1);
    expect(toldBy(requests.at(-2)!, "user")).toMatch(/open_ticket\n<data key="\w+">\n\{"title":"Boiler"\}/);
  });

  test("of a second turn have a key of their own when the first turn is replayed", async () => {
    const keys: string[] = [];
    let dies = true;
    const { models } = scriptedModel(({ messages }) => {
      const turns = messages.filter(({ role }) => role === "tool").length;
      if (turns === 1 && dies) throw new AppError("PROVIDER_TIMEOUT", "Too slow.");
      return turns < 2
        ? { calls: [{ name: "open_ticket", arguments: { title: `Boiler ${turns}` } }] }
        : "Both are open.";
    });
    const open = ticketOpener([], {
      run: async (_args: unknown, { idempotencyKey }: { readonly idempotencyKey: string }) => {
        keys.push(idempotencyKey);
        return { status: "ok", text: "Open.", sources: [] };
      },
    });
    const { work } = taskWorkWith({ models, tools: [open] });
    const { job, request } = asTicket();
    await expect(work.doTask(job, request, freely())).rejects.toThrow();
    dies = false;
    expect(await work.doTask(job, request, freely())).toMatchObject({ status: "ok" });
    expect(keys).toEqual(["job/one/1/call/1.1", "job/one/1/call/2.1"]);
  });

  test("keep their keys when another tool is no longer offered, or is again", async () => {
    const effects: string[] = [];
    const news = toolOf("news", { effect: "write" });
    const { job, request } = oneTask(
      { without_model: "call_tools" },
      { agent: { tools: ["news", "open_ticket"] }, input: {} },
    );
    for (const [before, after] of [
      [[news, ticketOpener(effects)], [ticketOpener(effects)]],
      [[ticketOpener(effects)], [news, ticketOpener(effects)]],
    ]) {
      effects.length = 0;
      const records = memoryTaskRecords();
      const dying = { ...records, keep: () => Promise.reject(new Error("killed")) };
      await expect(
        taskWorkWith({ tools: before!, records: dying }).work.doTask(job, request, freely()),
      ).rejects.toThrow("killed");
      const { work } = taskWorkWith({ tools: after!, records });
      expect(await work.doTask(job, request, freely())).toMatchObject({ status: "ok" });
      expect(effects).toEqual(["job/one/1/call/open_ticket.1 {}"]);
    }
  });

  test("need the right at the moment of the call, and irreversible ones somebody's word", async () => {
    const effects: string[] = [];
    const tools = [ticketOpener(effects, { effect: "irreversible" })];
    const { models, requests } = opens();
    const { job, request } = asTicket();
    await taskWorkWith({ models, tools })
      .work.doTask(job, request, freely())
      .catch(() => undefined);
    expect(requests[0]!.tools).toBeUndefined();
    expect(effects).toEqual([]);
    const approved = { job, request: { ...request, approved: true } };
    await taskWorkWith({ models: opens().models, tools }).work.doTask(approved.job, approved.request, freely());
    expect(effects).toHaveLength(1);
    for (const turns of [1, 0]) {
      const { models, requests } = opens();
      const gone = taskWorkWith({ models, tools, rolesOf: () => (requests.length < turns ? ["user"] : undefined) });
      await expect(gone.work.doTask(approved.job, approved.request, freely())).rejects.toMatchObject({
        code: "POLICY_DENIED",
      });
      expect([requests.length, effects.length]).toEqual([turns, 1]);
    }
  });
});
