import { pino } from "pino";
import { expect } from "vitest";
import { createThreadChanges } from "../../atlas/create-thread-changes.ts";
import { createTimeline } from "../../atlas/create-timeline.ts";
import { loadMasterKey } from "../../atlas/master-key.ts";
import { createThreadCipher } from "../../atlas/thread-cipher.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import { createBroadcast } from "../../platform/events/broadcast.ts";
import { createOpenJobThread } from "../../server/jobs/open-job-thread.ts";
import { createSayInThread } from "../../server/jobs/say-in-thread.ts";
import type { Crew } from "../../workflows/crews/crew.ts";
import { createJobDesk } from "../../workflows/jobs/create-job-desk.ts";
import { createJobStore } from "../../workflows/jobs/create-job-store.ts";
import { openMigratedEmbedded } from "./embedded-database.ts";
import { sampleCrew } from "./sample-crew.ts";
import { jsonOf, post, startEdge } from "./start-edge.ts";

const unusable = sampleCrew(["one"], { id: "unusable" });
const crews: readonly Crew[] = [
  sampleCrew(["find", "write"], {
    limits: { tokens: 500, wall_seconds: 60 },
    input: {
      type: "object",
      properties: { question: { type: "string", minLength: 3 }, depth: { enum: ["short", "long"] } },
      required: ["question"],
      additionalProperties: false,
    },
  }),
  unusable,
];
type Who = Readonly<Record<string, string>>;
export const ada: Who = { authorization: "Bearer ada-secret" };
export const bob: Who = { authorization: "Bearer bob-secret" };
export const ops: Who = { authorization: "Bearer ops-secret" };

/** The routes of jobs on a database of their own, with an engine that only notes what it is told. */
export const startJobsEdge = async () => {
  const database = await openMigratedEmbedded();
  const cipher = createThreadCipher({
    masterKey: await loadMasterKey({ ATHENA_MASTER_KEY: "5e".repeat(32), dataDir: "" }),
  });
  const timeline = createTimeline({ database, cipher });
  const threadChanges = createThreadChanges({ database, cipher });
  const broadcast = createBroadcast("embedded");
  const store = createJobStore({
    database,
    cipher,
    say: createSayInThread({ timeline, threadChanges }),
    parallelJobs: 3,
    onChange: (id) => broadcast.publish(id, {}),
  });
  /** What the engine was asked to do; it may be away. */
  const engine = { told: [] as string[], isAway: false };
  const note = (how: string) => async (id: string) => {
    engine.told.push(`${how} ${id}`);
    if (engine.isAway) throw new AppError("UPSTREAM_UNAVAILABLE", "The engine is away.");
  };
  const jobDesk = createJobDesk({
    jobs: store.jobs,
    engine: { run: note("run"), tell: note("tell") },
    crews: () => crews,
    checkCrew(crew) {
      if (crew.id === "unusable")
        throw new AppError("INVALID_INPUT", "There is no tool 'magic'.", { field: "agents.0.tools" });
    },
    bounds: { tokens: 400, wallSeconds: 86_400 },
    openThread: createOpenJobThread(timeline),
    watch: (id, hear) => broadcast.subscribe(id, hear),
    logger: pino({ level: "silent" }),
  });
  const edge = await startEdge({
    environment: { ATHENA_API_KEYS: "ada=ada-secret,bob=bob-secret,ops=ops-secret:admin,web=web-secret:open-webui" },
    deps: { jobDesk, timeline },
    stream: { keepAliveMs: 100, stalledMs: 10_000 },
  });
  const start = (body: object, who: Who = ada): Promise<Response> =>
    post(`${edge.url}/v1/jobs`, { crew: "research", input: { question: "Why?" }, ...body }, who);
  return {
    ...{ database, store, edge, engine, start },
    async started(body: object = {}, who: Who = ada) {
      const response = await start(body, who);
      expect(response.status).toBe(202);
      return jsonOf(response);
    },
    get: (path: string, who: Who = ada): Promise<Response> => fetch(`${edge.url}${path}`, { headers: who }),
    async forget(): Promise<void> {
      engine.told = [];
      engine.isAway = false;
      await database.query("delete from jobs");
    },
    async close(): Promise<void> {
      await edge.close();
      await database.close();
    },
  };
};
export type JobsEdge = Awaited<ReturnType<typeof startJobsEdge>>;
