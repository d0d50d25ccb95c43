import { z } from "zod";
import type { Schedule, ScheduleRun } from "../../workflows/schedules/schedule.ts";
import { parseInput } from "../http/parse-input.ts";
import { requireAdmin } from "../require-admin.ts";
import { defineRoute, type Route } from "../route.ts";
import type { ServerDeps } from "../server-deps.ts";

const Run = z
  .object({
    due_at: z.string(),
    cause: z.enum(["time", "hand"]),
    status: z.enum(["running", "done", "failed"]),
    attempts: z.number(),
    started_at: z.string(),
    ended_at: z.string().nullable(),
    error: z.string().nullable(),
    result: z.record(z.string(), z.union([z.number(), z.string()])).nullable(),
  })
  .meta({ id: "ScheduleRun" });

const ScheduleReply = z
  .object({
    id: z.string(),
    cron: z.string(),
    timezone: z.string().nullable().describe("null: the zone of the settings."),
    job: z.string(),
    input: z.record(z.string(), z.unknown()),
    enabled: z.boolean(),
    last_run: z.string().nullable(),
    next_run: z.string().nullable(),
    runs: z.array(Run).describe("The newest ones."),
  })
  .meta({ id: "Schedule" });

export const SchedulesReply = z.object({ schedules: z.array(ScheduleReply) });
export const RunBegun = z.object({ due_at: z.string() });

const Params = z.object({ id: z.string().min(1).max(256) });
const shownRuns = 3;

const iso = (value: Date | undefined): string | null => value?.toISOString() ?? null;
const toRun = (run: ScheduleRun): z.infer<typeof Run> => ({
  due_at: run.dueAt.toISOString(),
  cause: run.cause,
  status: run.status,
  attempts: run.attempts,
  started_at: run.startedAt.toISOString(),
  ended_at: iso(run.endedAt),
  error: run.error ?? null,
  result: run.result === undefined ? null : { ...run.result },
});
const toReply = (schedule: Schedule, runs: readonly ScheduleRun[]): z.infer<typeof ScheduleReply> => ({
  id: schedule.id,
  cron: schedule.cron,
  timezone: schedule.timezone ?? null,
  job: schedule.job,
  input: schedule.input,
  enabled: schedule.enabled,
  last_run: iso(schedule.lastRun),
  next_run: iso(schedule.nextRun),
  runs: runs.map(toRun),
});

/** GET /schedules; POST /schedules/{id}/run, pause and resume. For administrators. */
export const createSchedulesRoutes = ({ schedules }: Pick<ServerDeps, "schedules">): readonly Route[] => [
  defineRoute({
    method: "get",
    path: "/schedules",
    surface: "native",
    access: "key",
    summary: "What recurs, its next time and its newest runs; for administrators.",
    replies: {
      200: {
        description: "All schedules.",
        content: { "application/json": SchedulesReply },
      },
    },
    async handle({ response, principal }) {
      requireAdmin(principal);
      const all = await schedules.list();
      const replies = all.map(async (schedule) => toReply(schedule, await schedules.runs(schedule.id, shownRuns)));
      response.json({ schedules: await Promise.all(replies) });
    },
  }),
  defineRoute({
    method: "post",
    path: "/schedules/:id/run",
    surface: "native",
    access: "key",
    summary: "Runs a schedule now, in this process; for administrators.",
    replies: {
      202: { description: "It has begun.", content: { "application/json": RunBegun } },
    },
    async handle({ request, response, principal }) {
      requireAdmin(principal);
      const { id } = parseInput(Params, request.params);
      const { dueAt } = await schedules.runNow(id);
      response.status(202).json({ due_at: dueAt.toISOString() });
    },
  }),
  ...(["pause", "resume"] as const).map((action) =>
    defineRoute({
      method: "post",
      path: `/schedules/:id/${action}`,
      surface: "native",
      access: "key",
      summary:
        action === "pause"
          ? "Leaves the times of a schedule out until it is resumed; for administrators."
          : "Lets a schedule run at its times again; for administrators.",
      replies: { 204: { description: "Done." } },
      async handle({ request, response, principal }) {
        requireAdmin(principal);
        await schedules[action](parseInput(Params, request.params).id);
        response.status(204).end();
      },
    }),
  ),
];
