import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import { isAppError } from "../../platform/errors/app-error.ts";
import type { SyncChange } from "../deep/sync-page.ts";
import type { DeepIndex } from "./deep-index.ts";

/** An item that the model or the store will not take, although they take others. */
export interface RefusedItem {
  readonly id: string;
  readonly reason: string;
}

export interface ApplyPageDeps {
  readonly index: Pick<DeepIndex, "apply">;
  readonly logger: Pick<Logger, "warn">;
  /** Failures of a page, and of one item of it, after which it is not tried again as it is; default 3. */
  readonly tries?: number;
  readonly pauseMs?: number;
}

/** A short text in the place of an item: what takes it works. */
const stands = (change: SyncChange, content: string | null): SyncChange =>
  change.kind === "gone" ? change : { ...change, content };

const reasonOf = (error: unknown): string =>
  isAppError(error) ? `${error.code}: ${error.message}` : "It failed for a reason of its own.";

/**
 * Brings an index to the changes of a page. One that fails again and again is taken item by item: what fails while a short text
 * in its place gets through is left out and answered, so that it does not keep back all that comes after it.
 * @throws {AppError} what the index throws, while it may be down for all
 */
export const createApplyPage = ({ index, logger, tries = 3, pauseMs = 500 }: ApplyPageDeps) => {
  let failing = { page: "", times: 0 };

  /** Undefined: it is held. The old state of what is refused leaves. */
  const applyOne = async (change: SyncChange, signal: AbortSignal): Promise<RefusedItem | undefined> => {
    for (let tried = 1; ; tried += 1) {
      try {
        await index.apply([change], signal);
        return undefined;
      } catch (error) {
        signal.throwIfAborted();
        // What leaves may not stay.
        if (change.kind === "gone" || change.content === null) throw error;
        await index.apply([stands(change, "a short text")], signal);
        await index.apply([stands(change, null)], signal);
        if (tried >= tries) {
          const refused = { id: change.id, reason: reasonOf(error) };
          logger.warn(
            { err: error, item: refused.id },
            "the core leaves out an item that cannot be embedded or stored",
          );
          return refused;
        }
        await delay(pauseMs, undefined, { signal });
      }
    }
  };

  /** `page` names the page: the cursor that it comes after. */
  return async (page: string, changes: readonly SyncChange[], signal: AbortSignal): Promise<RefusedItem[]> => {
    if (failing.page !== page) failing = { page, times: 0 };
    if (failing.times < tries) {
      try {
        await index.apply(changes, signal);
        failing.times = 0;
        return [];
      } catch (error) {
        failing.times += 1;
        throw error;
      }
    }
    const refused: RefusedItem[] = [];
    for (const change of changes) {
      const one = await applyOne(change, signal);
      if (one) refused.push(one);
    }
    failing.times = 0;
    return refused;
  };
};
