import { describe, expect, test } from "vitest";
import { resultQuestion } from "../support/job-samples.ts";
import type { JobStoreBench } from "../support/job-store-bench.ts";

/** Of the answers to a question one counts. */
export const jobsAnswersContract = ({ partsOf, begin }: JobStoreBench): void => {
  describe("jobs", () => {
    test("of five answers at once exactly one counts", async () => {
      const parts = partsOf();
      const { principal, id } = await begin(parts);
      await parts.records.ask(id, "q", resultQuestion("write"));
      const answers = await Promise.allSettled(
        Array.from({ length: 5 }, (_, index) =>
          parts.jobs.decide(principal.id, id, { decision: index % 2 ? "approve" : "reject", by: `${index}` }, "q"),
        ),
      );
      expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      const winner = answers.findIndex(({ status }) => status === "fulfilled");
      expect(await parts.records.decision(id, "q")).toMatchObject({ by: `${winner}` });
    });

    test("one that waits for several answers wants to know which is meant; an unknown outcome shows first", async () => {
      const { jobs, records, ...rest } = partsOf();
      const { principal, id } = await begin({ jobs, records, ...rest });
      await records.started(id);
      await records.ask(id, "q1", { about: "task", task: "find", round: 1 });
      const call = { tool: "send_mail", key: "c", summary: "Mail to Ada" };
      await records.ask(id, "q2", { about: "outcome", task: "write", round: 1, call });
      expect(await jobs.get(principal.id, id)).toMatchObject({ status: "outcome_unknown", question: { key: "q1" } });
      const yes = { decision: "approve", by: principal.id } as const;
      await expect(jobs.decide(principal.id, id, yes)).rejects.toMatchObject({ code: "CONFLICT", field: "key" });
      await expect(jobs.decide(principal.id, id, { ...yes, decision: "repeat" }, "q1")).rejects.toMatchObject({
        code: "CONFLICT",
      });
      expect(await jobs.decide(principal.id, id, { ...yes, decision: "repeat" }, "q2")).toMatchObject({
        status: "waiting_approval",
      });
      expect(await jobs.decide(principal.id, id, yes)).toMatchObject({ status: "running" });
    });
  });
};
