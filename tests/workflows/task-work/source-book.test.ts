import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { citedNumbers, rewriteMarks, withoutMarks } from "../../../workflows/task-work/citation-marks.ts";
import { extractsIn } from "../../../workflows/task-work/extracts.ts";
import { bareText, citedIn } from "../../../workflows/task-work/json-result.ts";
import { adoptOutput, citedOutput, createSourceBook } from "../../../workflows/task-work/source-book.ts";

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

describe("code", () => {
  test("is never taken for a citation, nor changed", () => {
    const text = "So [1]:\n```js\nconst xs = [1, 2]; // ```\nxs[0]\n```\nAnd `xs[7]`, ``a ` [8]`` and \\`[2]\\`.";
    expect(citedNumbers(text)).toEqual([1, 2]);
    expect(rewriteMarks(text, () => undefined)).toBe(text.replace("So [1]", "So ").replace("\\`[2]", "\\`"));
    expect(citedNumbers("- ~~~\n  [1]\n  ~~~\n- It leaks [2].\n```\n[3]")).toEqual([2]);
  });

  test("stays as it is whatever stands around it", () => {
    const prose = fc.constantFrom("It leaks [1]. ", "[2, 3]", "a", " ", "*", "`` ", "\\`");
    const code = fc.constantFrom("xs[0]", "[1, 2, 3]", "[9]", "a = [[1], [2]]", " ");
    const span = code.map((inside) => `\`\`\`${inside}\`\`\``);
    const fenced = fc.array(code).map((lines) => ["", "~~~~ts", ...lines, "~~~", "~~~~", ""].join("\n"));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom("prose", "span", "fence"), prose, span, fenced)), (pieces) => {
        const texts = pieces.map(([kind, ...texts]) => texts[["prose", "span", "fence"].indexOf(kind)]!);
        const changed = rewriteMarks(texts.join("\n"), () => undefined);
        expect(changed).toBe(
          texts
            .map((text, index) => (pieces[index]![0] === "prose" ? text.replace(/\[[\d, ]+\]/g, "") : text))
            .join("\n"),
        );
      }),
    );
  });
});

describe("a result that is JSON", () => {
  test("has its citations in its strings alone; its text is its data", () => {
    const value = { scores: [3, 1], why: ["It leaks [2].", "So `xs[0]`."] };
    const output = citedOutput(`\`\`\`json\n${JSON.stringify(value)}\n\`\`\``, bookOf("a", "b"), value);
    expect(output.data).toEqual({ scores: [3, 1], why: ["It leaks [1].", "So `xs[0]`."] });
    expect(JSON.parse(output.text)).toEqual(output.data);
    expect(output.citations).toEqual([{ id: "1", title: "Source b", itemId: "b" }]);
    const adopted = adoptOutput(output, bookOf("x", "b"));
    expect(adopted.data).toEqual({ scores: [3, 1], why: ["It leaks [2].", "So `xs[0]`."] });
    expect(JSON.parse(adopted.text)).toEqual(adopted.data);
  });

  test("of numbers alone stays whole", () => {
    expect(JSON.parse(citedOutput("[1,2]", bookOf("a"), [1, 2]).text)).toEqual([1, 2]);
    expect(citedIn({ text: "[1,2]", data: [1, 2] })).toEqual([]);
    expect(bareText({ text: "[30]", data: [30] })).toContain("30");
  });
});
