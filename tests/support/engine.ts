import { rm } from "node:fs/promises";
import pino, { type Logger } from "pino";
import { loadSettings, Settings } from "../../platform/config/settings.ts";
import { compose, type Engine } from "../../server/compose.ts";
import { usedDataDir } from "./used-data-dir.ts";

/** Addresses that refuse at once: public services cannot be reached in tests. */
const nowhere = "http://127.0.0.1:9";

/** Every provider's address set to one place. */
export const providersAt = (url: string): Record<string, string> =>
  Object.fromEntries(
    Object.keys(Settings.shape)
      .filter(
        (name) =>
          /_URL$/.test(name) &&
          !/^(ATHENA|CORE_DATABASE|DATABASE|REDIS|NATS|QDRANT|OPENAI|OLLAMA)_/.test(name) &&
          !/^OPENAI_BASE|^OLLAMA_BASE/.test(name),
      )
      .map((name) => [name, url]),
  );

export interface RunningEngine {
  readonly url: string;
  readonly dataDir: string;
  readonly engine: Engine;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  close(): Promise<void>;
}

/** The real thing on a free port with a data folder of its own; nothing public can be reached unless the environment says so. */
export const startEngine = async (
  environment: Record<string, string> = {},
  logger: Logger = pino({ level: "silent" }),
): Promise<RunningEngine> => {
  const dataDir = environment.ATHENA_DATA_DIR ?? (await usedDataDir());
  const settings = loadSettings({
    ...providersAt(nowhere),
    SEARXNG_URL: undefined,
    ATHENA_PORT: "0",
    ATHENA_TIMEZONE: "Europe/Warsaw",
    ATHENA_STEP_TIMEOUT_SECONDS: "2",
    NEWS_FEEDS: `${nowhere}/feed.xml`,
    ...environment,
    ATHENA_DATA_DIR: dataDir,
  });
  const engine = await compose(settings, logger);
  const { url } = await engine.listen();
  return {
    url,
    dataDir,
    engine,
    post: (path, body, headers = {}) =>
      fetch(`${url}${path}`, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify(body),
      }),
    async close() {
      await engine.close();
      if (environment.ATHENA_DATA_DIR === undefined) await rm(dataDir, { recursive: true, force: true });
    },
  };
};
