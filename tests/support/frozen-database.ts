import { setTimeout as delay } from "node:timers/promises";
import type { PoolDatabase } from "../../platform/db/pool-database.ts";

/** A database whose caller stands still: what it asks from `freeze` on is asked when `thaw` is called. */
export interface FrozenDatabase {
  readonly database: PoolDatabase;
  freeze(): void;
  thaw(): void;
}

/** Stands for a process that is paused between two statements, and goes on later as if nothing had happened. */
export const freezable = (database: PoolDatabase): FrozenDatabase => {
  let gate: PromiseWithResolvers<void> | undefined;
  const passed = async (): Promise<void> => {
    while (gate) await gate.promise;
    await delay(0);
  };
  return {
    freeze() {
      gate ??= Promise.withResolvers<void>();
    },
    thaw() {
      gate?.resolve();
      gate = undefined;
    },
    database: {
      ...database,
      async query(sql, values, name) {
        await passed();
        return database.query(sql, values, name);
      },
      async transaction(work) {
        await passed();
        return database.transaction(work);
      },
      async withClient(work) {
        await passed();
        return database.withClient(work);
      },
    },
  };
};
