import type { ApprovalQuestion, Decision } from "../../crews/steps.ts";
import type { JobRecords } from "../job-store.ts";

/** Where the branches of one run wait for people. */
export interface DecisionDesk {
  /**
   * For a branch that is under way: its question's answer. Undefined: all that is under way waits, so the run may end, and be
   * taken up when there is a decision.
   */
  wait(key: string, question: ApprovalQuestion): Promise<Decision | undefined>;
  /** Looks whether there are decisions for those who wait. */
  look(): Promise<void>;
  /** What is under way: while anything is that does not wait, the run stays. */
  during<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Questions with which the run ended. */
  leftOpen(): readonly string[];
}

export const createDecisionDesk = (
  jobId: string,
  records: Pick<JobRecords, "ask" | "decision">,
  signal: AbortSignal,
): DecisionDesk => {
  const waiting = new Map<string, PromiseWithResolvers<Decision | undefined>>();
  const open = new Set<string>();
  let underWay = 0;

  /** Who is answered is under way again from this moment. */
  const answer = (key: string, decision: Decision | undefined): void => {
    const asked = waiting.get(key);
    if (!asked) return;
    waiting.delete(key);
    underWay += 1;
    asked.resolve(decision);
  };

  const pauseIfAllWait = async (): Promise<void> => {
    // What the program has to say of a task that ended, it says before the run is seen as waiting.
    await new Promise((next) => setImmediate(next));
    if (underWay > 0) return;
    for (const key of [...waiting.keys()]) {
      open.add(key);
      answer(key, undefined);
    }
  };

  const rest = (): void => {
    underWay -= 1;
    if (underWay === 0 && waiting.size > 0) void pauseIfAllWait();
  };

  const look = async (): Promise<void> => {
    for (const key of [...waiting.keys()]) {
      const decision = await records.decision(jobId, key);
      if (decision) answer(key, decision);
    }
  };

  signal.addEventListener(
    "abort",
    () => {
      for (const [key, { reject }] of waiting) {
        waiting.delete(key);
        underWay += 1;
        reject(signal.reason);
      }
    },
    { once: true },
  );

  return {
    look,
    leftOpen: () => [...open],
    async during(work) {
      underWay += 1;
      try {
        return await work();
      } finally {
        rest();
      }
    },
    async wait(key, question) {
      const known = await records.decision(jobId, key);
      if (known) return known;
      await records.ask(jobId, key, question);
      signal.throwIfAborted();
      const asked = Promise.withResolvers<Decision | undefined>();
      // Nobody awaits it yet.
      asked.promise.catch(() => undefined);
      waiting.set(key, asked);
      rest();
      // It may have come before anybody was seen to wait.
      const early = await records.decision(jobId, key);
      if (early) answer(key, early);
      return asked.promise;
    },
  };
};
