import type { Crew } from "../../workflows/crews/crew.ts";
import { crewOf } from "./job-bench.ts";

/** A crew of twenty tasks: four chains of four side by side, then four that need what came before. */
export const twentyTasks = (): Crew => {
  const chains = ["a", "b", "c", "d"];
  const inChains = chains.flatMap((chain) =>
    [1, 2, 3, 4].map((place) => ({ id: `${chain}${place}`, needs: place === 1 ? [] : [`${chain}${place - 1}`] })),
  );
  const after = [1, 2, 3, 4].map((place) => ({
    id: `e${place}`,
    needs: place === 1 ? chains.map((chain) => `${chain}4`) : [`e${place - 1}`],
  }));
  // Enough rounds for a call that is cut off again and again.
  const tasks = [...inChains, ...after].map((task) => ({ ...task, max_rounds: 10 }));
  return crewOf(tasks, { process: "graph", limits: { steps: 1_000 } });
};
