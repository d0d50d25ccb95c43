import { AppError } from "../../platform/errors/app-error.ts";
import { isEngineAway } from "./is-engine-away.ts";

/** Whether the engine is there, by what its answers say. */
export interface EngineWatch {
  /** Makes a call; shortly after one that failed the next ones fail at once, so that nobody waits for an engine that is away. */
  call<Result>(work: () => Promise<Result>): Promise<Result>;
  /** The same for what needs no database: that it succeeds does not say that the engine is back. */
  touch<Result>(work: () => Promise<Result>): Promise<Result>;
}

export interface EngineWatchDeps {
  /** Told when it goes away and when it is back. */
  readonly onChange: (isThere: boolean) => void;
  /** How long calls fail at once; default 500. */
  readonly pauseMs?: number;
}

export const createEngineWatch = ({ onChange, pauseMs = 500 }: EngineWatchDeps): EngineWatch => {
  let isThere = true;
  let failedAt = Number.NEGATIVE_INFINITY;

  const note = (answers: boolean): void => {
    failedAt = answers ? Number.NEGATIVE_INFINITY : performance.now();
    if (answers === isThere) return;
    isThere = answers;
    onChange(answers);
  };

  const checkPause = (): void => {
    if (performance.now() - failedAt >= pauseMs) return;
    throw new AppError("UPSTREAM_UNAVAILABLE", "The back end cannot be reached.");
  };

  return {
    async call(work) {
      checkPause();
      try {
        const result = await work();
        note(true);
        return result;
      } catch (error) {
        note(!isEngineAway(error));
        throw error;
      }
    },
    async touch(work) {
      checkPause();
      try {
        return await work();
      } catch (error) {
        if (isEngineAway(error)) note(false);
        throw error;
      }
    },
  };
};
