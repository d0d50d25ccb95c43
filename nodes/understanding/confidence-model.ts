/** What a first guess looks like: higher means surer, in each of them. */
export type GuessSigns = readonly [best: number, overSecond: number, overReject: number, knownShare: number];

/** Weights of a logistic regression over the signs, the constant last. */
export type ConfidenceModel = readonly number[];

export interface JudgedGuess {
  readonly signs: GuessSigns;
  /** Whether the guess was right; for texts that no intent covers it never is. */
  readonly kind: "right" | "wrong" | "reject";
}

/** Used when there is too little to learn from: a clear lead over the rest is about even odds. */
const fallback: ConfidenceModel = [2, 2, 1.5, 2, -2];

/**
 * Fits how likely a guess is right, from guesses on texts that training had not seen. Right and wrong ones weigh the same
 * in total, so 0.5 is where rejecting costs as much as keeping. Newton's method with a little shrinkage.
 */
export const fitConfidence = (guesses: readonly JudgedGuess[]): ConfidenceModel => {
  const counts = { right: 0, wrong: 0, reject: 0 };
  for (const { kind } of guesses) counts[kind] += 1;
  if (counts.right < 20 || counts.wrong + counts.reject < 20) return fallback;
  const kindsWrong = Number(counts.wrong > 0) + Number(counts.reject > 0);
  const rows = guesses.map(({ signs, kind }) => ({
    x: [...signs, 1],
    y: kind === "right" ? 1 : 0,
    weight: 0.5 / (kind === "right" ? counts.right : kindsWrong * counts[kind]),
  }));
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
  return weights.every(Number.isFinite) ? weights : fallback;
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
