/** Percentiles of measured times, in the unit they came in. */
export const percentiles = (
  times: readonly number[],
): { readonly p50: number; readonly p99: number; readonly mean: number } => {
  const sorted = [...times].sort((left, right) => left - right);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return {
    p50: at(0.5),
    p99: at(0.99),
    mean: sorted.reduce((sum, time) => sum + time, 0) / Math.max(1, sorted.length),
  };
};

/** Runs work one at a time after a warm-up and gives each run's milliseconds. */
export const timeEach = async (runs: number, warmUp: number, work: () => Promise<unknown>): Promise<number[]> => {
  for (let run = 0; run < warmUp; run += 1) await work();
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const started = performance.now();
    await work();
    times.push(performance.now() - started);
  }
  return times;
};
