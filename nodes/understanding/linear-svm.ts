/** One weight per feature and class, features first (`weights[feature * classes + class]`), so that a text reads whole rows. */
export interface LinearModel {
  readonly classes: number;
  readonly weights: Float32Array;
  readonly bias: Float32Array;
}

interface SparseRow {
  readonly ids: Int32Array;
  readonly values: Float32Array;
}

/** Adds up the scores of all classes for one text into `scores`; above 0 means "rather yes". */
export const scoreInto = (
  scores: Float32Array,
  { ids, values }: SparseRow,
  { classes, weights, bias }: LinearModel,
): void => {
  scores.set(bias);
  for (let index = 0; index < ids.length; index += 1) {
    const value = values[index] as number;
    const offset = (ids[index] as number) * classes;
    for (let klass = 0; klass < classes; klass += 1) scores[klass]! += value * (weights[offset + klass] as number);
  }
};

/**
 * Trains one-against-the-rest support vector machines with squared hinge loss for all classes at once, by dual coordinate
 * descent: each text is scored for every class in one pass over its features, then only the classes it disagrees with are
 * corrected. Same rows, same result: the order is shuffled with a fixed seed.
 */
export const trainLinearSvm = (
  rows: readonly SparseRow[],
  labels: Int32Array,
  { classes, features, epochs, cost }: { classes: number; features: number; epochs: number; cost: number },
): LinearModel => {
  const model: LinearModel = {
    classes,
    weights: new Float32Array(features * classes),
    bias: new Float32Array(classes),
  };
  const alphas = new Float32Array(rows.length * classes);
  const squares = Float32Array.from(rows, ({ values }) => values.reduce((sum, value) => sum + value * value, 1));
  const order = Int32Array.from(rows.keys());
  const random = createRandom();
  const scores = new Float32Array(classes);
  const changed = new Int32Array(classes);
  const steps = new Float32Array(classes);
  const slack = 1 / (2 * cost);
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    shuffle(order, random);
    for (const row of order) {
      const vector = rows[row] as SparseRow;
      scoreInto(scores, vector, model);
      let count = 0;
      for (let klass = 0; klass < classes; klass += 1) {
        const sign = labels[row] === klass ? 1 : -1;
        const at = row * classes + klass;
        const alpha = alphas[at] as number;
        const gradient = sign * (scores[klass] as number) - 1 + alpha * slack;
        if (alpha === 0 && gradient >= 0) continue;
        const next = Math.max(0, alpha - gradient / ((squares[row] as number) + slack));
        if (Math.abs(next - alpha) < 1e-7) continue;
        alphas[at] = next;
        changed[count] = klass;
        steps[count] = (next - alpha) * sign;
        count += 1;
      }
      if (count > 0) correct(model, vector, changed, steps, count);
    }
  }
  return model;
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
