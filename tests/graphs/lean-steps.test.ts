import { Command, END, ReducedValue, Send, START, StateGraph, StateSchema } from "@langchain/langgraph";
import { expect, test } from "vitest";
import { z } from "zod";
import { useLeanSteps } from "../../graphs/lean-steps.ts";

const State = new StateSchema({
  n: z.number(),
  seen: new ReducedValue(
    z.array(z.string()).default(() => []),
    { reducer: (before: string[], more: string[]) => before.concat(more) },
  ),
});

/** Every construct that the query graph uses: edges, branches, parallel sends, a loop, a command. */
const build = () =>
  new StateGraph(State)
    .addNode("first", ({ n }) => ({ n: n + 1, seen: ["first"] }))
    .addNode("branch", async ({ item }: { item: string }) => ({ seen: [item] }))
    .addNode("join", ({ n }) => ({ n: n + 1, seen: ["join"] }))
    .addNode("end", () => new Command({ update: { seen: ["end"] } }), { ends: [END] })
    .addEdge(START, "first")
    .addConditionalEdges("first", () => ["a", "b", "c"].map((item) => new Send("branch", { item })), ["branch"])
    .addEdge("branch", "join")
    .addConditionalEdges("join", ({ n }) => (n < 4 ? "first" : "end"), ["first", "end"])
    .compile();

test("a lean graph gives what the same graph gives as shipped", async () => {
  const shipped = await build().invoke({ n: 0 });
  expect(await useLeanSteps(build()).invoke({ n: 0 })).toEqual(shipped);
  expect(shipped.seen).toEqual(["first", "a", "b", "c", "join", "first", "a", "b", "c", "join", "end"]);
});

test("a failing node of a lean graph fails the run with its own error", async () => {
  const graph = useLeanSteps(
    new StateGraph(State)
      .addNode("first", () => {
        throw new RangeError("out of range");
      })
      .addEdge(START, "first")
      .compile(),
  );
  await expect(graph.invoke({ n: 0 })).rejects.toThrow(RangeError);
});
