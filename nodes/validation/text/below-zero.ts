import type { NumberQuantity, Quantity } from "./quantity.ts";
import type { Token } from "./tokens.ts";

const set = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/));

/** Behind a figure these alone put it below zero. */
const frost = set(`frost freezing mrozu minusie морозу мінусі`);
/** These put it below zero with a word for zero behind them. */
const below = set(`below under poniżej нижче מתחת`);
const zero = set(`zero freezing zera нуля לאפס אפס`);
/** Before a figure, with nothing but these between them. */
const frostAhead = set(
  `frost frosts mróz mrozem mrozy przymrozek przymrozki przymrozkami мороз морози морозом заморозки`,
);
const fillers = set(
  `of down to up about around as low from od do nawet około ok rzędu sięgający sięgające від до близько приблизно майже близько і and a i та - – —`,
);
const plus = set(`+ plus плюс פלוס`);
const links = set(`to do до עד - – —`);

const isBelowBehind = (tokens: readonly Token[], to: number): boolean => {
  const [first, second, third] = [tokens[to]?.lower ?? "", tokens[to + 1]?.lower ?? "", tokens[to + 2]?.lower ?? ""];
  if (below.has(first)) return zero.has(second);
  if (first === "of" || first === "na" || first === "w") return frost.has(second);
  const isBare = /^(?:mrozu|морозу)$/.test(first);
  return isBare || (first === "celsjusza" && (frost.has(second) || (below.has(second) && zero.has(third))));
};

const isFrostAhead = (tokens: readonly Token[], from: number): boolean => {
  for (let at = from - 1; at >= Math.max(0, from - 6); at -= 1) {
    const token = tokens[at] as Token;
    if (frostAhead.has(token.lower)) return true;
    if (token.kind !== "number" && !fillers.has(token.lower)) return false;
  }
  return false;
};

/** "Fourteen degrees of frost", "19 poniżej zera", "мороз від 3 до 8": a minus told by a word is one. */
export const signBelowZero = (quantities: Quantity[], tokens: readonly Token[]): void => {
  const isSignable = (quantity: Quantity | undefined): quantity is NumberQuantity & Quantity =>
    quantity?.kind === "number" &&
    !quantity.ordinal &&
    (quantity.unit === undefined || quantity.unit.dimension === "temperature") &&
    (quantity.values[0] ?? 0) > 0 &&
    !plus.has(tokens[quantity.from - 1]?.lower ?? "");
  let isLinked = false;
  for (let index = quantities.length - 1; index >= 0; index -= 1) {
    const quantity = quantities[index];
    const isBelow =
      isSignable(quantity) && (isLinked || isBelowBehind(tokens, quantity.to) || isFrostAhead(tokens, quantity.from));
    isLinked = false;
    if (!isBelow) continue;
    quantities[index] = { ...quantity, values: quantity.values.map((value) => -value) };
    // "3 to 8 degrees of frost" are both below.
    const before = quantities[index - 1];
    isLinked = before?.to === quantity.from - 1 && links.has(tokens[before.to]?.lower ?? "");
  }
};
