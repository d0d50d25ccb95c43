import { expect, test } from "vitest";
import { isAboutJob } from "../../../server/crews/is-about-job.ts";

const job = { id: "job-1", threadId: "t1", input: { topic: "heat pumps in old houses" } };
const said = (content: string, role = "user", threadId = "t1") => isAboutJob({ threadId, role, content }, job);

test("what asked for a job, and what told that it began, is known by the job's own conversation and words", () => {
  expect(said("Please research heat pumps in old houses for me.")).toBe(true);
  expect(said("The research has begun. It is job job-1, its progress: /v1/jobs/job-1.", "assistant")).toBe(true);
});

test("what was said of its subject is none of that", () => {
  expect(said("Heat pumps are loud.")).toBe(false);
  expect(
    said("Heat pumps in old houses need large radiators, because the water is only 45 degrees warm or less."),
  ).toBe(false);
  expect(said("Heat pumps are loud.", "assistant")).toBe(false);
  expect(said("Please research heat pumps in old houses for me.", "user", "t2")).toBe(false);
  expect(
    isAboutJob(
      { threadId: "t1", role: "user", content: "The boiler is warm." },
      { ...job, input: { topic: "the boiler" } },
    ),
  ).toBe(false);
});
