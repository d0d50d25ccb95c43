import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import { migrate } from "../platform/db/migrate.ts";
import { openDatabase } from "../platform/db/open-database.ts";
import { startPostgres } from "../tests/support/postgres.ts";
import { freePort, startServer } from "../tests/support/server-process.ts";
import { until } from "../tests/support/until.ts";
import { createRandom, sentence, storeHistory } from "./made-up-history.ts";
import { percentiles } from "./percentiles.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const key = "the-key-of-the-deep-core";
const connections = 8;
const catchUpMs = 600_000;

export interface CoreFigures {
  readonly messages: number;
  /** Searches that were not answered with 200, in all phases together. */
  readonly failed: number;
  readonly searches: number;
  /** With the core: every search asks it. */
  readonly withCore: ReturnType<typeof percentiles>;
  /** After the core was killed and its breaker has opened: searches that want it, and those that do without. */
  readonly without: ReturnType<typeof percentiles>;
  readonly never: ReturnType<typeof percentiles>;
  /** The slowest search while the core went away. */
  readonly slowest: number;
}

const startCore = async (port: number, edgeUrl: string, databaseUrl: string) => {
  const child = spawn(process.execPath, ["bin/athena.js", "core", "--port", `${port}`], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
    env: {
      PATH: process.env.PATH ?? "",
      LOG_LEVEL: "silent",
      ATHENA_CORE_KEY: key,
      ATHENA_EDGE_URL: edgeUrl,
      CORE_DATABASE_URL: databaseUrl,
    },
  });
  const url = `http://127.0.0.1:${port}`;
  const health = async (): Promise<{ vectors?: number; sync?: { caught_up_at?: string } }> =>
    fetch(`${url}/healthz`, { headers: { authorization: `Bearer ${key}` } }).then(
      (response) => response.json() as Promise<object>,
      () => ({}),
    );
  return {
    health,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGKILL");
      await ended;
    },
  };
};

/** A served engine and a core, each a process, on a PostgreSQL of their own: searches under load with the core, then without. */
export const benchCore = async (messages: number): Promise<CoreFigures> => {
  const [postgres, port] = await Promise.all([startPostgres(), freePort()]);
  const [main, own] = await Promise.all([postgres.createDatabase(), postgres.createDatabase()]);
  const logger = pino({ level: "silent" });
  const database = await openDatabase({ settings: { ATHENA_DATA_DIR: "", DATABASE_URL: main.url }, logger });
  await migrate(database);
  await storeHistory(database, "local", messages);
  const engine = await startServer({
    environment: {
      DATABASE_URL: main.url,
      ATHENA_CORE_KEY: key,
      ATHENA_CORE_URL: `http://127.0.0.1:${port}`,
      LOG_LEVEL: "silent",
    },
  });
  const core = await startCore(port, engine.url, own.url);
  let failed = 0;
  let searches = 0;
  let slowest = 0;
  const random = createRandom(17);
  const search = async (deep: "always" | "never"): Promise<number> => {
    const started = performance.now();
    const query = encodeURIComponent(sentence(random, 5));
    const answered = await fetch(`${engine.url}/atlas/search?q=${query}&deep=${deep}`).then(
      async (response) => {
        await response.arrayBuffer();
        return response.ok;
      },
      () => false,
    );
    searches += 1;
    if (!answered) failed += 1;
    return performance.now() - started;
  };
  /** Load from several connections; each asks in the given manners in turns. */
  const load = async (each: number, manners: readonly ("always" | "never")[]) => {
    const times = { always: [] as number[], never: [] as number[] };
    await Promise.all(
      Array.from({ length: connections }, async (_, connection) => {
        for (let n = 0; n < each; n += 1) {
          const manner = manners[(n + connection) % manners.length]!;
          times[manner].push(await search(manner));
        }
      }),
    );
    return times;
  };

  try {
    const [indexed] = await database.query<{ count: number }>("select count(*)::int as count from messages");
    await until(async () => ((await core.health()).vectors ?? 0) >= (indexed?.count ?? 0), catchUpMs);
    await load(20, ["always", "never"]);
    const withCore = percentiles((await load(100, ["always"])).always);
    // Switched off in the middle of the load.
    const going = load(60, ["always"]);
    await core.kill();
    slowest = Math.max(...(await going).always);
    const after = await load(200, ["always", "never"]);
    return {
      messages,
      failed,
      searches,
      withCore,
      without: percentiles(after.always),
      never: percentiles(after.never),
      slowest,
    };
  } finally {
    await core.kill();
    await engine.stop();
    await database.close();
    await postgres.stop();
  }
};
