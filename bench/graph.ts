import { END, START, StateGraph, StateSchema } from "@langchain/langgraph";
import { z } from "zod";
import type { Timeline } from "../atlas/timeline.ts";
import { createStubEngine, queryOf, speaks, stubService } from "../tests/support/stub-engine.ts";
import { percentiles, timeEach } from "./percentiles.ts";

const runs = 1_000;
const warmUp = 300;

/** One query with a stub service and a stub model: how long all nodes take, in milliseconds. */
export const benchGraph = async (timeline?: Timeline) => {
  const { engine } = createStubEngine({
    services: [stubService("weather", () => "It will be 21 °C.")],
    parts: [{ name: "weather" }],
    model: speaks("It will be 21 °C."),
    ...(timeline ? { timeline } : {}),
  });
  return percentiles(await timeEach(runs, warmUp, () => engine.run(queryOf("weather?"))));
};

/** The same number of steps in a bare LangGraph graph of no-op nodes: the floor that the runtime itself sets. */
export const benchBareGraph = async (nodes: number) => {
  const State = new StateSchema({ n: z.number() });
  let builder = new StateGraph(State) as unknown as {
    addNode(name: string, node: (state: { n: number }) => object): typeof builder;
    addEdge(from: string, to: string): typeof builder;
    compile(): { invoke(input: { n: number }): Promise<unknown> };
  };
  for (let node = 0; node < nodes; node += 1) {
    builder = builder
      .addNode(`n${node}`, ({ n }) => ({ n: n + 1 }))
      .addEdge(node === 0 ? START : `n${node - 1}`, `n${node}`);
  }
  const graph = builder.addEdge(`n${nodes - 1}`, END).compile();
  return percentiles(await timeEach(runs, warmUp, () => graph.invoke({ n: 0 })));
};
