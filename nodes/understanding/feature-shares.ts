import { type LinearModel, scoreInto } from "./linear-svm.ts";
import type { SparseRow } from "./sparse-row.ts";

/** Keeps features of one or two texts from speaking as loudly as those of many. */
const smoothing = 0.3;
/** How far, by its features' shares alone, a training text's own class is put ahead of the next one, on average. */
const lead = 0.2;
/** Every so many rows one is looked at to find the scale. */
const sampled = 10;

/**
 * Adds to each weight how much of its feature's mass lies in the class, as complement naive Bayes does. The machine trained
 * before asks only what tells near classes apart; this asks what is usual, so the two err on different texts.
 */
export const addFeatureShares = (model: LinearModel, rows: readonly SparseRow[], labels: Int32Array): void => {
  const { classes, weights } = model;
  const features = weights.length / classes;
  const shares = { classes, weights: new Float32Array(weights.length), bias: new Float32Array(classes) };
  const totals = new Float32Array(features);
  for (const [row, { ids, values }] of rows.entries()) {
    const own = labels[row] as number;
    for (let index = 0; index < ids.length; index += 1) {
      const id = ids[index] as number;
      const value = values[index] as number;
      shares.weights[id * classes + own]! += value;
      totals[id]! += value;
    }
  }
  for (let feature = 0; feature < features; feature += 1) {
    const total = (totals[feature] as number) + smoothing;
    const start = feature * classes;
    let sum = 0;
    for (let at = start; at < start + classes; at += 1) {
      const own = shares.weights[at] as number;
      if (own === 0) continue;
      const share = Math.log(total / (total - own));
      shares.weights[at] = share;
      sum += share;
    }
    // About zero over the classes, as the machine's own weights are.
    const mean = sum / classes;
    for (let at = start; at < start + classes; at += 1) shares.weights[at]! -= mean;
  }
  const ahead = meanLead(shares, rows, labels);
  if (!(ahead > 0)) return;
  const scale = lead / ahead;
  for (let at = 0; at < weights.length; at += 1) weights[at]! += scale * (shares.weights[at] as number);
};

/** How far a text's own class is ahead of the best other one, on average over some of the rows; 0 with a single class. */
const meanLead = (model: LinearModel, rows: readonly SparseRow[], labels: Int32Array): number => {
  const scores = new Float32Array(model.classes);
  let sum = 0;
  let count = 0;
  if (model.classes < 2) return 0;
  for (let row = 0; row < rows.length; row += sampled) {
    scoreInto(scores, rows[row] as SparseRow, model);
    const own = labels[row] as number;
    let best = Number.NEGATIVE_INFINITY;
    for (let klass = 0; klass < scores.length; klass += 1) if (klass !== own) best = Math.max(best, scores[klass]!);
    sum += scores[own]! - best;
    count += 1;
  }
  return sum / Math.max(1, count);
};
