import { AppError } from "../errors/app-error.ts";
import type { EntryLists } from "./entry-lists.ts";
import { type RefusedEntries, refusedName, type SessionLimits } from "./session-store.ts";

export interface JournalRefusedDeps {
  readonly limits: SessionLimits;
  readonly waiting: EntryLists;
  readonly refused: EntryLists;
  /** Marks an entry that is not durable yet until the work is done: nobody is shown it among those that wait. */
  readonly whileAdding: (threadId: string, key: string, work: Promise<boolean>) => Promise<boolean>;
  /** Writes lines together. @throws {Error} nothing was written. */
  readonly append: (...lines: readonly unknown[]) => Promise<void>;
  /** Notes that the file holds so many lines of a list that mean nothing any more. */
  readonly noteDead: (name: string, lines: number) => Promise<void>;
  /** Leaves nothing in the file but what is kept. */
  readonly wipe: () => Promise<void>;
}

const failed = (cause: unknown): AppError =>
  new AppError("UPSTREAM_UNAVAILABLE", "The front's journal cannot be written; nothing was changed.", { cause });

/** What was put aside, in a journal: the lists' state first, so that nobody meets it half done, and back when it cannot be written. */
export const createJournalRefused = ({
  limits,
  waiting,
  refused,
  whileAdding,
  append,
  noteDead,
  wipe,
}: JournalRefusedDeps): RefusedEntries => {
  let last: Promise<unknown> = Promise.resolve();
  /** One after the other: an entry on its way is not moved by anybody else. */
  const inTurn = <Result>(step: () => Promise<Result>): Promise<Result> => {
    const done = last.then(step);
    last = done.catch(() => undefined);
    return done;
  };

  return {
    put: (threadId, entry) =>
      inTurn(async () => {
        const name = refusedName(threadId);
        const isNew = !refused.has(name, entry.key);
        if (!waiting.has(threadId, entry.key)) return true;
        const isFull = refused.entries >= limits.entries || refused.characters + entry.value.length > limits.characters;
        if (isNew && isFull) return false;
        const taken = waiting.take(threadId, entry.key)!;
        refused.put(name, entry);
        const lines = isNew ? [[name, entry.key, entry.value]] : [];
        try {
          await append(...lines, [threadId, [entry.key]]);
        } catch {
          if (isNew) refused.take(name, entry.key);
          waiting.put(threadId, taken);
          return false;
        }
        await noteDead(threadId, 2);
        return true;
      }),
    threads: async () => refused.names().map((name) => name.slice(refusedName("").length)),
    of: async (threadId) => refused.of(refusedName(threadId)),
    giveBack: (threadId, entry) =>
      inTurn(async () => {
        const name = refusedName(threadId);
        if (!refused.has(name, entry.key) || waiting.has(threadId, entry.key)) return false;
        if (waiting.entries >= limits.entries || waiting.characters + entry.value.length > limits.characters) {
          throw new AppError("UPSTREAM_UNAVAILABLE", "Too much waits for the back end already.");
        }
        const taken = refused.take(name, entry.key)!;
        waiting.put(threadId, entry);
        const written = append([threadId, entry.key, entry.value], [name, [entry.key]]).then(
          () => true,
          (cause) => {
            waiting.take(threadId, entry.key);
            refused.put(name, taken);
            throw failed(cause);
          },
        );
        await whileAdding(threadId, entry.key, written);
        await noteDead(name, 2);
        return true;
      }),
    drop: (threadId, keys) =>
      inTurn(async () => {
        const name = refusedName(threadId);
        const taken = keys.flatMap((key) => refused.take(name, key) ?? []);
        if (taken.length === 0) return 0;
        try {
          await append([name, taken.map(({ key }) => key)]);
        } catch (cause) {
          for (const entry of taken) refused.put(name, entry);
          throw failed(cause);
        }
        await noteDead(name, 2 * taken.length);
        await wipe();
        return taken.length;
      }),
    count: async () => refused.entries,
  };
};
