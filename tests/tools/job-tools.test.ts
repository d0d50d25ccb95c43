import { describe, expect, test } from "vitest";
import type { Mode } from "../../platform/egress/egress-class.ts";
import { localPrincipal } from "../../platform/policy/principal.ts";
import { createCancelJob } from "../../tools/cancel-job.ts";
import { createJobStatus } from "../../tools/job-status.ts";
import type { ToolContext } from "../../tools/tool.ts";
import { endStatuses, type Job } from "../../workflows/jobs/job.ts";
import { permitOf } from "../support/permit.ts";

const jobOf = (id: string, more: Partial<Job> = {}): Job => ({
  id,
  crew: "report",
  status: "running",
  progress: { done: 3, total: 7, running: ["draft"] },
  usage: { tokens: 0, cost: 0 },
  threadId: "here",
  createdAt: "2026-11-21T10:00:00Z",
  ...(endStatuses.has(more.status ?? "running") ? { endedAt: "2026-11-21T11:00:00Z" } : {}),
  ...more,
});

/** The newest job comes first. */
const setUp = (jobs: readonly Job[], modes: Readonly<Record<string, Mode>> = {}) => {
  const cancelled: string[] = [];
  const mine = (principal: string) => (principal === "local" ? jobs : []);
  const callers = {
    get: async (principal: string, id: string) => mine(principal).find((job) => job.id === id),
    list: async (principal: string, { limit }: { limit: number }) => mine(principal).slice(0, limit),
    async cancel(principal: string, id: string) {
      const job = mine(principal).find((each) => each.id === id);
      if (job) cancelled.push(id);
      return job;
    },
    conversation: async (_principal: unknown, threadId: string) => ({
      mode: modes[threadId] ?? ("confidential" as const),
      isPersonal: threadId in modes,
    }),
  };
  const context = (locale: string, principal = localPrincipal): ToolContext => ({
    ...{ principal, locale, timezone: "UTC", threadId: "here", idempotencyKey: "k" },
    signal: new AbortController().signal,
    now: new Date("2026-11-21T10:00:00Z"),
    permit: permitOf("full"),
  });
  const status = createJobStatus({ jobs: callers });
  const cancel = createCancelJob({ jobs: callers });
  return {
    cancelled,
    async say(asked: { job?: string; crew?: string } = {}, locale = "en", principal = localPrincipal) {
      const output = status.output.parse(await status.run(asked, context(locale, principal)));
      return status.render(output, asked, locale, "UTC");
    },
    async cancel(asked: { job?: string; crew?: string } = {}, locale = "en", principal = localPrincipal) {
      const output = cancel.output.parse(await cancel.run(asked, context(locale, principal)));
      return cancel.render(output, asked, locale, "UTC");
    },
  };
};

