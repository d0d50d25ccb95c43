import { monitorEventLoopDelay } from "node:perf_hooks";

/**
 * The longest pause of the event loop while `work` runs, in milliseconds: the least of three runs, since the machine that runs
 * the tests has other work, too.
 */
export const longestPause = async (work: () => Promise<unknown>): Promise<number> => {
  const pauses: number[] = [];
  for (let run = 0; run < 3; run += 1) {
    const delays = monitorEventLoopDelay({ resolution: 1 });
    delays.enable();
    await work();
    delays.disable();
    pauses.push(delays.max / 1e6);
  }
  return Math.min(...pauses);
};
