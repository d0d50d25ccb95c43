import type { Histogram } from "prom-client";

/** Wraps node functions so that their times are counted: measured cheaper than callback handlers (no cost per event). */
export const createTimed =
  (seconds: Histogram<"node">) =>
  <State, Runtime, Writes>(name: string, node: (state: State, runtime: Runtime) => Promise<Writes>) =>
  async (state: State, runtime: Runtime): Promise<Writes> => {
    const end = seconds.startTimer({ node: name });
    try {
      return await node(state, runtime);
    } finally {
      end();
    }
  };
