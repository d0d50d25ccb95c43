import type { ClientBase, Pool, PoolClient } from "pg";
import { AppError } from "../errors/app-error.ts";
import type { Database, Queryable } from "./database.ts";
import { isConnectionBroken, mapConnectError, mapStatementError } from "./map-database-error.ts";

/** A database with the driver's own connections, for what needs one: migrations, stores of other libraries. */
export interface PoolDatabase extends Database {
  /** Lends one connection for as long as `work` runs; no transaction is begun. */
  withClient<Result>(work: (client: ClientBase) => Promise<Result>): Promise<Result>;
}

export interface PoolDatabaseOptions {
  readonly pool: Pool;
  readonly kind: Database["kind"];
  /** The name of a prepared statement on one connection; connections that share a session must not share names. */
  readonly statementName: (client: object, name: string) => string;
  /** Stops what stands behind the pool, after the pool has ended. */
  readonly stop: () => Promise<void>;
}

/** Longest wait for an answer to `select 1`: a database that is busy for longer counts as away. */
const pingTimeoutMs = 5_000;

/** A `Database` on a pool of `pg`. A connection that fails is thrown away, the pool makes a new one for the next statement. */
export const createPoolDatabase = ({ pool, kind, statementName, stop }: PoolDatabaseOptions): PoolDatabase => {
  const useConnection = async <Result>(
    work: (connection: Queryable, client: PoolClient) => Promise<Result>,
  ): Promise<Result> => {
    const client = await pool.connect().catch((error: unknown) => {
      throw mapConnectError(error);
    });
    let broken = false;
    const connection: Queryable = {
      async query<Row extends object>(sql: string, values: readonly unknown[] = [], name?: string): Promise<Row[]> {
        try {
          const named = name === undefined ? {} : { name: statementName(client, name) };
          // pg's types do not know that it only reads the values.
          const result = await client.query<Row>({ text: sql, values: values as unknown[], ...named });
          return result.rows;
        } catch (cause) {
          broken ||= isConnectionBroken(cause);
          throw mapStatementError(cause);
        }
      },
    };
    try {
      return await work(connection, client);
    } finally {
      client.release(broken);
    }
  };

  const withClient = <Result>(work: (client: ClientBase) => Promise<Result>): Promise<Result> =>
    useConnection((_connection, client) =>
      work(client).catch((error: unknown) => {
        throw mapStatementError(error);
      }),
    );

  const commit = async (client: PoolClient): Promise<void> => {
    const { command } = await client.query("COMMIT").catch((error: unknown) => {
      if (!isConnectionBroken(error)) throw mapStatementError(error);
      // The commit may have happened, so that doing it all again could do it twice.
      throw new AppError(
        "DATABASE_UNAVAILABLE",
        "The database went away; it is not known whether the change was stored.",
        {
          cause: error,
          retryable: false,
        },
      );
    });
    // PostgreSQL answers COMMIT of a failed transaction with ROLLBACK, and with no error.
    if (command !== "COMMIT") {
      throw new AppError("INTERNAL", "The change was not stored, because one of its statements had failed.");
    }
  };

  const transaction = <Result>(work: (connection: Queryable) => Promise<Result>): Promise<Result> =>
    useConnection(async (connection, client) => {
      await connection.query("BEGIN");
      let result: Result;
      try {
        result = await work(connection);
      } catch (error) {
        // When this fails the connection is thrown away, and the server rolls back by itself.
        await connection.query("ROLLBACK").catch(() => undefined);
        throw error;
      }
      await commit(client);
      return result;
    });

  const ping = async (): Promise<number> => {
    const from = performance.now();
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(
        () => reject(new AppError("DATABASE_UNAVAILABLE", "The database does not answer.")),
        pingTimeoutMs,
      );
    });
    const answer = useConnection((connection) => connection.query("select 1"));
    answer.catch(() => undefined);
    await Promise.race([answer, timeout]).finally(() => clearTimeout(timer));
    return performance.now() - from;
  };

  let closing: Promise<void> | undefined;
  return {
    kind,
    query: (sql, values, name) => useConnection((connection) => connection.query(sql, values, name)),
    transaction,
    withClient,
    ping,
    close: () => {
      closing ??= pool.end().then(stop);
      return closing;
    },
  };
};
