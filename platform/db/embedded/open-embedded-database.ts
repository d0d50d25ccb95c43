import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import type { Logger } from "pino";
import { AppError } from "../../errors/app-error.ts";
import type { Database } from "../database.ts";
import { createPoolDatabase, type PoolDatabase } from "../pool-database.ts";
import { watchPool } from "../watch-pool.ts";
import { createCluster } from "./create-cluster.ts";
import { holdDataFolder } from "./data-folder-lock.ts";
import { maintain } from "./maintain.ts";
import { socketFolder, socketName } from "./socket-folder.ts";
import { type DatabaseWorker, startWorker, type WorkerData } from "./start-worker.ts";

export interface EmbeddedDatabaseOptions {
  readonly dataDir: string;
  readonly logger: Pick<Logger, "info" | "warn" | "error">;
}

const idleInTransactionMs = 30_000;
/** PGlite runs one statement at a time; more connections only hide the way to it and back. */
const connections = 8;
const restartDelayMs = 500;
const maintenanceMs = 15_000;

/** PGlite in a worker thread with its data in `{dataDir}/db`. @throws {AppError} CONFIG_INVALID, DATABASE_UNAVAILABLE */
export const openEmbeddedDatabase = async (options: EmbeddedDatabaseOptions): Promise<PoolDatabase> => {
  const dataDir = resolve(options.dataDir);
  const { logger } = options;
  const letGo = await holdDataFolder(dataDir);
  try {
    const folder = await createCluster(dataDir);
    const socketDir = await socketFolder(dataDir);
    const socketPath = join(socketDir, socketName);
    const worker = await keepWorker({ folder, socketPath, idleInTransactionMs }, logger);
    const pool = new pg.Pool({
      host: socketDir,
      user: "postgres",
      database: "postgres",
      max: connections,
      idleTimeoutMillis: 0,
      connectionTimeoutMillis: idleInTransactionMs,
    });
    watchPool(pool, logger);
    const database = createPoolDatabase({
      pool,
      kind: "embedded",
      statementName: createStatementNames(),
      async stop() {
        await worker.stop();
        if (socketDir !== dataDir) await rm(socketDir, { recursive: true, force: true });
        letGo();
      },
    });
    const stopMaintenance = keepMaintained(database, logger);
    return {
      ...database,
      async close() {
        await stopMaintenance();
        await database.close();
      },
    };
  } catch (error) {
    letGo();
    throw error;
  }
};

/** Maintains the database now and then, one time after the other, until the result is called. */
const keepMaintained = (database: Database, logger: EmbeddedDatabaseOptions["logger"]): (() => Promise<void>) => {
  let underway = Promise.resolve();
  const timer = setInterval(() => {
    underway = underway
      .then(() => maintain(database))
      .catch((error: unknown) => logger.warn({ err: error }, "the embedded database could not be maintained"));
  }, maintenanceMs);
  timer.unref();
  return () => {
    clearInterval(timer);
    return underway;
  };
};

/** All connections share one session and with it the names of prepared statements: each puts its own number before them. */
const createStatementNames = () => {
  const numbers = new WeakMap<object, number>();
  let connectionsSoFar = 0;
  return (client: object, name: string): string => {
    let number = numbers.get(client);
    if (number === undefined) {
      connectionsSoFar += 1;
      number = connectionsSoFar;
      numbers.set(client, number);
    }
    return `${number}:${name}`;
  };
};

/** A worker that is started again when it dies; until it is back, statements fail with DATABASE_UNAVAILABLE. */
const keepWorker = async (
  data: WorkerData,
  logger: EmbeddedDatabaseOptions["logger"],
): Promise<Pick<DatabaseWorker, "stop">> => {
  const stopping = new AbortController();
  const restart = async (cause: Error | undefined): Promise<DatabaseWorker | undefined> => {
    logger.error({ err: cause }, "the embedded database broke and is started again");
    while (!stopping.signal.aborted) {
      await delay(restartDelayMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) break;
      const started = await start().catch((error: unknown) => logger.error({ err: error }, "it did not start"));
      if (started) return started;
    }
    return undefined;
  };
  const start = (): Promise<DatabaseWorker> =>
    startWorker(data, (cause) => {
      worker = restart(cause);
    });
  let worker: Promise<DatabaseWorker | undefined> = start();
  await worker.catch((cause: unknown) => {
    throw new AppError("DATABASE_UNAVAILABLE", `The embedded database in ${data.folder} could not be opened.`, {
      cause,
      retryable: false,
    });
  });
  return {
    async stop() {
      stopping.abort();
      await (await worker)?.stop();
    },
  };
};
