import { getConfig, START, StateGraph, StateSchema } from "@langchain/langgraph";
import { expect, test } from "vitest";
import { z } from "zod";
import { useLeanRunContext } from "../../graphs/lean-run-context.ts";

test("a node still finds its own run's config, also with other runs beside it", async () => {
  useLeanRunContext();
  const State = new StateSchema({ name: z.string(), seen: z.string().default("") });
  const graph = new StateGraph(State)
    .addNode("look", async () => {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 10));
      return { seen: String(getConfig().metadata?.run) };
    })
    .addEdge(START, "look")
    .compile();
  const names = Array.from({ length: 20 }, (_, index) => `run ${index}`);
  const states = await Promise.all(names.map((name) => graph.invoke({ name }, { metadata: { run: name } })));
  expect(states.map(({ seen }) => seen)).toEqual(names);
});
