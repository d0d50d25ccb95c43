/** What a first guess looks like: higher means surer, in each of them. */
export type GuessSigns = readonly [
  best: number,
  overSecond: number,
  overReject: number,
  knownShare: number,
  /** Share of the words that the intent's own examples hold, and that several of them hold. */
  ownWords: number,
  ownWordsWell: number,
];

/** Weights of a logistic regression over the signs, the constant last. */
export type ConfidenceModel = readonly number[];

export interface JudgedGuess {
  readonly signs: GuessSigns;
  /** Whether the guess was right; of texts that no intent covers (`reject`) and of intents held back (`unseen`) none is. */
  readonly kind: "right" | "wrong" | "reject" | "unseen";
}

/** Used when there is too little to learn from: a clear lead over the rest is about even odds. */
const fallback: ConfidenceModel = [1, 2, 1, 1.5, 1, 0, -3];

/**
 * How much unseen intents weigh beside examples of what nothing answers: those tell more about that than intents that were
 * merely held back, which resemble the others.
 */
const unseenWeight = 0.25;

/**
 * Fits how likely a guess is right, from guesses on texts that training had not seen. Right guesses weigh as much as all
 * others together, so 0.5 is where rejecting costs as much as keeping; wrong ones count as often as they occur beside right ones.
 */
export const fitConfidence = (guesses: readonly JudgedGuess[]): ConfidenceModel => {
  const counts = { right: 0, wrong: 0, reject: 0, unseen: 0 };
  for (const { kind } of guesses) counts[kind] += 1;
  const outside = counts.reject + counts.unseen;
  if (counts.right < 20 || counts.wrong + outside < 20) return fallback;
  const shares = {
    wrong: outside > 0 ? counts.wrong / (counts.right + counts.wrong) : 1,
    reject: counts.reject > 0 ? 1 : 0,
    unseen: counts.unseen > 0 ? (counts.reject > 0 ? unseenWeight : 1) : 0,
  };
  const total = 2 * (shares.wrong + shares.reject + shares.unseen);
  const weights = {
    right: 0.5 / counts.right,
    wrong: shares.wrong / total / counts.wrong,
    reject: shares.reject / total / counts.reject,
    unseen: shares.unseen / total / counts.unseen,
  };
  const rows = guesses.map(({ signs, kind }) => ({
    x: [...signs, 1],
    y: kind === "right" ? 1 : 0,
    weight: weights[kind],
  }));
  return fitLogistic(rows) ?? fallback;
};

/** Newton's method with a little shrinkage; undefined when the rows do not settle it. */
const fitLogistic = (
  rows: readonly { readonly x: readonly number[]; readonly y: number; readonly weight: number }[],
): number[] | undefined => {
  const size = rows[0]?.x.length ?? 0;
  let weights: number[] = new Array<number>(size).fill(0);
  for (let round = 0; round < 25; round += 1) {
    const gradient = weights.map((weight, index) => (index < size - 1 ? 1e-4 * weight : 0));
    const hessian = weights.map((_, row) => weights.map((_, column) => (row === column ? 1e-4 : 0)));
    for (const { x, y, weight } of rows) {
      const p = logistic(dot(weights, x));
      const curvature = weight * Math.max(1e-6, p * (1 - p));
      for (let row = 0; row < size; row += 1) {
        gradient[row]! += weight * (p - y) * x[row]!;
        for (let column = 0; column < size; column += 1) hessian[row]![column]! += curvature * x[row]! * x[column]!;
      }
    }
    const step = solve(hessian, gradient);
    weights = weights.map((weight, index) => weight - Math.max(-2, Math.min(2, step[index]!)));
  }
  return weights.every(Number.isFinite) ? weights : undefined;
};

/** Chance that a guess with these signs is right, 0 to 1. */
export const confidenceOf = (model: ConfidenceModel, signs: GuessSigns): number => logistic(dot(model, [...signs, 1]));

const logistic = (value: number): number => 1 / (1 + Math.exp(-value));
const dot = (left: readonly number[], right: readonly number[]): number =>
  left.reduce((sum, value, index) => sum + value * right[index]!, 0);

/** Gaussian elimination with pivoting; the matrix is small, symmetric and positive. */
const solve = (matrix: readonly (readonly number[])[], right: readonly number[]): number[] => {
  const rows = matrix.map((row, index) => [...row, right[index]!]);
  const size = rows.length;
  for (let column = 0; column < size; column += 1) {
    let pivot = column;
    for (let row = column + 1; row < size; row += 1)
      if (Math.abs(rows[row]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = row;
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    for (let row = 0; row < size; row += 1) {
      if (row === column) continue;
      const factor = rows[row]![column]! / rows[column]![column]!;
      for (let index = column; index <= size; index += 1) rows[row]![index]! -= factor * rows[column]![index]!;
    }
  }
  return rows.map((row, index) => row[size]! / row[index]!);
};
