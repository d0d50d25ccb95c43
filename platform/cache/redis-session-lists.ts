import type { Redis } from "ioredis";
import type { WaitingEntry } from "./session-store.ts";

/** Where a list of a thread lies: its values (hash), their order (list), the threads that have one (set), the totals (hash). */
export type ListKeys = [values: string, order: string, threads: string, totals: string];

/** Keys of a list; thread and keys of entries. Takes these out; how many there were. */
export const settleScript = `
local settled = 0
for index = 2, #ARGV do
  local value = redis.call('HGET', KEYS[1], ARGV[index])
  if value then
    settled = settled + 1
    redis.call('HDEL', KEYS[1], ARGV[index])
    redis.call('LREM', KEYS[2], 1, ARGV[index])
    redis.call('HINCRBY', KEYS[4], 'entries', -1)
    redis.call('HINCRBY', KEYS[4], 'characters', -#value)
  end
end
if redis.call('EXISTS', KEYS[1]) == 0 then redis.call('SREM', KEYS[3], ARGV[1]) end
return settled`;

// Keys of the list that it leaves and of the one that it joins; key, new value, thread, most entries, most characters of that one.
// 1: moved; 0: it does not lie there; -1: there is no room; -2: one of this key is there already.
export const moveScript = `
local old = redis.call('HGET', KEYS[1], ARGV[1])
if not old then return 0 end
if redis.call('HEXISTS', KEYS[5], ARGV[1]) == 1 then return -2 end
local entries = tonumber(redis.call('HGET', KEYS[8], 'entries') or '0')
local characters = tonumber(redis.call('HGET', KEYS[8], 'characters') or '0')
if entries >= tonumber(ARGV[4]) or characters + #ARGV[2] > tonumber(ARGV[5]) then return -1 end
redis.call('HSET', KEYS[5], ARGV[1], ARGV[2])
redis.call('RPUSH', KEYS[6], ARGV[1])
redis.call('SADD', KEYS[7], ARGV[3])
redis.call('HINCRBY', KEYS[8], 'entries', 1)
redis.call('HINCRBY', KEYS[8], 'characters', #ARGV[2])
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('LREM', KEYS[2], 1, ARGV[1])
redis.call('HINCRBY', KEYS[4], 'entries', -1)
redis.call('HINCRBY', KEYS[4], 'characters', -#old)
if redis.call('EXISTS', KEYS[1]) == 0 then redis.call('SREM', KEYS[3], ARGV[3]) end
return 1`;

/** The first entries of a list, in order. */
export const readList = async (
  redis: Pick<Redis, "lrange" | "hmget">,
  [values, order]: ListKeys,
  limit: number,
): Promise<readonly WaitingEntry[]> => {
  const keys = await redis.lrange(order, 0, limit - 1);
  if (keys.length === 0) return [];
  const found = await redis.hmget(values, ...keys);
  return keys.flatMap((key, index) => {
    const value = found[index];
    return typeof value === "string" ? [{ key, value }] : [];
  });
};
