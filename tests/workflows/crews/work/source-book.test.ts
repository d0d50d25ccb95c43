import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { citedNumbers, rewriteMarks, withoutMarks } from "../../../../workflows/crews/work/citation-marks.ts";
import { extractsIn } from "../../../../workflows/crews/work/extracts.ts";
import { adoptOutput, citedOutput, createSourceBook } from "../../../../workflows/crews/work/source-book.ts";

const source = (id: string) => ({ title: `Source ${id}`, text: `It says ${id}.`, itemId: id });

describe("a book of sources", () => {
  test("numbers each source once", () => {
    const book = createSourceBook();
    expect([book.add(source("a")), book.add(source("b")), book.add(source("a"))]).toEqual([1, 2, 1]);
    expect(book.size).toBe(2);
  });

  test("makes a result cite its own sources alone, in the order of the text", () => {
    const book = createSourceBook();
    for (const id of ["a", "b", "c"]) book.add(source(id));
    const output = citedOutput("First [3]. Then [1, 3]. Nothing [9]. A [1](https://example.org) link.", book);
    expect(output.text).toBe("First [1]. Then [2, 1]. Nothing . A [1](https://example.org) link.");
    expect(output.citations).toEqual([
      { id: "1", title: "Source c", itemId: "c" },
      { id: "2", title: "Source a", itemId: "a" },
    ]);
  });

  test("takes in results of several tasks, whose numbers are the same for different sources", () => {
    const one = citedOutput("One [1].", bookOf("a"), { extracts: [{ question: "q", text: "One", citation: "1" }] });
    const two = citedOutput("Two [1], and [2].", bookOf("b", "a"));
    const book = createSourceBook();
    const [first, second] = [adoptOutput(one, book), adoptOutput(two, book)];
    expect([first.text, second.text]).toEqual(["One [1].", "Two [2], and [1]."]);
    expect(extractsIn(first.data)).toEqual([{ question: "q", text: "One", citation: "1" }]);
    expect(book.size).toBe(2);
  });

  test("never loses or mixes up what a statement cites, through any number of tasks", () => {
    const statements = fc.array(fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 3 }), {
      minLength: 1,
    });
    fc.assert(
      fc.property(statements, fc.shuffledSubarray(["a", "b", "c", "d", "e", "f"], { minLength: 6 }), (cited, order) => {
        const text = cited.map((numbers, index) => `s${index}x [${numbers.join(", ")}]`).join("\n");
        const from = bookOf(...order);
        const told = (output: { text: string; citations: readonly { id: string; itemId?: string }[] }) =>
          output.text
            .split("\n")
            .map((line) =>
              citedNumbers(line).map((number) => output.citations.find(({ id }) => id === String(number))?.itemId),
            );
        const expected = cited.map((numbers) => [...new Set(numbers)].map((number) => order[number - 1]));
        const output = citedOutput(text, from);
        expect(told(output)).toEqual(expected);
        const later = bookOf("z", "f", "y");
        expect(told(citedOutput(adoptOutput(output, later).text, later))).toEqual(expected);
      }),
    );
  });
});

const bookOf = (...ids: readonly string[]) => {
  const book = createSourceBook();
  for (const id of ids) book.add(source(id));
  return book;
};

test("marks are read, rewritten and taken out; what is no number is left alone", () => {
  expect(citedNumbers("a [1], b [2, 3] and [x] [1]")).toEqual([1, 2, 3]);
  expect(rewriteMarks("a [1, 2] b [2]", (number) => (number === 1 ? 7 : undefined))).toBe("a [7] b ");
  expect(withoutMarks("It is so [1, 2].")).toBe("It is so.");
});
