import { describe, expect, test } from "vitest";
import { crossValidate } from "../../../nodes/understanding/cross-validate.ts";
import { defaultExamples } from "./default-registry.ts";

const rowsOf = (intent: string, ...texts: string[]) => texts.map((text) => ({ intent, text }));
const fruit = rowsOf(
  "fruit",
  "eat a red apple",
  "eat a green apple",
  "buy a red apple",
  "buy green apples",
  "peel an apple",
  "an apple please",
);
const cars = rowsOf(
  "cars",
  "drive the car",
  "park the car",
  "wash the car",
  "sell the car",
  "start the car",
  "stop the car",
);

describe("cross-validation", () => {
  test("judges every example once, by a model that has not seen it", async () => {
    const folds: number[] = [];
    const examples = [...fruit, ...cars];
    const report = await crossValidate(examples, { folds: 3, onFold: (done) => folds.push(done) });
    expect(folds).toEqual([1, 2, 3]);
    expect(report.byIntent.map(({ intent, examples }) => [intent, examples]).sort()).toEqual([
      ["cars", 6],
      ["fruit", 6],
    ]);
    expect(report.accuracy).toBeGreaterThan(0.8);
  });

  test("names an example that stands under the wrong intent, and the confusion", async () => {
    const misplaced = { intent: "fruit", text: "wash and park the car" };
    const report = await crossValidate([...fruit, ...cars, misplaced], { folds: 3 });
    expect(report.weakExamples.find(({ text }) => text === misplaced.text)).toMatchObject({
      intent: "fruit",
      guess: "cars",
    });
    expect(report.confusions).toContainEqual({ intent: "fruit", guess: "cars", count: 1 });
  });

  test("gives the same report each time", async () => {
    const examples = defaultExamples().filter(({ locale }) => locale === "he");
    const once = await crossValidate(examples, { folds: 2 });
    expect(await crossValidate(examples, { folds: 2 })).toEqual(once);
    expect(once.accuracy).toBeGreaterThan(0.4);
  }, 60_000);

  test("stands having nothing to judge, one intent, and one example", async () => {
    expect(await crossValidate([], { folds: 2 })).toEqual({
      accuracy: Number.NaN,
      byIntent: [],
      confusions: [],
      weakExamples: [],
    });
    expect((await crossValidate(fruit, { folds: 2 })).byIntent).toHaveLength(1);
    expect((await crossValidate(fruit.slice(0, 1), { folds: 2 })).accuracy).toBe(0);
  });

  test("refuses numbers of folds that split nothing, and stops when told to", async () => {
    await expect(crossValidate(fruit, { folds: 1 })).rejects.toMatchObject({ code: "INVALID_INPUT" });
    const stop = new AbortController();
    const running = crossValidate(defaultExamples(), { folds: 5, signal: stop.signal });
    stop.abort(new Error("no longer wanted"));
    await expect(running).rejects.toThrow("no longer wanted");
  });
});
