import { keyedMessageId } from "../../atlas/keyed-message-id.ts";
import type { RefusedEntries, WaitingEntry } from "../../platform/cache/session-store.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import { type EntrySeal, type FrontEntry, whoseEntry } from "./front-entry.ts";

/** A message that the engine refused after a front had acknowledged it. What it says stays sealed. */
export interface RefusedMessage {
  /** Its message id, by which its author was told. */
  readonly id: string;
  readonly threadId: string;
  readonly author: string;
  /** Undefined: it cannot be opened with this master key. */
  readonly about:
    | {
        readonly saidAt: string;
        readonly refusedAt: string;
        readonly code: string;
        readonly reason: string;
        readonly characters: number;
      }
    | undefined;
}

export interface WhichRefused {
  readonly ids?: readonly string[] | undefined;
  /** All of them, instead of the ones named. */
  readonly all?: boolean | undefined;
}

/** What fronts have put aside. Every call: @throws {AppError} UPSTREAM_UNAVAILABLE when the store cannot be used. */
export interface RefusedMessages {
  /** At most `limit`, those that were refused last first, and how many there are in all. */
  list(limit: number): Promise<{ readonly messages: readonly RefusedMessage[]; readonly count: number }>;
  /** Those of one author in a thread. */
  of(threadId: string, author: string): Promise<readonly RefusedMessage[]>;
  /**
   * Lets them wait for the engine again, those that can be opened; how many.
   * @throws {AppError} INVALID_INPUT unless either ids are given or all are meant; UPSTREAM_UNAVAILABLE when too much waits.
   */
  retry(which: WhichRefused): Promise<number>;
  /** Gives them up; how many. @throws {AppError} INVALID_INPUT as `retry` */
  drop(which: WhichRefused): Promise<number>;
}

export interface RefusedMessagesDeps {
  readonly refused: Omit<RefusedEntries, "put">;
  readonly seal: EntrySeal;
  /** Told when something waits for a thread again. */
  readonly onRetried?: (threadId: string) => void;
}

const toRefused = (threadId: string, item: WaitingEntry, entry: FrontEntry | undefined): RefusedMessage => {
  const { principal: author, key } = whoseEntry(item);
  const { code = "UNKNOWN", reason = "", at = entry?.createdAt ?? "" } = entry?.refused ?? {};
  return {
    id: keyedMessageId(threadId, author, key),
    threadId,
    author,
    about: entry && { saidAt: entry.createdAt, refusedAt: at, code, reason, characters: entry.text.length },
  };
};

export const createRefusedMessages = ({ refused, seal, onRetried }: RefusedMessagesDeps): RefusedMessages => {
  const read = async (threadId: string): Promise<readonly RefusedMessage[]> =>
    (await refused.of(threadId)).map((item) => toRefused(threadId, item, seal.open(threadId, item)));

  /** Does something with each entry that is meant, thread by thread; the sum of what it gives. */
  const settle = async (
    { ids = [], all = false }: WhichRefused,
    work: (threadId: string, items: readonly WaitingEntry[]) => Promise<number>,
  ): Promise<number> => {
    if (all === ids.length > 0) {
      throw new AppError("INVALID_INPUT", "Say which messages are meant: their ids, or all.", { field: "ids" });
    }
    const wanted = new Set(ids.map((id) => id.toLowerCase()));
    let count = 0;
    for (const threadId of await refused.threads()) {
      const items = await refused.of(threadId);
      const meant = all ? items : items.filter((item) => wanted.has(toRefused(threadId, item, undefined).id));
      if (meant.length > 0) count += await work(threadId, meant);
    }
    return count;
  };

  return {
    async list(limit) {
      const found: RefusedMessage[] = [];
      for (const threadId of await refused.threads()) found.push(...(await read(threadId)));
      found.sort((one, other) => (other.about?.refusedAt ?? "").localeCompare(one.about?.refusedAt ?? ""));
      return { messages: found.slice(0, limit), count: found.length };
    },
    of: async (threadId, author) => (await read(threadId)).filter((message) => message.author === author),
    retry: (which) =>
      settle(which, async (threadId, items) => {
        let count = 0;
        try {
          for (const item of items) {
            const entry = seal.open(threadId, item);
            if (entry === undefined) continue;
            const { refused: _, ...said } = entry;
            if (await refused.giveBack(threadId, seal.seal(threadId, said))) count += 1;
          }
        } finally {
          if (count > 0) onRetried?.(threadId);
        }
        return count;
      }),
    drop: (which) =>
      settle(which, (threadId, items) =>
        refused.drop(
          threadId,
          items.map(({ key }) => key),
        ),
      ),
  };
};
