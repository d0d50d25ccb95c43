import { freshDataDir, removeDataDir, startServer } from "../tests/support/server-process.ts";

/** Milliseconds from `npm start` to the first 200 of `/ready`: on an empty data folder, then on the same one. */
export const benchStartUp = async (laterRuns = 3) => {
  const dataDir = await freshDataDir();
  try {
    const first = await startServer({ dataDir, throughNpm: true });
    await first.stop();
    const later: number[] = [];
    for (let run = 0; run < laterRuns; run += 1) {
      const again = await startServer({ dataDir, throughNpm: true });
      later.push(again.readyMs);
      await again.stop();
    }
    return {
      first: first.readyMs,
      later: later.sort((left, right) => left - right)[Math.floor(later.length / 2)] ?? Number.NaN,
    };
  } finally {
    await removeDataDir(dataDir);
  }
};
