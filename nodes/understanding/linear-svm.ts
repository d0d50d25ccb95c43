import type { SparseRow } from "./sparse-row.ts";

/** One weight per feature and class, features first (`weights[feature * classes + class]`), so that a text reads whole rows. */
export interface LinearModel {
  readonly classes: number;
  readonly weights: Float32Array;
  readonly bias: Float32Array;
}

/** Adds up the scores of all classes for one text into `scores`; above 0 means "rather yes". */
export const scoreInto = (
  scores: Float32Array,
  { ids, values }: SparseRow,
  { classes, weights, bias }: LinearModel,
): void => {
  scores.set(bias);
  let index = 0;
  // Four features at once: each score is read and written a quarter as often, which is most of the time otherwise.
  for (; index + 3 < ids.length; index += 4) {
    const first = values[index] as number;
    const second = values[index + 1] as number;
    const third = values[index + 2] as number;
    const fourth = values[index + 3] as number;
    const atFirst = (ids[index] as number) * classes;
    const atSecond = (ids[index + 1] as number) * classes;
    const atThird = (ids[index + 2] as number) * classes;
    const atFourth = (ids[index + 3] as number) * classes;
    for (let klass = 0; klass < classes; klass += 1) {
      scores[klass]! +=
        first * (weights[atFirst + klass] as number) +
        second * (weights[atSecond + klass] as number) +
        third * (weights[atThird + klass] as number) +
        fourth * (weights[atFourth + klass] as number);
    }
  }
  for (; index < ids.length; index += 1) {
    const value = values[index] as number;
    const offset = (ids[index] as number) * classes;
    for (let klass = 0; klass < classes; klass += 1) scores[klass]! += value * (weights[offset + klass] as number);
  }
};

/** However wrong a text is taken, it pulls no harder than this: one that stands under the wrong intent must not spoil the others. */
const mostPull = 0.15;
/** Classes this much further away than they need be are looked at again in full passes only. */
const farAway = 0.05;
/** Every class is scored in the first two passes. */
const isFullPass = (epoch: number): boolean => epoch < 2;

/**
 * Trains a support vector machine that wants each text's own class ahead of every other one (squared hinge loss over pairs
 * of classes, linear where it grows large), by dual coordinate descent. After two passes a text is compared only with the classes that were near it.
 * `costs`: what an error costs, one for each row. Same rows, same result: the order is shuffled with a fixed seed.
 */
export const trainLinearSvm = (
  rows: readonly SparseRow[],
  labels: Int32Array,
  {
    classes,
    features,
    epochs,
    costs,
  }: { classes: number; features: number; epochs: number; costs: Float32Array | readonly number[] },
): LinearModel => {
  const model: LinearModel = {
    classes,
    weights: new Float32Array(features * classes),
    bias: new Float32Array(classes),
  };
  const alphas = new Float32Array(rows.length * classes);
  const squares = Float32Array.from(rows, ({ values }) => values.reduce((sum, value) => sum + value * value, 1));
  const near = rows.map(() => new Int32Array(0));
  const everyClass = Int32Array.from({ length: classes }, (_, klass) => klass);
  const order = Int32Array.from(rows.keys());
  const random = createRandom();
  const scores = new Float32Array(classes);
  const changed = new Int32Array(classes);
  const steps = new Float32Array(classes);
  const kept = new Int32Array(classes);
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    shuffle(order, random);
    for (const row of order) {
      const vector = rows[row] as SparseRow;
      const own = labels[row] as number;
      const isFull = isFullPass(epoch);
      const others = isFull ? everyClass : (near[row] as Int32Array);
      if (isFull) scoreInto(scores, vector, model);
      else scoreSome(scores, vector, model, others);
      const square = squares[row] as number;
      const slack = 1 / (2 * (costs[row] as number));
      let ownStep = 0;
      let count = 0;
      let keptCount = 0;
      for (const other of others) {
        if (other === own) continue;
        const at = row * classes + other;
        const alpha = alphas[at] as number;
        const gradient = (scores[own] as number) + ownStep * square - (scores[other] as number) - 1 + alpha * slack;
        if (isFull && (alpha > 0 || gradient < farAway)) kept[keptCount++] = other;
        if (alpha === 0 && gradient >= 0) continue;
        const next = Math.min(mostPull, Math.max(0, alpha - gradient / (2 * square + slack)));
        if (Math.abs(next - alpha) < 1e-7) continue;
        alphas[at] = next;
        changed[count] = other;
        steps[count] = alpha - next;
        ownStep += next - alpha;
        count += 1;
      }
      if (isFull) {
        kept[keptCount] = own;
        near[row] = kept.slice(0, keptCount + 1);
      }
      if (count === 0) continue;
      changed[count] = own;
      steps[count] = ownStep;
      correct(model, vector, changed, steps, count + 1);
    }
  }
  return model;
};

/** As `scoreInto`, for the classes named only; the other scores are left as they are. */
const scoreSome = (
  scores: Float32Array,
  { ids, values }: SparseRow,
  { classes, weights, bias }: LinearModel,
  some: Int32Array,
): void => {
  for (const klass of some) scores[klass] = bias[klass] as number;
  for (let index = 0; index < ids.length; index += 1) {
    const value = values[index] as number;
    const offset = (ids[index] as number) * classes;
    for (let which = 0; which < some.length; which += 1) {
      const klass = some[which] as number;
      scores[klass]! += value * (weights[offset + klass] as number);
    }
  }
};

const correct = (
  model: LinearModel,
  { ids, values }: SparseRow,
  changed: Int32Array,
  steps: Float32Array,
  count: number,
): void => {
  for (let index = 0; index < ids.length; index += 1) {
    const value = values[index] as number;
    const offset = (ids[index] as number) * model.classes;
    for (let which = 0; which < count; which += 1)
      model.weights[offset + (changed[which] as number)]! += value * (steps[which] as number);
  }
  for (let which = 0; which < count; which += 1) model.bias[changed[which] as number]! += steps[which] as number;
};

/** Numbers in [0, 1) that are the same on each run. */
export const createRandom = (): (() => number) => {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};

/** Shuffles in place. */
export const shuffle = (order: Int32Array | unknown[], random: () => number): void => {
  for (let index = order.length - 1; index > 0; index -= 1) {
    const other = Math.floor(random() * (index + 1));
    [order[index], order[other]] = [order[other], order[index]] as [number, number];
  }
};
