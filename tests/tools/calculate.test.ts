import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createCalculate } from "../../tools/calculate.ts";
import { createLoadMath } from "../../tools/load-math.ts";
import { runTool, toolContext } from "./support.ts";

const calculate = createCalculate({ loadMath: createLoadMath() });
const answer = (expression: string, locale = "en") => runTool(calculate, { expression }, toolContext({ locale }));
const value = async (expression: string, locale = "en") => (await answer(expression, locale)).output.value;

describe("what people write", () => {
  test.each([
    ["en", "17 % of 2,340", 397.8],
    ["en", "What is 17 % of 2,340?", 397.8],
    ["en", "17 percent of 2340", 397.8],
    ["pl", "17% z 2340", 397.8],
    ["pl", "ile to jest 17 procent z 2 340", 397.8],
    ["pl", "17% z 2,340", 0.3978],
    ["uk", "15% від 80", 12],
    ["uk", "скільки буде 15 відсотків від 80?", 12],
    ["he", "17% מ-2340", 397.8],
    ["he", "כמה זה 10 אחוז מתוך 250", 25],
    ["en", "3 × 4 ÷ 2 − 1", 5],
    ["en", "5² + √16", 29],
    ["en", "√(9 + 16)", 5],
    ["en", "2³", 8],
    ["en", "12 plus 30", 42],
    ["pl", "7 razy 8", 56],
    ["pl", "100 podzielić przez 8", 12.5],
    ["pl", "100 podzielone przez 8", 12.5],
    ["pl", "2 do potęgi 10", 1024],
    ["uk", "6 помножити на 7", 42],
    ["he", "6 כפול 7", 42],
    ["en", "square root of 2", Math.SQRT2],
    ["pl", "pierwiastek z 144", 12],
    ["en", "2 to the power of 8", 256],
    ["en", "9 squared", 81],
    ["en", "half of 30", 15],
    ["en", "½ of 30", 15],
    ["en", "3 x 4", 12],
    ["en", "100 + 8%", 108],
    ["en", "100 - 8%", 92],
    ["en", "0.1 + 0.2", 0.3],
    ["en", "10 mod 3", 1],
    ["en", "5!", 120],
    ["en", "max(2, 3) + min(4, 5)", 7],
    ["pl", "max(2,5; 3)", 3],
    ["en", "sin(pi / 2)", 1],
    ["en", "log(1000)", 3],
    ["en", "-3^2", -9],
    ["en", "2 * (3 + 4) =", 14],
    ["en", "1.234,56 + 1", 1235.56],
    ["pl", "1.234,56 + 1", 1235.56],
    ["en", "1,234.56 + 1", 1235.56],
    ["de", "2.340 * 2", 4680],
  ])("%s: %s is %d", async (locale, expression, expected) => {
    expect(await value(expression, locale)).toBeCloseTo(expected, 9);
  });

  test("says the question and the result in English", async () => {
    expect((await answer("What is 17 % of 2,340?")).text).toBe("17% of 2,340 is 397.8.");
  });

  test("says the question and the result in Polish with a decimal comma", async () => {
    expect((await answer("ile to jest 17 % z 2340", "pl")).text).toBe("17% z 2340 to 397,8.");
  });

  test.each([
    ["en", "17% of 2340", "17% of 2,340 is 397.8."],
    ["pl", "7 razy 8", "7 × 8 to 56."],
    ["pl", "100 podzielic przez 8", "100 / 8 to 12,5."],
    ["en", "square root of 16 minus 1", "√16 - 1 is 3."],
    ["en", "9 squared", "9^2 is 81."],
    ["uk", "15% від 80", "15% of 80 is 12."],
    ["en", "half of 1,000", "1/2 of 1,000 is 500."],
    ["en", "2*(3+4)", "2 × (3 + 4) is 14."],
    ["en", "-3 * -4", "-3 × -4 is 12."],
    ["en", "123456789012345678901 + 1", "123,456,789,012,345,678,901 + 1 is 123,456,789,012,345,678,902."],
  ])("%s: %s is said as '%s'", async (locale, expression, sentence) => {
    expect((await answer(expression, locale)).text).toBe(sentence);
  });

  test("reads words without their diacritics", async () => {
    expect(await value("2 do potegi 3 odjac 1", "pl")).toBe(7);
    expect(await value("квадратнии корінь з 9", "uk")).toBe(3);
  });

  test("says that a result was rounded", async () => {
    expect((await answer("1/3")).text).toBe("1/3 is about 0.333333333333.");
    expect((await answer("1/4")).output.exact).toBe(true);
  });

  test("keeps every digit of large whole numbers", async () => {
    expect((await answer("123456789 * 987654321")).output.formatted).toBe("121,932,631,112,635,269");
    expect((await answer("2^64")).output.formatted).toBe("18,446,744,073,709,551,616");
  });

  test("writes very large and very small results as powers of ten", async () => {
    expect((await answer("10^40 * 1.5")).output.formatted).toBe("1.5 × 10^40");
    expect((await answer("1 / 2^40")).output.formatted).toBe("9.09494701773 × 10^-13");
  });
});

