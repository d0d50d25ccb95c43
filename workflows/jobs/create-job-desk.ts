import { randomUUID } from "node:crypto";
import type { Logger } from "pino";
import { contentHash } from "../../platform/db/canonical-json.ts";
import { storableJson } from "../../platform/db/storable.ts";
import type { Mode } from "../../platform/egress/egress-class.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import type { Principal } from "../../platform/policy/principal.ts";
import { isOneRequest } from "../../platform/policy/principal-id.ts";
import { checkInput } from "../crews/check-input.ts";
import type { Crew } from "../crews/crew.ts";
import { type Bounds, lowerLimits } from "../crews/lower-limits.ts";
import type { JobStore } from "./create-job-store.ts";
import { errorForLog } from "./error-for-log.ts";
import { endStatuses } from "./job.ts";
import type { JobDesk, StartJob } from "./job-desk.ts";
import type { JobEngine } from "./job-engine.ts";

export interface JobDeskDeps {
  readonly jobs: JobStore["jobs"];
  readonly engine: Pick<JobEngine, "run" | "tell">;
  /** Crews of the registry that are in use, in order. */
  readonly crews: () => readonly Crew[];
  /** @throws {AppError} INVALID_INPUT: the crew cannot run here. */
  readonly checkCrew: (crew: Crew) => void;
  /** Of the installation; they hold beside a crew's own. */
  readonly bounds: Bounds;
  /**
   * The conversation of a job: the one of that id, where the principal may write, else a fresh one, the same for the same `key`;
   * confidential from now on when the mode says so.
   * @throws {AppError} NOT_FOUND, POLICY_DENIED, CONFLICT
   */
  readonly openThread: (request: {
    readonly principal: Principal;
    readonly threadId?: string;
    readonly key?: string;
    readonly mode: Mode;
    readonly title: string;
  }) => Promise<{ readonly id: string; readonly mode: Mode }>;
  readonly watch: JobDesk["watch"];
  readonly logger: Pick<Logger, "warn">;
}

/** Ids that an error names. */
const mostNamed = 20;

/** What a request asks for beside crew and input, so that one that comes again under its key is known to be the same. */
const termsOf = ({ crew, threadId, mode = "open", limits = {}, timezone }: StartJob): string => {
  const terms = {
    crew: typeof crew === "string" ? null : crew,
    threadId: threadId?.toLowerCase() ?? null,
    mode,
    limits,
    ...(timezone === undefined ? {} : { timezone }),
  };
  return contentHash(storableJson(terms));
};

/** Takes jobs on and tells the engine; what is stored is run later where the engine is away. */
export const createJobDesk = (deps: JobDeskDeps): JobDesk => {
  const { jobs, engine, crews, checkCrew, bounds, openThread, watch, logger } = deps;

  const crewOf = (crew: string | Crew): Crew => {
    if (typeof crew !== "string") return crew;
    const known = crews();
    const found = known.find(({ id }) => id === crew);
    if (found) return found;
    const names = known.slice(0, mostNamed).map(({ id }) => id);
    const there = names.length === 0 ? "there is none" : `there are ${names.join(", ")}`;
    throw new AppError("INVALID_INPUT", `There is no such crew; ${there}.`, { field: "crew" });
  };

  /** The engine looks for itself, sooner or later: nobody waits for it, and nothing is lost when it is away. */
  const tell = async (how: "run" | "tell", jobId: string): Promise<void> => {
    try {
      await engine[how](jobId);
    } catch (error) {
      logger.warn(
        { err: errorForLog(error, undefined), job: jobId },
        "the engine of long jobs could not be told; it will look by itself",
      );
    }
  };

  return {
    async start(request) {
      const { principal, input, idempotencyKey, threadId, mode = "open", limits = {}, anyInput, timezone } = request;
      if (isOneRequest(principal.id)) {
        throw new AppError(
          "INVALID_INPUT",
          "Nobody could ask for this job again: your front end must say who asks, or in which chat.",
          { field: "principal" },
        );
      }
      const crewId = typeof request.crew === "string" ? request.crew : request.crew.id;
      const terms = request.anyThread ? undefined : termsOf(request);
      const known = await jobs.admit({ principal: principal.id, crewId, input, idempotencyKey, terms, anyInput });
      if (known) {
        if (!endStatuses.has(known.status)) void tell("run", known.id);
        return { job: known, isNew: false };
      }
      const crew = crewOf(request.crew);
      checkCrew(crew);
      checkInput(crew, input);
      const thread = await openThread({
        principal,
        mode,
        title: crew.description,
        ...(threadId === undefined ? {} : { threadId }),
        ...(idempotencyKey === undefined ? {} : { key: idempotencyKey }),
      });
      const made = await jobs.create({
        id: randomUUID(),
        crew: lowerLimits(crew, bounds, limits),
        input,
        principal: { id: principal.id, roles: principal.roles },
        threadId: thread.id,
        mode: thread.mode,
        ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
        ...(terms === undefined ? {} : { terms }),
        ...(anyInput === undefined ? {} : { anyInput }),
        ...(timezone === undefined ? {} : { timezone }),
      });
      if (!endStatuses.has(made.job.status)) void tell("run", made.job.id);
      return made;
    },

    isBegun: jobs.isBegun,
    get: jobs.get,
    list: jobs.list,
    events: jobs.events,
    watch,

    async decide(principal, id, decision, key) {
      const job = await jobs.decide(principal, id, decision, key);
      if (job) void tell("tell", id);
      return job;
    },

    async cancel(principal, id) {
      const job = await jobs.cancel(principal, id);
      if (job && !endStatuses.has(job.status)) void tell("tell", id);
      return job;
    },

    async begin(jobId) {
      if (!(await jobs.knows(jobId))) return false;
      await tell("run", jobId);
      return true;
    },
  };
};
