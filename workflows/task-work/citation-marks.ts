import { changeProse, proseLines } from "./code-parts.ts";

// `[2]` and `[1, 3]`; `[2](https://…)` is a link of the text's own, `xs[0]` in code is code.
const mark = /\[(\d{1,4}(?:\s*,\s*\d{1,4})*)\](?!\()/g;

const numbersIn = (inside: string): number[] => inside.split(",").map(Number);

/** Numbers that a text cites, each once, in the order of the text. */
export const citedNumbers = (text: string): readonly number[] => [
  ...new Set(
    proseLines(text).flatMap(({ prose }) => [...prose.matchAll(mark)].flatMap(([, inside]) => numbersIn(inside!))),
  ),
];

/** A text with other numbers in its citations; a number that has none is left out. */
export const rewriteMarks = (text: string, numberOf: (number: number) => number | undefined): string =>
  changeProse(text, (prose) =>
    prose.replace(mark, (_, inside: string) => {
      const numbers = numbersIn(inside).flatMap((number) => numberOf(number) ?? []);
      return numbers.length === 0 ? "" : `[${[...new Set(numbers)].join(", ")}]`;
    }),
  );

/** A text without its citations. */
export const withoutMarks = (text: string): string =>
  changeProse(text, (prose) => prose.replace(mark, "").replace(/ +([.,;:!?])/g, "$1"));
