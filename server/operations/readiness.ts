import { z } from "zod";
import type { ServerDeps } from "../server-deps.ts";

const Dependency = z.object({
  name: z.string(),
  kind: z.enum(["embedded", "external"]),
  state: z.enum(["up", "down", "open-breaker"]),
  latency_ms: z.number().optional(),
});
type Dependency = z.infer<typeof Dependency>;

/** `ready`: all is up; `degraded`: answers get poorer; `unavailable`: nothing can be answered. */
export const Readiness = z
  .object({ status: z.enum(["ready", "degraded", "unavailable"]), dependencies: z.array(Dependency) })
  .meta({ id: "Readiness" });
export type Readiness = z.infer<typeof Readiness>;

type ReadinessDeps = Pick<ServerDeps, "database" | "cache" | "bus" | "models" | "remoteServices" | "core" | "temporal">;

const patienceMs = 2_000;

const within = async <Result>(work: Promise<Result>): Promise<Result> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("too slow")), patienceMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};

/** The state of a dependency: down when its ping fails or takes more than 2 s. */
export const probe = async (
  name: string,
  kind: Dependency["kind"],
  ping: () => Promise<number>,
): Promise<Dependency> => {
  try {
    return { name, kind, state: "up", latency_ms: Math.round((await within(ping())) * 100) / 100 };
  } catch {
    return { name, kind, state: "down" };
  }
};

const pingUrl = async (url: string): Promise<number> => {
  const start = performance.now();
  const response = await fetch(new URL("health", url.endsWith("/") ? url : `${url}/`), {
    signal: AbortSignal.timeout(patienceMs),
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`status ${response.status}`);
  return performance.now() - start;
};

/** Jobs on Temporal wait while no worker asks for their steps. */
const pingWorkers = async (temporal: NonNullable<ReadinessDeps["temporal"]>): Promise<number> => {
  const start = performance.now();
  if ((await temporal.versionsAtWork()).size === 0) throw new Error("no worker");
  return performance.now() - start;
};

const probeModels = async (models: ReadinessDeps["models"]): Promise<Dependency[]> => {
  const states = await within(models.states()).catch(() => []);
  return states.map(({ name, state, latencyMs }) => ({
    name,
    kind: "external",
    state,
    ...(latencyMs === undefined ? {} : { latency_ms: latencyMs }),
  }));
};

/** Asks every dependency at once, none for longer than 2 s. Only the database is indispensable. */
export const createCheckReadiness = ({ database, cache, bus, models, remoteServices, core, temporal }: ReadinessDeps) =>
  async function checkReadiness(): Promise<Readiness> {
    const [main, ...others] = await Promise.all([
      probe("database", database.kind, () => database.ping()),
      probe("cache", cache.kind, () => cache.ping()),
      probe("events", bus.kind === "embedded" ? "embedded" : "external", () => bus.ping()),
      ...(core ? [probe("core", "external", () => core.ping())] : []),
      ...(temporal
        ? [
            probe("temporal", "external", () => temporal.ping()),
            probe("worker", database.kind, () => pingWorkers(temporal)),
          ]
        : []),
      ...remoteServices.map(({ name, url }) => probe(name, "external", () => pingUrl(url))),
    ]);
    const dependencies = [main, ...others, ...(await probeModels(models))];
    if (main.state !== "up") return { status: "unavailable", dependencies };
    return { status: dependencies.every(({ state }) => state === "up") ? "ready" : "degraded", dependencies };
  };
