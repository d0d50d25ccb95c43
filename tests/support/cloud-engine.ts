import { rm } from "node:fs/promises";
import { type Logger, pino } from "pino";
import { openDatabase } from "../../platform/db/open-database.ts";
import { type RunningEngine, startEngine } from "./engine.ts";
import type { ModelServer } from "./model-server.ts";
import { usedDataDir } from "./used-data-dir.ts";

/**
 * An engine whose only model counts as somebody else's, though its stand-in runs here: a row of the registry says that it is
 * not local. Its name is `cloud`.
 */
export const startCloudEngine = async (
  cloud: Pick<ModelServer, "openaiUrl">,
  environment: Record<string, string> = {},
  logger?: Logger,
): Promise<RunningEngine> => {
  const dataDir = await usedDataDir();
  const before = await openDatabase({
    settings: { ATHENA_DATA_DIR: dataDir, DATABASE_URL: undefined },
    logger: pino({ level: "silent" }),
  });
  await before.query("insert into model_aliases (alias, candidates, local) values ($1, $2::jsonb, false)", [
    "cloud",
    JSON.stringify(["openai/stand-in", "openai/stand-in-embed"]),
  ]);
  await before.close();
  const running = await startEngine(
    { OPENAI_BASE_URL: cloud.openaiUrl, ATHENA_MODEL: "cloud", ...environment, ATHENA_DATA_DIR: dataDir },
    logger,
  );
  return {
    ...running,
    async close() {
      await running.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
};
