import type { Crew } from "../../workflows/crews/crew.ts";
import { loggedCrew } from "./logged-work.ts";

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
  return loggedCrew([...inChains, ...after]);
};
