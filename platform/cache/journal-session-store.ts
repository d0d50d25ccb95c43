import { join } from "node:path";
import { LRUCache } from "lru-cache";
import type { Logger } from "pino";
import { z } from "zod";
import { AppError } from "../errors/app-error.ts";
import { createEntryLists } from "./entry-lists.ts";
import { openJournalFile } from "./journal-file.ts";
import { createJournalRefused } from "./journal-refused.ts";
import {
  joinRecent,
  type RecentEntry,
  type RecentMessages,
  refusedName,
  type SessionLimits,
  type SessionStore,
} from "./session-store.ts";

export interface JournalSessionStoreOptions {
  readonly folder: string;
  readonly limits: SessionLimits;
  readonly logger: Pick<Logger, "warn">;
}

/** `[thread, key, value]` was added; `[thread, keys]` were settled. What was put aside lies under a name of its own. */
const Line = z.union([z.tuple([z.string(), z.string(), z.string()]), z.tuple([z.string(), z.array(z.string())])]);

const mostLiveThreads = 10_000;
/** Lines beyond those that wait after which the file is written anew. */
const mostDeadLines = 20_000;

const parseLine = (line: string): z.infer<typeof Line> | undefined => {
  try {
    return Line.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
};

/**
 * The store in this process: what waits is in memory and in a journal that is synced before anything is acknowledged; the newest
 * messages are in memory only. One process at a time may use the folder.
 */
export const openJournalSessionStore = async ({
  folder,
  limits,
  logger,
}: JournalSessionStoreOptions): Promise<SessionStore> => {
  const { journal, lines } = await openJournalFile(join(folder, "waiting.journal"));
  const waiting = createEntryLists();
  const refused = createEntryLists();
  const listsOf = (name: string) => (name.startsWith(refusedName("")) ? refused : waiting);
  /** Those that are not durable yet, and those that are being moved. */
  const adding = new Map<string, Promise<boolean>>();
  const recents = new LRUCache<string, RecentMessages>({ max: mostLiveThreads });
  let dead = 0;
  /** Threads of which the file still holds what was settled. */
  const settled = new Set<string>();
  let mustRewrite = false;

  const live = (): string[] =>
    [waiting, refused].flatMap((lists) =>
      lists.names().flatMap((name) => lists.of(name).map(({ key, value }) => JSON.stringify([name, key, value]))),
    );

  const damaged: string[] = [];
  for (const line of lines) {
    const parsed = parseLine(line);
    if (parsed === undefined) damaged.push(line);
    else if (parsed.length === 3) listsOf(parsed[0]).put(parsed[0], { key: parsed[1], value: parsed[2] });
    else for (const key of parsed[1]) listsOf(parsed[0]).take(parsed[0], key);
  }
  if (damaged.length > 0) logger.warn({ lines: damaged.length }, "the front's journal has lines that cannot be read");
  // A file with damage stays as it is: somebody may want to look at it.
  if (damaged.length === 0) await journal.rewrite(live);

  const recentOf = (threadId: string, version: number): readonly RecentEntry[] => {
    const kept = recents.get(threadId);
    return kept?.version === version ? kept.entries : [];
  };

  const rewrite = async (): Promise<void> => {
    await journal.rewrite(() => {
      settled.clear();
      dead = 0;
      return [...damaged, ...live()];
    });
    mustRewrite = false;
  };
  const compact = async (): Promise<void> => {
    if (!mustRewrite && (dead < mostDeadLines || damaged.length > 0)) return;
    await rewrite().catch(() => logger.warn("the front's journal could not be written anew"));
  };

  const noteDead = async (name: string, lines: number): Promise<void> => {
    dead += lines;
    settled.add(name);
    await compact();
  };
  const nameOf = (threadId: string, key: string): string => JSON.stringify([threadId, key]);
  const whileAdding = (threadId: string, key: string, work: Promise<boolean>): Promise<boolean> => {
    const name = nameOf(threadId, key);
    const done = work.finally(() => adding.delete(name));
    adding.set(name, done);
    return done;
  };

  const write = async (threadId: string, key: string, value: string): Promise<boolean> => {
    if (waiting.entries >= limits.entries || waiting.characters + value.length > limits.characters) {
      throw new AppError("UPSTREAM_UNAVAILABLE", "Too much waits for the back end; the message was not taken.");
    }
    // Taken into account at once: others that come meanwhile see the room that is left, and keep their order behind it.
    waiting.put(threadId, { key, value });
    try {
      await journal.append(JSON.stringify([threadId, key, value]));
    } catch (cause) {
      waiting.take(threadId, key);
      throw new AppError("UPSTREAM_UNAVAILABLE", "The message could not be kept safely and was not taken.", { cause });
    }
    return true;
  };

  return {
    kind: "journal",
    add(threadId, { key, value }) {
      const under = adding.get(nameOf(threadId, key));
      // The second one is acknowledged with the first.
      if (under) return under.then(() => false);
      if (waiting.has(threadId, key)) return Promise.resolve(false);
      return whileAdding(threadId, key, write(threadId, key, value));
    },
    async waiting(threadId, limit) {
      const durable = waiting.of(threadId).filter(({ key }) => !adding.has(nameOf(threadId, key)));
      return durable.slice(0, limit);
    },
    threads: async () => waiting.names(),
    async settle(threadId, keys) {
      const taken = keys.filter((key) => waiting.take(threadId, key) !== undefined);
      if (taken.length === 0) return true;
      dead += 2 * taken.length;
      settled.add(threadId);
      // Lost with the process: it is brought once more then, and found to be there.
      await journal.append(JSON.stringify([threadId, taken])).catch(() => undefined);
      await compact();
      return true;
    },
    async scrub(threadId) {
      if (!settled.has(threadId) && damaged.length === 0) return;
      mustRewrite = true;
      await rewrite();
    },
    count: async () => waiting.entries,
    refused: createJournalRefused({
      limits,
      waiting,
      refused,
      whileAdding,
      noteDead,
      async append(...lines) {
        // Together: they share one write.
        await Promise.all(lines.map((line) => journal.append(JSON.stringify(line))));
      },
      async wipe() {
        mustRewrite = true;
        await compact();
      },
    }),
    recent: async (threadId, version) => recentOf(threadId, version),
    async remember(threadId, version, messages) {
      const entries = joinRecent(recentOf(threadId, version), messages, limits.recent);
      recents.set(threadId, { version, entries });
    },
    async forget(threadId) {
      recents.delete(threadId);
    },
    async ping() {
      const from = performance.now();
      await journal.check().catch((cause: unknown) => {
        throw new AppError("UPSTREAM_UNAVAILABLE", "The front's journal cannot be written.", { cause });
      });
      return performance.now() - from;
    },
    close: () => journal.close(),
  };
};
