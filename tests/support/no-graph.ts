import type { Graph } from "../../atlas/graph/graph.ts";
import { AppError } from "../../platform/errors/app-error.ts";

/** A graph that holds nothing. */
export const createNoGraph = (): Graph => ({
  async around() {
    throw new AppError("NOT_FOUND", "There is no such entity.");
  },
  topics: async () => [],
});
