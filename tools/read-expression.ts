import { AppError } from "../platform/errors/app-error.ts";
import { inLocale } from "./in-locale.ts";
import { numberPattern, readNumber } from "./read-number.ts";

/** Words that may stand around a calculation, in English, Polish, Ukrainian and Hebrew. */
const lead =
  /^(?:please |and |what(?:'s|’s| is| are)|how much (?:is|are)|calculate|compute|ile (?:to )?(?:jest|będzie)|ile to|ile|oblicz|policz|wylicz|скільки (?:буде|це)|скільки|порахуй|обчисли|כמה (?:זה|הם|יוצא)|כמה|חשב|תחשב)\s+/u;

const word = (alternatives: string): RegExp => new RegExp(`(?<!\\p{L})(?:${alternatives})(?!\\p{L})`, "gu");

/** Phrases and what they mean, longest first where one holds another. */
const phrases: readonly (readonly [RegExp, string])[] = [
  [word("per ?cent|percent|procent(?:y|a|ów|u)?|proc\\.|відсот(?:ок|ка|ки|ків)|процент(?:и|а|ів)?|אחוזים|אחוז"), "%"],
  [/(?<!\p{L})(?:מ[-־]|מתוך\s|מ(?=\d))/gu, " of "],
  [word("of|z|ze|od|від|од|з|із|של"), " of "],
  [
    word("(?:the )?square root|sqrt|pierwiastek kwadratowy|pierwiastek|квадратний корінь|корінь|שורש ריבועי|שורש"),
    " √ ",
  ],
  [word("(?:raised )?to the power|do potęgi|(?:у|в) степен[іь]|בחזקת"), " ^ "],
  [word("squared|do kwadratu|(?:у|в) квадраті|בריבוע"), " ^2 "],
  [word("cubed|do sześcianu|(?:у|в) кубі|בשלישית"), " ^3 "],
  [
    word("multiplied by|times|razy|pomnożon[ea] przez|pomnożyć przez|помножити на|помножене на|множити на|כפול|x|х"),
    " * ",
  ],
  [
    word(
      "divided by|over|podzielon[ea] przez|podzielić przez|dzielone przez|przez|(?:по|роз)?ділити на|поділене на|חלקי|לחלק ל[-־]?",
    ),
    " / ",
  ],
  [word("plus|added to|dodać|плюс|додати|ועוד|פלוס"), " + "],
  [word("minus|take away|odjąć|мінус|відняти|פחות|מינוס"), " - "],
  [word("modulo|mod"), " mod "],
  [word("half|połow[aęy]|половин[аиу]|חצי"), " 1/2 "],
  [word("factorial|silnia"), " ! "],
];

const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const fractions: Readonly<Record<string, string>> = {
  "½": "(1/2)",
  "⅓": "(1/3)",
  "⅔": "(2/3)",
  "¼": "(1/4)",
  "¾": "(3/4)",
};

/**
 * Turns a calculation as people write it into plain operators and numbers: words and signs of four languages, percentages
 * ("17% of 2,340"), numbers in the locale's format, `;` between arguments. Says nothing about whether the result is valid.
 * @throws {AppError} INVALID_INPUT for a number that cannot be read.
 */
export const readExpression = (written: string, locale: string): string => {
  let text = strip(written)
    .toLowerCase()
    .replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹]+/gu, (run) => ` ^${[...run].map((digit) => superscripts.indexOf(digit)).join("")} `)
    .replace(/[½⅓⅔¼¾]/gu, (fraction) => fractions[fraction] ?? fraction)
    .normalize("NFKC")
    .replace(/[×·⋅∙]/gu, "*")
    .replace(/[÷∶]/gu, "/")
    .replace(/[−–—]/gu, "-")
    .replace(/\*\*/g, "^")
    .replace(/π/gu, " pi ");
  for (const [pattern, meaning] of phrases) text = text.replace(pattern, meaning);
  text = text.replace(numberPattern, (number) => {
    const read = readNumber(number, locale);
    if (read !== undefined) return read;
    throw new AppError(
      "INVALID_INPUT",
      inLocale(locale, { en: `'${number}' is not a number.`, pl: `„${number}” nie jest liczbą.` }),
      { field: "expression" },
    );
  });
  return text
    .replaceAll(";", ",")
    .replace(/%\s*of(?![a-z])/g, "/100*")
    .replace(/√\s*of(?![a-z])/g, "√")
    .replace(/\^\s*of(?![a-z])/g, "^")
    .replace(/(?<![a-z])of(?![a-z])/g, "*")
    .replace(/√\s*(\d+(?:\.\d+)?|pi)/g, "sqrt($1)")
    .replace(/√\s*\(/g, "sqrt(")
    .replace(/\s+/g, " ")
    .trim();
};

const strip = (written: string): string => {
  let text = written
    .replace(/\s+/gu, " ")
    .trim()
    .replace(/[?=\s.]+$/u, "");
  for (let lower = text.toLowerCase(); lead.test(lower); lower = text.toLowerCase()) {
    text = text.slice(lower.match(lead)?.[0].length ?? text.length);
  }
  return text;
};

/** The calculation as it is shown again: without the question around it, with single spaces. */
export const showExpression = (written: string): string => strip(written).replace(/(\d) %/g, "$1%");
