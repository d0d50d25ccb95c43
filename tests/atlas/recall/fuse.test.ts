import { expect, test } from "vitest";
import { fitBudget, tokensOf } from "../../../atlas/recall/fit-budget.ts";
import { fuse } from "../../../atlas/recall/fuse.ts";

test("another source's finds are added as shares of the best text, and named where text found nothing", () => {
  const text = [
    { id: "a", score: 10 },
    { id: "b", score: 9 },
  ];
  const finds = [
    { id: "b", score: 0.8 },
    { id: "c", score: 0.4 },
  ];
  expect(fuse(text, [{ name: "vector", weight: 0.2, finds }])).toEqual([
    { id: "b", score: 11, layer: "text" },
    { id: "a", score: 10, layer: "text" },
    { id: "c", score: 1, layer: "vector" },
  ]);
  expect(fuse([], [{ name: "vector", weight: 0.2, finds }]).map(({ id }) => id)).toEqual(["b", "c"]);
});

test("what does not fit into the budget is left out, and what is shorter still comes", () => {
  const fragments = ["short", "x".repeat(4_000), "also short"].map((content) => ({ content }));
  const budget = tokensOf("short") + tokensOf("also short");
  expect(fitBudget(fragments, budget).map(({ content }) => content)).toEqual(["short", "also short"]);
  expect(fitBudget(fragments, undefined)).toHaveLength(3);
});
