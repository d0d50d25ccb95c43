import type { CutOff } from "./consumer-lease.ts";

/** Counts how often each of the events that were under way at a death kills its process again. */
export interface AttemptWatch {
  /** Deaths under this event that are known. */
  deaths(eventId: string): number;
  /** Some event that was under way at a death is not settled yet. */
  readonly suspects: boolean;
  /** Before an attempt; stored when it resolves. */
  begin(eventId: string): Promise<void>;
  /** After an attempt, however it ended. */
  end(eventId: string): Promise<void>;
}

/**
 * Attempts that are watched after a death. What the dead process had under way is among them: it is what comes first, and a bus
 * delivers no more than this ahead.
 */
const watchedAttempts = 1_000;

/**
 * Watches the first attempts after the death of a process, at one write more for each; without a death nothing is written. The death
 * that begins it is not known to be anybody's, each later one is counted for the event that was under way.
 */
export const watchAttempts = (cutOff: CutOff | undefined): AttemptWatch => {
  const deaths = new Map(Object.entries(cutOff?.begun ?? {}));
  const begun = new Set<string>();
  let left = cutOff ? watchedAttempts : 0;
  return {
    deaths: (eventId) => deaths.get(eventId) ?? 0,
    get suspects() {
      return deaths.size > 0;
    },
    async begin(eventId) {
      if (cutOff === undefined || left === 0) return;
      left -= 1;
      begun.add(eventId);
      const times = (deaths.get(eventId) ?? 0) + 1;
      // One that is gone from the bus must not keep the others in a line for ever.
      if (left === 0) deaths.clear();
      await cutOff.note(eventId, times);
    },
    async end(eventId) {
      if (!begun.has(eventId) && !deaths.has(eventId)) return;
      begun.delete(eventId);
      deaths.delete(eventId);
      await cutOff?.note(eventId, undefined);
    },
  };
};
