import { describe, expect, test } from "vitest";
import type { Crew } from "../../workflows/crews/crew.ts";
import type { JobWork } from "../../workflows/jobs/job.ts";
import type { CrewTool } from "../../workflows/task-work/task-work-deps.ts";
import { crewOf, type OnBench, owner, type Script } from "../support/job-bench.ts";
import { taskWorkWith, toolOf } from "../support/task-work.ts";

/** Of a call whose outcome nobody knows a person says what became of it. */
export const jobEngineCutOffCallsContract = (name: string, on: OnBench): void => {
  describe(`a call that was cut off, on ${name},`, () => {
    const ticket = (run: CrewTool["run"]) => toolOf("open_ticket", { effect: "write", run });
    const withTickets = (task: object = {}) =>
      crewOf([{ id: "act", without_model: "call_tools", max_rounds: 1, ...task }], {
        agents: [{ id: "worker", role: "Worker", goal: "Work", tools: ["open_ticket", "file_note"] }],
      });
    /** The true work of tasks, whose first call fails in a way that leaves it open. */
    const cutOffOnce = () => {
      const opened: string[] = [];
      const filed: string[] = [];
      const { work, records } = taskWorkWith({
        tools: [
          ticket(async (_args, { idempotencyKey }) => {
            opened.push(idempotencyKey);
            return opened.length === 1
              ? { status: "failed", reason: "It took too long." }
              : { status: "ok", text: "Ticket 7 is open.", sources: [] };
          }),
          toolOf("file_note", {
            effect: "write",
            run: async (_args, { idempotencyKey }) => {
              filed.push(idempotencyKey);
              return { status: "ok", text: "The note is filed.", sources: [] };
            },
          }),
        ],
      });
      const script = (crew: Crew): Script => {
        const principal = { id: owner, roles: ["user"] };
        const asJob = (id: string): JobWork => ({
          id,
          crew,
          input: {},
          timezone: "UTC",
          askedAt: "2026-11-22T10:00:00.000Z",
          principal,
          threadId: id,
          mode: "open",
        });
        return (request, run) => work.doTask(asJob(request.key.split("/")[0]!), request, run);
      };
      return { opened, filed, records, script };
    };

    test("and did happen: the rest of the task goes on, and its result waits to be approved", () => {
      const crew = withTickets({ human_approval: "result" });
      const { opened, filed, script } = cutOffOnce();
      return on(async ({ begin, reaches, ends, decide, told }) => {
        const id = await begin(crew);
        const { question } = await reaches(id, "outcome_unknown");
        expect(question).toMatchObject({ question: { about: "outcome", call: { tool: "open_ticket" } } });
        expect(filed).toEqual([]);
        await decide(id, "approve");
        expect(await reaches(id, "waiting_approval")).toMatchObject({
          question: { question: { about: "result", output: { text: expect.stringContaining("The note is filed.") } } },
        });
        expect(opened).toHaveLength(1);
        expect(filed).toHaveLength(1);
        await decide(id, "approve");
        const { result } = await ends(id);
        expect(result?.text).toContain(`${owner} says that it happened`);
        expect((await told(id)).filter((event) => event.startsWith("task_started"))).toHaveLength(1);
      }, script(crew));
    });

    test("and did happen: what the task gives must meet its guardrails all the same", () => {
      const crew = withTickets({ guardrails: [{ kind: "schema", schema: { type: "array" } }] });
      const { opened, filed, script } = cutOffOnce();
      return on(async ({ begin, reaches, ends, decide }) => {
        const id = await begin(crew);
        await reaches(id, "outcome_unknown");
        await decide(id, "approve");
        expect(await ends(id)).toMatchObject({ status: "failed", error: { code: "GUARDRAILS_UNMET" } });
        expect([opened.length, filed.length]).toEqual([1, 1]);
      }, script(crew));
    });

    test("and did not happen: it is made once more, with the same key and in the same round", () => {
      const crew = withTickets();
      const { opened, filed, script } = cutOffOnce();
      return on(async ({ begin, reaches, ends, decide, work }) => {
        const id = await begin(crew);
        await reaches(id, "outcome_unknown");
        await decide(id, "repeat");
        expect(await ends(id)).toMatchObject({
          status: "completed",
          result: { text: "Ticket 7 is open.\n\nThe note is filed." },
        });
        expect(opened).toEqual([`${id}/act/1/call/open_ticket.1`, `${id}/act/1/call/open_ticket.1`]);
        expect(filed).toHaveLength(1);
        expect(work.began).toEqual([`${id}/act/1`, `${id}/act/1`]);
      }, script(crew));
    });

    test("and turned out to have happened before anybody answered: it is not repeated", () => {
      const crew = withTickets();
      const { opened, records, script } = cutOffOnce();
      return on(async ({ begin, reaches, ends, decide }) => {
        const id = await begin(crew);
        await reaches(id, "outcome_unknown");
        await records.done(id, `${id}/act/1/call/open_ticket.1`, {
          status: "ok",
          text: "Ticket 6 was open.",
          sources: [],
        });
        await decide(id, "repeat");
        expect(await ends(id)).toMatchObject({
          status: "completed",
          result: { text: expect.stringContaining("Ticket 6 was open.") },
        });
        expect(opened).toHaveLength(1);
      }, script(crew));
    });
  });
};
