import { expect, test } from "vitest";
import { addFeatureShares } from "../../../nodes/understanding/feature-shares.ts";

const row = (...ids: number[]) => ({ ids: Int32Array.from(ids), values: new Float32Array(ids.length).fill(1) });
const modelOf = (classes: number, features: number) => ({
  classes,
  weights: new Float32Array(features * classes),
  bias: new Float32Array(classes),
});

test("a feature speaks for the class that most of it lies in, and says nothing where it is spread evenly", () => {
  const model = modelOf(2, 3);
  addFeatureShares(
    model,
    [row(0, 2), row(0, 2), row(1, 2), row(1, 2), row(0, 2), row(1, 2)],
    Int32Array.of(0, 0, 1, 1, 0, 1),
  );
  expect(model.weights[0]).toBeGreaterThan(0.05);
  expect(model.weights[1]).toBeLessThan(-0.05);
  expect(model.weights[3]).toBeGreaterThan(0.05);
  expect(model.weights[4]).toBeCloseTo(0, 6);
  expect(model.weights[5]).toBeCloseTo(0, 6);
});

test("nothing is added where there is a single class or no text", () => {
  const single = modelOf(1, 2);
  addFeatureShares(single, [row(0, 1)], Int32Array.of(0));
  expect([...single.weights]).toEqual([0, 0]);
  const empty = modelOf(3, 2);
  addFeatureShares(empty, [], new Int32Array());
  expect([...empty.weights]).toEqual([0, 0, 0, 0, 0, 0]);
});
