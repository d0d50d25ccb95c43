import type { BigNumber, MathJsInstance, MathNode } from "mathjs";
import { AppError } from "../platform/errors/app-error.ts";
import { inLocale } from "./in-locale.ts";

type Operation = (math: MathJsInstance, values: readonly BigNumber[]) => unknown;

const largestExponent = 300;
const largestFactorial = 170;
/** Arguments of trigonometry beyond this need more digits than are computed. */
const largestAngle = 1e15;

class Refused extends Error {
  readonly sentences: { readonly en: string; readonly pl: string };
  constructor(sentences: { en: string; pl: string }) {
    super(sentences.en);
    this.sentences = sentences;
  }
}

const byZero = () => new Refused({ en: "Division by zero has no result.", pl: "Nie dzieli się przez zero." });
const tooLarge = () => new Refused({ en: "The result is too large.", pl: "Wynik jest za duży." });
const undefinedResult = () => new Refused({ en: "This has no result.", pl: "To działanie nie ma wyniku." });

const first = (values: readonly BigNumber[]): BigNumber => {
  const [value] = values;
  if (!value) throw undefinedResult();
  return value;
};

const pair = (values: readonly BigNumber[]): readonly [BigNumber, BigNumber] => {
  const [left, right] = values;
  if (!left || !right || values.length !== 2) throw undefinedResult();
  return [left, right];
};

const power: Operation = (math, values) => {
  const [base, exponent] = pair(values);
  if (base.isZero() && exponent.isNegative()) throw byZero();
  // The size of the result is known before it is computed, so nothing large is ever begun.
  const digits = base.isZero() ? 0 : Math.abs(exponent.toNumber() * Math.log10(Math.abs(base.toNumber())));
  if (!(digits <= largestExponent)) throw tooLarge();
  return math.pow(base, exponent);
};

const factorial: Operation = (math, values) => {
  const value = first(values);
  if (!value.isInteger() || value.isNegative()) throw undefinedResult();
  if (value.greaterThan(largestFactorial)) throw tooLarge();
  return math.factorial(value);
};

const angle =
  (run: (math: MathJsInstance, value: BigNumber) => unknown): Operation =>
  (math, values) => {
    if (first(values).abs().greaterThan(largestAngle)) throw tooLarge();
    return run(math, first(values));
  };

const one =
  (run: (math: MathJsInstance, value: BigNumber) => unknown): Operation =>
  (math, values) => {
    if (values.length !== 1) throw undefinedResult();
    return run(math, first(values));
  };

const divide: Operation = (math, values) => {
  const [left, right] = pair(values);
  if (right.isZero()) throw byZero();
  return math.divide(left, right);
};

const euler = (math: MathJsInstance): BigNumber => math.exp(math.bignumber(1));

/** Everything that can be computed. What is not here is refused, whatever the library could do. */
const operations: Readonly<Record<string, Operation>> = {
  add: (math, values) => math.add(...pair(values)),
  subtract: (math, values) => math.subtract(...pair(values)),
  multiply: (math, values) => math.multiply(...pair(values)),
  divide,
  mod: (math, values) => (pair(values)[1].isZero() ? divide(math, values) : math.mod(...pair(values))),
  pow: power,
  unaryMinus: one((math, value) => math.unaryMinus(value)),
  unaryPlus: one((_, value) => value),
  factorial,
  sqrt: one((math, value) => math.sqrt(value)),
  cbrt: one((math, value) => math.cbrt(value)),
  abs: one((math, value) => math.abs(value)),
  round: (math, values) =>
    values.length === 1
      ? math.round(first(values))
      : math.round(first(values), Math.min(15, Math.max(0, pair(values)[1].toNumber()))),
  floor: one((math, value) => math.floor(value)),
  ceil: one((math, value) => math.ceil(value)),
  min: (math, values) => math.min(...values),
  max: (math, values) => math.max(...values),
  exp: one((math, value) => power(math, [euler(math), value])),
  ln: one((math, value) => math.log(value)),
  log: (math, values) => (values.length === 1 ? math.log10(first(values)) : math.log(...pair(values))),
  log10: one((math, value) => math.log10(value)),
  log2: one((math, value) => math.log2(value)),
  sin: angle((math, value) => math.sin(value)),
  cos: angle((math, value) => math.cos(value)),
  tan: angle((math, value) => math.tan(value)),
};

const constants: ReadonlySet<string> = new Set(["pi", "e"]);

const unknown = (name: string) =>
  new Refused({ en: `'${name}' cannot be calculated.`, pl: `Nie umiem obliczyć „${name}”.` });

const evaluate = (math: MathJsInstance, node: MathNode): BigNumber => {
  const run = (name: string, args: readonly MathNode[]): BigNumber => {
    const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
    if (!operation) throw unknown(name);
    const result = operation(
      math,
      args.map((argument) => evaluate(math, argument)),
    );
    // Roots and logarithms of negative numbers come back as complex ones.
    if (!math.isBigNumber(result) || result.isNaN()) throw undefinedResult();
    if (!result.isFinite() || (!result.isZero() && Math.abs(result.e) > largestExponent)) throw tooLarge();
    return result;
  };
  if (math.isConstantNode(node)) {
    // The parser writes the 100 of a percentage as a plain number.
    const value: unknown = node.value === 100 ? math.bignumber(100) : node.value;
    if (!math.isBigNumber(value) || !value.isFinite()) throw unknown(String(value));
    if (!value.isZero() && Math.abs(value.e) > largestExponent) throw tooLarge();
    return value;
  }
  if (math.isParenthesisNode(node)) return evaluate(math, node.content);
  if (math.isOperatorNode(node)) return run(node.fn, node.args);
  if (math.isFunctionNode(node) && math.isSymbolNode(node.fn)) return run(node.fn.name, node.args);
  if (math.isSymbolNode(node) && constants.has(node.name)) {
    return node.name === "e" ? euler(math) : math.bignumber(math.acos(math.bignumber(-1)));
  }
  throw unknown(node.toString());
};

/**
 * Computes an expression of numbers, + - * / ^ % ! mod, parentheses and the functions above, with 64 digits. The library
 * only parses: the tree is walked here, and every step's size is bounded before it is taken, so 300 characters cost
 * milliseconds at most.
 * @throws {AppError} INVALID_INPUT with a sentence in the locale.
 */
export const evaluateExpression = (math: MathJsInstance, expression: string, locale: string): BigNumber => {
  try {
    let tree: MathNode;
    try {
      tree = math.parse(expression);
    } catch (cause) {
      if (cause instanceof RangeError) throw cause;
      throw new Refused({ en: "This is not a calculation.", pl: "To nie jest działanie." });
    }
    return evaluate(math, tree);
  } catch (cause) {
    if (!(cause instanceof Refused)) throw cause;
    throw new AppError("INVALID_INPUT", inLocale(locale, cause.sentences), { field: "expression", cause });
  }
};
