import { expect, test } from "vitest";
import { createKeptOfTurn } from "../../../atlas/facts/kept-of-turn.ts";

const text = "Remember that the spare key is under the mat.";
const kept = ["the spare key is under the mat"];

test.each([
  ["an own channel", { mode: "open", channelId: "direct:ada" }, kept],
  ["a group", { mode: "open", channelId: "group:1" }, kept],
  ["a confidential thread", { mode: "confidential", channelId: "direct:ada" }, []],
  ["mail, which brings others' words", { mode: "open", channelId: "email:1" }, []],
] as const)("of a turn in %s is said what will be kept of it", (_, thread, expected) => {
  expect(createKeptOfTurn({ rule: "scoped" })(thread, text)).toEqual(expected);
});

test("nothing is kept where only public text may be indexed", () => {
  expect(createKeptOfTurn({ rule: "public" })({ mode: "open", channelId: "direct:ada" }, text)).toEqual([]);
});
