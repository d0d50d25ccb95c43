import type { ConfidenceModel } from "./confidence-model.ts";
import { type LinearModel, scoreInto } from "./linear-svm.ts";

/** What a second linear model makes of a text's embedding, and how much that counts beside its words. */
export interface VectorHead {
  /** One feature for each dimension of the embedding. */
  readonly linear: LinearModel;
  /** Factor on its scores before they are added to those of the words. */
  readonly weight: number;
  /** How sure a guess from both may be. */
  readonly confidence: ConfidenceModel;
}

/** Scores of all classes from an embedding; undefined when it has another length than those that training saw. */
export const scoreVector = (vector: Float32Array, linear: LinearModel): Float32Array | undefined => {
  const scores = new Float32Array(linear.classes);
  if (vector.length * linear.classes !== linear.weights.length) return undefined;
  scoreInto(scores, denseRow(vector), linear);
  return scores;
};

/** An embedding as a row that names every feature. */
export const denseRow = (values: Float32Array): { readonly ids: Int32Array; readonly values: Float32Array } => ({
  ids: everyDimension(values.length),
  values,
});

const dimensionsOf = new Map<number, Int32Array>();
const everyDimension = (length: number): Int32Array => {
  const known = dimensionsOf.get(length) ?? Int32Array.from({ length }, (_, dimension) => dimension);
  dimensionsOf.set(length, known);
  return known;
};
