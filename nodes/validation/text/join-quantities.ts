import type { Quantity } from "./quantity.ts";
import type { Token } from "./tokens.ts";

/** "5 zł 20 gr", "five dollars and ten cents"; a comma begins another price. */
const isOnePrice = (to: number, from: number, tokens: readonly Token[]): boolean =>
  from - to <= 2 && tokens.slice(to, from).every(({ lower }) => /^(?:and|i|oraz|і|й|та|ו|-)$/.test(lower));

/** What sets a figure against another of its kind. */
const insteadOf = new Set(
  "instead from versus vs against than zamiast wobec niż przeciw z замість проти ніж з із במקום לעומת מ".split(" "),
);

/** "4 to 9 °C", "10–15 %", "dollars and sixty-one cents": what stands before a joined figure has its unit. */
export const joinQuantities = (quantities: Quantity[], tokens: readonly Token[]): void => {
  for (let index = quantities.length - 1; index > 0; index -= 1) {
    const right = quantities[index];
    const left = quantities[index - 1];
    if (left?.kind !== "number" || right?.kind !== "number") continue;
    // "two hours and 15 minutes" are one length of time.
    if (
      left.unit?.dimension === "duration" &&
      right.unit?.dimension === "duration" &&
      right.unit.factor < left.unit.factor &&
      left.unit.factor <= 3_600 &&
      right.from - left.to <= 1
    ) {
      const between = tokens[left.to]?.lower ?? "";
      if (right.from === left.to || /^(?:and|i|і|та|ו)$/.test(between)) {
        const ratio = left.unit.factor / right.unit.factor;
        const values = [(left.values[0] ?? 0) * ratio + (right.values[0] ?? 0)];
        quantities.splice(index - 1, 2, {
          ...left,
          values,
          step: right.step,
          unit: right.unit,
          to: right.to,
          written: `${left.written} ${right.written}`,
        });
        continue;
      }
    }
    if (
      left.unit === undefined &&
      !(left.spelled && (left.values[0] ?? 0) < 1) &&
      right.unit !== undefined &&
      !left.ordinal &&
      right.from - left.to <= 2 &&
      right.from > left.to
    ) {
      const between = tokens
        .slice(left.to, right.from)
        .map((token) => token.lower)
        .join(" ");
      if (/^(?:-|–|—|to|do|до|עד|and|or|i|a|oraz|lub|та|і|або|ו|ל|\+|=|to -|do -|- -|– -|до -)$/.test(between))
        quantities[index - 1] = { ...left, unit: right.unit };
    }
    // "every 12 minutes instead of 8"
    if (
      left.unit !== undefined &&
      right.unit === undefined &&
      !right.ordinal &&
      !right.pair &&
      right.from - left.to <= 3
    ) {
      const between = tokens.slice(left.to, right.from);
      const follows = tokens[right.to];
      const isLast = follows === undefined || follows.kind === "mark";
      if (isLast && between.some(({ lower }) => insteadOf.has(lower)))
        quantities[index] = { ...right, unit: left.unit };
    }
    if (
      left.unit?.dimension === "money" &&
      right.unit?.dimension === "cents" &&
      isOnePrice(left.to, right.from, tokens)
    ) {
      const values = left.values.map((value) => value + (right.values[0] ?? 0) / 100);
      quantities.splice(index - 1, 2, {
        ...left,
        values,
        step: 0.01,
        to: right.to,
        written: `${left.written} ${right.written}`,
      });
    }
  }
};
