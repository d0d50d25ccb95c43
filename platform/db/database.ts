/** What every statement needs: one pool connection, or the connection of a transaction. */
export interface Queryable {
  /**
   * Runs one statement with bound values; rows as plain objects, in the database's order.
   * `name` makes it a prepared statement on its connection (use it on hot paths).
   * @throws {AppError} DATABASE_UNAVAILABLE (retryable) when the database cannot be reached, or others were in the way;
   * DEADLINE_EXCEEDED (retryable) when it gave the statement up; the driver's own error otherwise.
   */
  query<Row extends object = Record<string, unknown>>(
    sql: string,
    values?: readonly unknown[],
    name?: string,
  ): Promise<Row[]>;
}

/** The main database: PGlite in a worker thread, or PostgreSQL ≥ 15 with pgvector, behind the same `pg` pool. */
export interface Database extends Queryable {
  readonly kind: "embedded" | "external";
  /** Runs `work` in one transaction: committed when it resolves, rolled back when it throws. */
  transaction<Result>(work: (connection: Queryable) => Promise<Result>): Promise<Result>;
  /** Round trip of `select 1` in milliseconds. @throws {AppError} DATABASE_UNAVAILABLE */
  ping(): Promise<number>;
  close(): Promise<void>;
}
