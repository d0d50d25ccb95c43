import { AppError } from "../platform/errors/app-error.ts";
import { foldText } from "../platform/language/normalise-text.ts";
import { formatsFor, inLocale } from "./in-locale.ts";
import { numberPattern, readNumber } from "./read-number.ts";

export interface ReadExpression {
  /** Plain operators, function names and numbers with a decimal point; says nothing about whether there is a result. */
  readonly plain: string;
  /** The same as people write it, in the locale's number format: `17% of 2,340`. */
  readonly shown: string;
}

// What is matched is folded text (`podzielic`), so the words are folded in the same way.
const word = (alternatives: string): RegExp => new RegExp(`(?<!\\p{L})(?:${foldText(alternatives)})(?!\\p{L})`, "gu");

/** Words that may stand around a calculation, in English, Polish, Ukrainian and Hebrew. */
const lead = new RegExp(
  foldText(
    "^(?:please|and|what(?:'s|’s| is| are)|how much (?:is|are)|calculate|compute|ile to jest|ile (?:jest|będzie)|ile to|ile|oblicz|policz|wylicz|скільки (?:буде|це)|скільки|порахуй|обчисли|כמה (?:זה|הם|יוצא)|כמה|חשב|תחשב)\\s+",
  ),
  "u",
);

/** Phrases and what they mean, longer ones before those that they hold. */
const phrases: readonly (readonly [RegExp, string])[] = [
  [word("per ?cent|percent|procent(?:y|a|ów|u)?|proc\\.?|відсот(?:ок|ка|ки|ків)|процент(?:и|а|ів)?|אחוזים|אחוז"), "%"],
  [/(?<!\p{L})(?:מ[-־]|מתוך\s|מ(?=\d))/gu, " of "],
  [word("of|z|ze|od|від|од|з|із|של"), " of "],
  [
    word("(?:the )?(?:square )?root|sqrt|pierwiastek kwadratowy|pierwiastek|квадратний корінь|корінь|שורש ריבועי|שורש"),
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
      "divided by|over|podzielon[ea] (?:przez|na)|podzielić (?:przez|na)|dzielone przez|przez|(?:по|роз)?ділити на|поділене на|חלקי|לחלק ל[-־]?",
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

/** Only signs, function names, `of` and numbers as written are left. */
const toSigns = (written: string): string => {
  const signs = written
    .replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹]+/gu, (run) => ` ^${[...run].map((digit) => superscripts.indexOf(digit)).join("")} `)
    .replace(/[½⅓⅔¼¾]/gu, (fraction) => fractions[fraction] ?? fraction);
  let text = foldText(signs).replace(/\s+/gu, " ").trim();
  for (let found = lead.exec(text); found; found = lead.exec(text)) text = text.slice(found[0].length);
  text = text
    .replace(/[?=\s.]+$/u, "")
    .replace(/[×·⋅∙]/gu, "*")
    .replace(/[÷∶⁄]/gu, "/")
    .replace(/[−–—]/gu, "-")
    .replace(/\*\*/g, "^")
    .replace(/π/gu, " pi ");
  for (const [pattern, meaning] of phrases) text = text.replace(pattern, meaning);
  return text
    .replaceAll(";", ",")
    .replace(/([√^])\s*of(?![a-z])/g, "$1")
    .replace(/\s+/g, " ")
    .trim();
};

const toPlain = (signs: string): string =>
  signs
    .replace(/%\s*of(?![a-z])/g, "/100*")
    .replace(/(?<![a-z])of(?![a-z])/g, "*")
    .replace(/√\s*(\d+(?:\.\d+)?|pi)/g, "sqrt($1)")
    .replace(/√\s*\(/g, "sqrt(");

const toShown = (signs: string, locale: string): string =>
  signs
    .replace(/(?<![a-z])of(?![a-z])/g, inLocale(locale, { en: "of", pl: "z" }))
    .replace(/\s*\^\s*/g, "^")
    .replace(/√\s+/g, "√")
    .replace(/\s+([%!),])/g, "$1")
    .replace(/\(\s+/g, "(")
    .replace(/\s*\*\s*/g, " × ")
    .replace(/(?<=[\d)%!]) ?([+-]) ?(?=[\d(√a-z])/g, " $1 ");

/**
 * Reads a calculation as people write it: words and signs of four languages, percentages ("17% of 2,340"), numbers in the
 * locale's format, `;` between arguments.
 * @throws {AppError} INVALID_INPUT for a number that cannot be read.
 */
export const readExpression = (written: string, locale: string): ReadExpression => {
  const format = new Intl.NumberFormat(formatsFor(locale), { maximumFractionDigits: 20 });
  const signs = toSigns(written);
  const withNumbers = (to: (digits: string) => string) =>
    signs.replace(numberPattern, (number) => {
      const digits = readNumber(number, locale);
      if (digits !== undefined) return to(digits);
      const sentences = { en: `'${number}' is not a number.`, pl: `„${number}” nie jest liczbą.` };
      throw new AppError("INVALID_INPUT", inLocale(locale, sentences), { field: "expression" });
    });
  return {
    plain: toPlain(withNumbers((digits) => digits)),
    // A decimal string keeps its digits in Intl; a number would lose those beyond 2^53.
    shown: toShown(
      withNumbers((digits) => format.format(digits as Intl.StringNumericLiteral)),
      locale,
    ),
  };
};
