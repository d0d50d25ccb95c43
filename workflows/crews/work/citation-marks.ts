// `[2]` and `[1, 3]`; `[2](https://…)` is a link of the text's own.
const mark = /\[(\d{1,4}(?:\s*,\s*\d{1,4})*)\](?!\()/g;

const numbersIn = (inside: string): number[] => inside.split(",").map(Number);

/** Numbers that a text cites, each once, in the order of the text. */
export const citedNumbers = (text: string): readonly number[] => [
  ...new Set([...text.matchAll(mark)].flatMap(([, inside]) => numbersIn(inside!))),
];

/** A text with other numbers in its citations; a number that has none is left out. */
export const rewriteMarks = (text: string, numberOf: (number: number) => number | undefined): string =>
  text.replace(mark, (_, inside: string) => {
    const numbers = numbersIn(inside).flatMap((number) => numberOf(number) ?? []);
    return numbers.length === 0 ? "" : `[${[...new Set(numbers)].join(", ")}]`;
  });

/** A text without its citations. */
export const withoutMarks = (text: string): string => text.replace(mark, "").replace(/ +([.,;:!?])/g, "$1");