describe("how a job is", () => {
  test.each([
    ["en", "Report: it is under way, 3 of 7 tasks are done.\nNow: draft.\nSee /v1/jobs/a."],
    ["pl", "Raport: w toku, wykonane kroki: 3 z 7.\nTeraz: draft.\nZobacz /v1/jobs/a."],
    ["uk", "Звіт: виконується, готово кроків: 3 з 7.\nЗараз: draft.\nДив. /v1/jobs/a."],
    ["he", "הדוח: בעבודה, הושלמו 3 מתוך 7 שלבים.\nכעת: draft.\nראו /v1/jobs/a."],
  ])("is told in the user's language: %s", async (locale, words) => {
    expect(await setUp([jobOf("a")]).say({}, locale)).toBe(words);
  });

  test("is of the job that is named, else of this conversation's, else of the newest such as is asked about", async () => {
    const { say } = setUp([
      jobOf("elsewhere", { threadId: "there", crew: "triage" }),
      jobOf("newer", { crew: "deep-research" }),
      jobOf("older", { crew: "answer" }),
      jobOf("oldest", { crew: "answer" }),
    ]);
    expect(await say({ job: "oldest" })).toContain("/v1/jobs/oldest");
    expect(await say({ crew: "answer" })).toContain("/v1/jobs/older");
    expect(await say({ crew: "triage" })).toContain("/v1/jobs/elsewhere");
    expect(await say({ crew: "nothing" })).toContain("/v1/jobs/newer");
    expect(await say()).toContain("/v1/jobs/newer");
    expect(await setUp([jobOf("a", { threadId: "there" })]).say()).toContain("/v1/jobs/a");
  });

  test("is of one that goes on here rather than of one that has ended, and of none elsewhere", async () => {
    const ended = { status: "failed", endedAt: "2026-11-21T11:00:00Z" } as const;
    const { say } = setUp([jobOf("there", { threadId: "there" }), jobOf("ended", ended), jobOf("goes-on")]);
    expect(await say({ crew: "report" })).toContain("/v1/jobs/goes-on");
  });

  test("is of the research that was asked for as a report, rather than of last week's report", async () => {
    const research = jobOf("research", { crew: "deep-research" });
    const old = jobOf("old", { threadId: "there", status: "failed", endedAt: "2026-11-14T11:00:00Z" });
    expect(await setUp([research, old]).say({ crew: "report" })).toContain("/v1/jobs/research");
    // A client without conversations of its own.
    expect(await setUp([{ ...research, threadId: "once" }, old]).say({ crew: "report" })).toContain(
      "/v1/jobs/research",
    );
    expect(await setUp([old, { ...research, threadId: "once" }]).say({ crew: "deep-research" })).toContain(
      "/v1/jobs/research",
    );
  });

  test("is nobody else's business", async () => {
    const { say, cancel, cancelled } = setUp([jobOf("a")]);
    const stranger = { ...localPrincipal, id: "stranger" };
    expect(await say({ job: "a" }, "en", stranger)).toBe("You have no long job here.");
    expect(await cancel({ job: "a" }, "en", stranger)).toBe("No long job of yours runs that could be cancelled.");
    expect(cancelled).toEqual([]);
  });

  test("says what it waits to be told and how to answer", async () => {
    const waits = { status: "waiting_approval", progress: { done: 1, total: 2, running: [] } } as const;
    const question = { key: "a/act/1", askedAt: "2026-11-21T10:00:00Z" };
    const output = { text: "Restart it.", citations: [] };
    const approve = "POST /v1/jobs/a/approve";
    const repeat = "POST /v1/jobs/a/repeat";
    const reject = "POST /v1/jobs/a/reject";
    const key = 'Send {"key":"a/act/1"} with it, so that it answers this question (or: athena jobs show a).';
    const saying = (asked: NonNullable<Job["question"]>["question"], status: Job["status"] = "waiting_approval") =>
      setUp([jobOf("a", { ...waits, status, question: { ...question, question: asked } })]).say();
    expect(await saying({ about: "task", task: "act", round: 1 })).toBe(
      `Report: it waits for you to agree that the task 'act' begins (1 of 2 are done).\nYes: ${approve}. No, the job ends: ${reject}.\n${key}`,
    );
    expect(await saying({ about: "result", task: "plan", round: 1, output })).toBe(
      `Report: it waits for you to agree to the result of the task 'plan' (1 of 2 are done):\nRestart it.\nIt counts: ${approve}. Another round: ${repeat}. No, the job ends: ${reject}.\n${key}`,
    );
    const call = { tool: "mail", key: "k", summary: "A letter to Ada" };
    expect(await saying({ about: "outcome", task: "act", round: 1, call }, "outcome_unknown")).toBe(
      `Report: a call of 'mail' was cut off, and it waits to be told whether it happened:\nA letter to Ada\nIt happened, the job goes on: ${approve}. It did not, it is made once more: ${repeat}. The job is to end: ${reject}.\n${key}`,
    );
  });

  test("gives the result with its sources, or why there is none", async () => {
    const text = "It grew [1].\n\n## Sources\n- [1] Ada, 2026-11-20";
    const result = { text, citations: [{ id: "1", title: "Ada, 2026-11-20" }] };
    expect(await setUp([jobOf("a", { status: "completed", result })]).say()).toBe(`Report: it is done.\n\n${text}`);
    const error = { code: "INTERNAL", message: "The source was away.", task: "draft" };
    expect(await setUp([jobOf("a", { status: "failed", error })]).say()).toBe(
      "Report: it ended without a result.\nWhy: The source was away.\nSee /v1/jobs/a.",
    );
    const rejected = { code: "REJECTED", message: "Ada rejected it.", task: "draft" };
    expect(await setUp([jobOf("a", { status: "failed", error: rejected })]).say({}, "pl")).toContain(
      "Powód: Odrzucono je. Ada rejected it.",
    );
  });

  test("keeps the words of a confidential conversation inside it", async () => {
    const result = { text: "A secret.", citations: [{ id: "1", title: "A secret source" }] };
    const done = jobOf("a", { status: "completed", threadId: "there", result });
    expect(await setUp([done], { there: "confidential" }).say()).toBe(
      "Report: it is done.\nWhat it says stands in its own, confidential conversation there and at /v1/jobs/a. Asked in a confidential conversation of yours, I say it there.",
    );
    expect(await setUp([done]).say()).not.toContain("secret.");
    expect(await setUp([done], { there: "open" }).say()).toContain("A secret.");
    expect(await setUp([{ ...done, threadId: "here" }]).say()).toContain("A secret.");
    // Asked in a fresh confidential conversation, as clients without conversations of their own do.
    const both = { there: "confidential", here: "confidential" } as const;
    expect(await setUp([done], both).say()).toContain("A secret.");
    expect(await setUp([done], { ...both, here: "open" }).say()).not.toContain("secret.");
  });
});

describe("cancelling", () => {
  test("stops the only one that runs, and says so", async () => {
    const { cancel, cancelled } = setUp([jobOf("done", { status: "completed" }), jobOf("a")]);
    expect(await cancel({ crew: "report" })).toBe("Report: it is being stopped.");
    expect(cancelled).toEqual(["a"]);
    expect(await setUp([jobOf("a", { status: "completed" })]).cancel()).toBe(
      "No long job of yours runs that could be cancelled.",
    );
  });

  test("stops none where several could be meant, or only another kind runs", async () => {
    const { cancel, cancelled } = setUp([jobOf("a"), jobOf("b", { crew: "deep-research" })]);
    expect(await cancel()).toBe(
      "Several of your jobs run. Say which one is to be cancelled, such as “cancel job a”:\n- Report: a\n- Research: b",
    );
    expect(await cancel({ crew: "triage" }, "pl")).toMatch(/^Działa kilka Twoich zadań/);
    expect(cancelled).toEqual([]);
    await cancel({ job: "b" });
    expect(cancelled).toEqual(["b"]);
  });
});
