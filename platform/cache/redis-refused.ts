import type { Redis } from "ioredis";
import { AppError } from "../errors/app-error.ts";
import { type ListKeys, moveScript, readList, settleScript } from "./redis-session-lists.ts";
import { type RefusedEntries, refusedName, type SessionLimits, type WaitingEntry } from "./session-store.ts";

export interface RedisRefusedDeps {
  readonly redis: Redis;
  readonly limits: SessionLimits;
  readonly waitingKeysOf: (threadId: string) => ListKeys;
}

const rethrow = (cause: unknown): never => {
  throw new AppError("UPSTREAM_UNAVAILABLE", "Redis cannot be used now; nothing was changed.", { cause });
};

/** What was put aside, in Redis: fronts and commands that share it see the same. */
export const createRedisRefused = ({ redis, limits, waitingKeysOf }: RedisRefusedDeps): RefusedEntries => {
  const keysOf = (threadId: string): ListKeys => {
    const name = refusedName(threadId);
    return [`values:${name}`, `order:${name}`, "refused threads", "refused totals"];
  };
  const move = async (from: ListKeys, to: ListKeys, threadId: string, { key, value }: WaitingEntry): Promise<number> =>
    Number(await redis.eval(moveScript, 8, ...from, ...to, key, value, threadId, limits.entries, limits.characters));
  const drop = async (keys: ListKeys, threadId: string, entries: readonly string[]): Promise<number> =>
    Number(await redis.eval(settleScript, 4, ...keys, threadId, ...entries));

  return {
    async put(threadId, entry) {
      const from = waitingKeysOf(threadId);
      try {
        const moved = await move(from, keysOf(threadId), threadId, entry);
        // It lies there from an earlier time: it need only leave those that wait.
        if (moved === -2) await drop(from, threadId, [entry.key]);
        return moved !== -1;
      } catch {
        return false;
      }
    },
    threads: () => redis.smembers("refused threads").catch(rethrow),
    of: (threadId) => readList(redis, keysOf(threadId), limits.entries).catch(rethrow),
    async giveBack(threadId, entry) {
      const moved = await move(keysOf(threadId), waitingKeysOf(threadId), threadId, entry).catch(rethrow);
      if (moved === -1) throw new AppError("UPSTREAM_UNAVAILABLE", "Too much waits for the back end already.");
      return moved === 1;
    },
    drop: (threadId, keys) =>
      keys.length === 0 ? Promise.resolve(0) : drop(keysOf(threadId), threadId, keys).catch(rethrow),
    count: async () => Number((await redis.hget("refused totals", "entries").catch(rethrow)) ?? 0),
  };
};
