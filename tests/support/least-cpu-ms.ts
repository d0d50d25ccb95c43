/** The least processor time of three runs, in milliseconds: what else the machine does is not in it. */
export const leastCpuMs = async (work: () => unknown): Promise<number> => {
  const times: number[] = [];
  for (let run = 0; run < 3; run += 1) {
    const started = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(started);
    times.push((user + system) / 1_000);
  }
  return Math.min(...times);
};
