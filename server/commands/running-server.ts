import { z } from "zod";
import type { Settings } from "../../platform/config/settings.ts";

const Health = z.object({ status: z.literal("ok"), version: z.string() });
/** A server on this machine says at once that it is there, unless the machine is very busy. */
const healthMs = 2_000;

/** Address of the engine that the settings describe, when one answers there. */
export const runningServer = async (settings: Settings): Promise<string | undefined> => {
  const { ATHENA_HOST: host, ATHENA_PORT: port } = settings;
  if (port === 0) return undefined;
  const reachable = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  const url = `http://${reachable.includes(":") ? `[${reachable}]` : reachable}:${port}`;
  try {
    const response = await fetch(`${url}/health`, { signal: AbortSignal.timeout(healthMs), redirect: "error" });
    return Health.safeParse(await response.json()).success ? url : undefined;
  } catch {
    return undefined; // nobody there, or somebody else
  }
};
