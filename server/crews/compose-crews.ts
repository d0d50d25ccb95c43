import type { Logger } from "pino";
import { createItemsSeen } from "../../atlas/items-seen.ts";
import { createReadActivity } from "../../atlas/read-activity.ts";
import type { RegistrySource } from "../../platform/config/registry.ts";
import type { Settings } from "../../platform/config/settings.ts";
import type { Database } from "../../platform/db/database.ts";
import type { ModelGateway } from "../../platform/models/model-gateway.ts";
import type { RagService } from "../../rag-services/rag-service.ts";
import type { SystemState } from "../../tools/check-system.ts";
import { createCrewTools } from "../../tools/crew-tool-list.ts";
import type { ExecuteTool } from "../../tools/execute-tool.ts";
import type { Tool } from "../../tools/tool.ts";
import { checkCrew } from "../../workflows/crews/check-crew.ts";
import type { Crew } from "../../workflows/crews/crew.ts";
import { type CrewsInForce, createCrewsInForce } from "../../workflows/crews/crews-in-force.ts";
import type { TaskWork } from "../../workflows/jobs/do-task.ts";
import type { TaskRecords } from "../../workflows/jobs/job-store.ts";
import { createTaskWork } from "../../workflows/task-work/create-task-work.ts";
import type { PermitFor } from "../create-permit-for.ts";
import type { Readiness } from "../operations/readiness.ts";
import { crewPartsOf } from "./crew-names.ts";
import { createCrewToolSet } from "./crew-tools.ts";
import { parseModelPrices } from "./model-prices.ts";
import type { RolesOf } from "./roles-of.ts";
import { createRoundGuard } from "./round-guard.ts";

export interface CrewToolListDeps {
  readonly database: Database;
  readonly checkReadiness: () => Promise<Readiness>;
}

/** Tools that crews have beside everybody's. */
export const composeCrewTools = ({ database, checkReadiness }: CrewToolListDeps): readonly Tool[] =>
  createCrewTools({
    database,
    readActivity: createReadActivity({ database }),
    async readSystem(): Promise<SystemState> {
      const [{ dependencies }, alerts] = await Promise.all([
        checkReadiness(),
        database.query<{ id: string; severity: string }>(
          "select id, severity from open_alerts order by raised_at desc limit 20",
        ),
      ]);
      return { parts: dependencies.map(({ name, state }) => ({ name, state })), alerts };
    },
  });

export interface ComposeCrewsDeps {
  readonly settings: Settings;
  readonly database: Database;
  readonly registry: RegistrySource;
  readonly models: ModelGateway;
  readonly permitFor: PermitFor;
  /** All that the executor runs: everybody's and the crews' own. */
  readonly tools: readonly Tool[];
  readonly executeTool: ExecuteTool;
  readonly services: ReadonlyMap<string, RagService>;
  readonly records: TaskRecords;
  readonly rolesOf: RolesOf;
  readonly logger: Pick<Logger, "warn">;
}

export interface ComposedCrews {
  readonly crews: CrewsInForce;
  /** @throws {AppError} INVALID_INPUT: a crew, of the registry or not, that cannot run with what there is now. */
  readonly checkCrew: (crew: Crew) => void;
  readonly work: TaskWork;
}

/** The crews of the registry, and how their tasks are done. */
export const composeCrews = (deps: ComposeCrewsDeps): ComposedCrews => {
  const { settings, database, registry, models, permitFor, tools, executeTool, services, records, rolesOf, logger } =
    deps;
  const itemsSeen = createItemsSeen({ database });
  const stepMs = settings.ATHENA_STEP_TIMEOUT_SECONDS * 1_000;
  const crewTools = createCrewToolSet({
    tools,
    services,
    intents: () => registry.current().intents,
    executeTool,
    rolesOf,
    timeoutMs: (id) => registry.current().services.find((row) => row.id === id)?.timeoutMs ?? stepMs,
  });
  const parts = () =>
    crewPartsOf({
      tools: crewTools().map(({ name }) => name),
      aliases: new Set(registry.current().modelAliases.map(({ alias }) => alias)),
    });
  return {
    checkCrew: (crew) => checkCrew(crew, parts()),
    crews: createCrewsInForce({
      registry,
      parts,
      report: (error, id) =>
        logger.warn({ err: error, crew: id }, "the new rows of a crew cannot be used; the last good ones stay"),
    }),
    work: createTaskWork({
      records,
      models,
      costOf: parseModelPrices(settings.ATHENA_MODEL_PRICES),
      permitFor: ({ mode, principal }) => permitFor(mode, false, undefined, principal.id),
      tools: crewTools,
      rolesOf,
      guard: createRoundGuard,
      seenItems: ({ principal, threadId }, ids) => itemsSeen(principal.id, threadId, ids),
      limits: { turns: settings.ATHENA_TOOL_ROUNDS * 2, calls: settings.ATHENA_TOOL_CALLS * 2 },
      locale: settings.ATHENA_LOCALE,
    }),
  };
};
