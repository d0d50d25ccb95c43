import { expect, test } from "vitest";
import { isAboutJob } from "../../../server/crews/is-about-job.ts";

const askedAt = "2026-11-22T10:00:10.000Z";
const anHourBefore = "2026-11-22T09:00:10.000Z";
const job = { id: "job-1", threadId: "t1", askedAt, input: { topic: "heat pumps in old houses" } };
const said = (content: string, role = "user", threadId = "t1", createdAt = anHourBefore) =>
  isAboutJob({ threadId, role, content, createdAt }, job);

test("what asked for a job, and what told that it began, is known by the job's own conversation and words", () => {
  expect(said("Please research heat pumps in old houses for me.")).toBe(true);
  expect(said("The research has begun. It is job job-1, its progress: /v1/jobs/job-1.", "assistant")).toBe(true);
});

test("what tells of another job is known by its link, in whichever conversation", () => {
  const link = "/v1/jobs/00000000-0000-4000-8000-000000000002";
  expect(said(`The research has begun: “heat pumps”. Its progress: ${link}.`, "assistant", "t2")).toBe(true);
  expect(said(`What does ${link} say of heat pumps?`, "user", "t2")).toBe(false);
});

test("what was said of its subject is none of that", () => {
  expect(said("Heat pumps are loud.")).toBe(false);
  expect(
    said("Heat pumps in old houses need large radiators, because the water is only 45 degrees warm or less."),
  ).toBe(false);
  expect(said("Heat pumps are loud.", "assistant")).toBe(false);
  expect(said("Please research heat pumps in old houses for me.", "user", "t2")).toBe(false);
  const boiler = { ...job, input: { topic: "the boiler" } };
  expect(
    isAboutJob({ threadId: "t1", role: "user", content: "The boiler is warm.", createdAt: anHourBefore }, boiler),
  ).toBe(false);
});

test("what was said just before a job and names its subject asked for it, also where that is short", () => {
  const boiler = { ...job, input: { topic: "the boiler", language: "en" } };
  const request = { threadId: "t1", role: "user", createdAt: "2026-11-22T10:00:08.000Z" };
  expect(isAboutJob({ ...request, content: "Research this and send me a report: the boiler" }, boiler)).toBe(true);
  expect(isAboutJob({ ...request, content: "It has been cold since Monday." }, boiler)).toBe(false);
  expect(isAboutJob({ ...request, content: "Is the boiler on?", createdAt: "2026-11-22T10:00:12.000Z" }, boiler)).toBe(
    false,
  );
});