describe("what is refused", () => {
  test.each([
    "import('fs')",
    "createUnit('x')",
    'evaluate("1+1")',
    'parse("1")',
    'simplify("x")',
    'derivative("x^2", "x")',
    "f(x) = x",
    "a = 3",
    "[1, 2, 3]",
    "1:1000000000",
    "zeros(10000, 10000)",
    "ones(1e6)",
    "random()",
    "constructor",
    "cos.constructor('return process')()",
    "toString()",
    "__proto__",
    "hasOwnProperty(1)",
    "2 km",
    "i",
    "NaN",
    "Infinity",
    "true",
    "null",
    '"text"',
    "1 ? 2 : 3",
    "1 < 2",
    "3'",
    "1 to 2",
    "{a: 1}",
    "1; 2",
    "~3",
    "5 << 60",
    "0x1f",
    "170 apples",
    "1.2.3,4,5",
    "()",
    "+",
    "sqrt()",
    "sqrt(1, 2)",
    "hello world",
    "log(-1)",
    "sqrt(-4)",
    "(-8)^(1/3)",
    "1/0",
    "5 mod 0",
    "0^-1",
    "(-3)!",
    "2.5!",
  ])("%s", async (expression) => {
    await expect(answer(expression)).rejects.toMatchObject({ code: "INVALID_INPUT", field: "expression" });
  });

  test.each([
    "9^9^9^9",
    "(9^9)^(9^9)",
    "1000000!",
    "170!!",
    "(170!)!",
    "1.00000000000000000001 ^ 10000000000000000000000000",
    "exp(exp(exp(10)))",
    "10^400",
    "1e400",
    "1e-400",
    "170! * 170! * 170!",
    "sin(10^200)",
    `${"9^".repeat(140)}9`,
    `${"(".repeat(148)}9${")".repeat(148)}!!`,
    `${"-".repeat(299)}x`,
    "exp(999999)",
  ])("%s, at once", async (expression) => {
    await value("1 + 1");
    const startedAt = performance.now();
    await expect(answer(expression)).rejects.toMatchObject({ code: "INVALID_INPUT" });
    expect(performance.now() - startedAt).toBeLessThan(250);
  });

  test("says why in the user's language", async () => {
    await expect(answer("1/0")).rejects.toThrow("Division by zero has no result.");
    await expect(answer("10^400", "pl")).rejects.toThrow("Wynik jest za duży.");
    await expect(answer("foo(2)")).rejects.toThrow("'foo' cannot be calculated.");
  });

  test("an expression over 300 characters", () => {
    expect(calculate.input.safeParse({ expression: `${"1+".repeat(150)}1` }).success).toBe(false);
    expect(calculate.input.safeParse({ expression: `${"1+".repeat(149)}1` }).success).toBe(true);
    expect(calculate.input.safeParse({ expression: "  " }).success).toBe(false);
  });
});

describe("for any input", () => {
  type Tree = { readonly text: string; readonly value: number };
  const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.integer({ min: 0, max: 9_999 }).map((number) => ({ text: String(number), value: number })),
      fc.tuple(tie("tree"), fc.constantFrom("+", "-", "*"), tie("tree")).map(([left, sign, right]) => ({
        text: `(${left.text} ${sign} ${right.text})`,
        value:
          sign === "+" ? left.value + right.value : sign === "-" ? left.value - right.value : left.value * right.value,
      })),
    ),
  }));

  test("agrees with plain arithmetic", async () => {
    await fc.assert(
      fc.asyncProperty(
        tree.filter(({ text, value: size }) => text.length <= 300 && Math.abs(size) < 2 ** 53),
        async ({ text, value: expected }) => {
          expect(await value(text)).toBe(expected === 0 ? 0 : expected);
        },
      ),
      { numRuns: 150 },
    );
  });

  test("reads the numbers that the locale writes", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 999_999_999 }),
        fc.constantFrom("en", "pl", "uk", "he", "de", "fr"),
        async (hundredths, locale) => {
          const number = hundredths / 100;
          const written = new Intl.NumberFormat(locale, { minimumFractionDigits: 2 }).format(number);
          expect(await value(`${written} * 1`, locale)).toBe(number);
        },
      ),
      { numRuns: 150 },
    );
  });

  test("gives a finite number or a refusal, and never blocks", async () => {
    const piece = fc.constantFrom(
      ..."0123456789.,+-*/^%!() \t;:=<>[]{}'\"#\\~&|",
      ..."eπ√²³½×÷−",
      "sqrt(",
      "exp(",
      "log(",
      "pi",
      "of",
      "z",
      "mod",
      "max(",
      "9999999999",
      "1e99",
      "\u0000",
      "\n",
      "💥",
      "אחוז",
      "razy",
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 60 }), async (pieces) => {
        const expression = pieces.join("").trim().slice(0, 300);
        if (expression === "") return;
        const startedAt = performance.now();
        const outcome = await value(expression).catch((error) => error);
        expect(performance.now() - startedAt).toBeLessThan(500);
        if (typeof outcome === "number") expect(Number.isFinite(outcome)).toBe(true);
        else expect(outcome).toMatchObject({ code: "INVALID_INPUT" });
      }),
      { numRuns: 400 },
    );
  });
});
