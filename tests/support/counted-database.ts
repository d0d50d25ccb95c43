import type { PoolDatabase } from "../../platform/db/pool-database.ts";

/** A database that says how often it was asked: statements, transactions and lent connections. */
export const countedDatabase = (database: PoolDatabase): { readonly database: PoolDatabase; asked(): number } => {
  let count = 0;
  return {
    asked: () => count,
    database: {
      ...database,
      query(sql, values, name) {
        count += 1;
        return database.query(sql, values, name);
      },
      transaction(work) {
        count += 1;
        return database.transaction(work);
      },
      withClient(work) {
        count += 1;
        return database.withClient(work);
      },
    },
  };
};
