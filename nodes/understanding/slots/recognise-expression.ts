import { foldText } from "../../../platform/language/normalise-text.ts";
import { findNumbers } from "../../../platform/language/numbers.ts";
import type { SlotRecogniser } from "./slot-recogniser.ts";

const longestText = 300;

// Signs and words of arithmetic in the four languages; the calculator reads them, here they only have to be told from other words.
const operators = `plus|minus|times|divided by|multiplied by|over|of|to the power of|to the power|squared|cubed|percent|per cent|square root of|root of|modulo|mod|factorial|half|the|and|
  razy|podzielic na|podzielic przez|podzielone na|podzielone przez|dzielone na|dzielone przez|pomnozyc przez|pomnozone przez|przez|z|ze|od|do potegi|do kwadratu|do szescianu|procent|proc|pierwiastek kwadratowy|pierwiastek|dodac|odjac|silnia|polowa|
  плюс|мінус|помножити на|помножене на|поділити на|розділити на|ділити на|поділене на|від|із|з|у степені|в степені|у квадраті|в квадраті|у кубі|відсотків|відсотки|відсоток|відсотка|процентів|квадратнии корінь|корінь|половина|
  ועוד|פלוס|פחות|מינוס|כפול|חלקי|לחלק ל|בחזקת|בריבוע|בשלישית|אחוזים|אחוז|מתוך|של|מ|ל|שורש|חצי|
  sqrt|cbrt|sin|cos|tan|log|log2|log10|ln|exp|abs|min|max|pi|e|x|x|π`;
const operatorWord = new RegExp(
  `^(?:${operators
    .split("|")
    .map((word) => word.trim())
    .sort((left, right) => right.length - left.length)
    .join("|")})(?![\\p{L}])`,
  "u",
);
const leading = new RegExp(
  `^(?:${`what is the result of|what is|whats|what does|how much is|how much are|how much|calculate|compute|work out|do the math for|tell me|evaluate|solve|find|and|
  ile to jest|ile to|ile jest|ile wynosi|ile bedzie|ile|policz|oblicz|wylicz|a|i|
  скільки буде|скільки це|скільки|порахуи|обчисли|і|а|
  כמה זה|כמה הם|כמה יוצא|כמה|חשב|תחשב|מה זה`
    .split("|")
    .map((word) => word.trim())
    .sort((left, right) => right.length - left.length)
    .join("|")})(?![\\p{L}])\\s*`,
  "u",
);
const trailing = /(?:\s*(?:=|\?|!|\.|,|equals|make|please|prosze|będzie|bedzie|буде|будь ласка|בבקשה))+$/u;

// "7 * 8", "17% of", "sqrt(": something to reckon, not only a figure.
const reckons = /[+*/^×÷√!%]|(?<=[\d)]\s*)[-−–](?=\s*[\d(.])|\p{L}/u;

// Folding would turn 5² into 52 and ½ into digits around a sign that nobody types.
const spelled: Readonly<Record<string, string>> = {
  "²": "^2",
  "³": "^3",
  "½": "(1/2)",
  "¼": "(1/4)",
  "¾": "(3/4)",
  "⅓": "(1/3)",
  "⅔": "(2/3)",
};
const spellOut = (text: string): string => text.replace(/[²³½¼¾⅓⅔]/g, (sign) => spelled[sign] ?? sign);

/** The calculation in a text, numbers as plain digits with a decimal point: `17% of 2340`; undefined when anything else is left over. */
const expressionOf = (text: string, locale: string): string | undefined => {
  if (text.length > longestText || !/[\d½¼¾⅓⅔π]/u.test(text)) return undefined;
  let folded = foldText(spellOut(text.normalize("NFC")))
    .replace(/['’]/g, "")
    .replace(/\s+/g, " ")
    .trim()
    .replace(trailing, "");
  for (let lead = leading.exec(folded); lead; lead = leading.exec(folded)) folded = folded.slice(lead[0].length);
  return folded !== "" && isArithmetic(folded) ? plainNumbers(folded, locale) : undefined;
};

const isArithmetic = (text: string): boolean => {
  let rest = text;
  let hasNumber = false;
  while (rest !== "") {
    const token = /^\s+/.exec(rest)?.[0] ?? /^(?:\d[\d.,\u00a0\u202f]*|[½¼¾⅓⅔π])/u.exec(rest)?.[0];
    if (token !== undefined) hasNumber ||= token.trim() !== "";
    const taken = token ?? /^[-−–+*/^×÷·√!%()=;,²³]/u.exec(rest)?.[0] ?? operatorWord.exec(rest)?.[0];
    if (taken === undefined) return false;
    rest = rest.slice(taken.length);
  }
  return hasNumber && reckons.test(text);
};

const plainNumbers = (text: string, locale: string): string => {
  let result = "";
  let at = 0;
  for (const { value, isPercent, start, end } of findNumbers(text, locale)) {
    const written = text.slice(start, end);
    // The sign before a number is an operator of the expression and stays as it is.
    const sign = /^[-−+]/.exec(written)?.[0] ?? "";
    result += `${text.slice(at, start)}${sign}${plain(Math.abs(value), written)}${isPercent ? "%" : ""}`;
    at = end;
  }
  return `${result}${text.slice(at)}`
    .replace(/%\s*(?:of|ze?|od|від|із|з|מתוך|של|מ[-־]?)(?![\p{L}])\s*(?:the )?/u, "% of ")
    .replace(/\s+/g, " ")
    .trim();
};

// Digits beyond what a double holds are kept as they were written.
const plain = (value: number, written: string): string =>
  /^\d+$/.test(written) ? written : String(value).includes("e") ? written.replace(/[^\d.,]/g, "") : String(value);

/** A calculation; words that surround it ("what is …") do not count, any other word makes it none. */
export const expressionRecogniser: SlotRecogniser = {
  whole: (words, { locale }) => expressionOf(words, locale),
  find: (text, { locale }) => expressionOf(text, locale) ?? innermost(text, locale),
};

// "calculate 345 / 15 for my homework": the longest stretch from the first figure or sign on that is a calculation.
const innermost = (text: string, locale: string): string | undefined => {
  const words = text.slice(0, longestText).split(/\s+/).slice(0, 24);
  for (let length = words.length - 1; length >= 1; length -= 1) {
    for (let start = 0; start + length <= words.length; start += 1) {
      if (!/^[\p{L}]{3,}/u.test(words[start]!) || operatorWord.test(foldText(words[start]!))) {
        const found = expressionOf(words.slice(start, start + length).join(" "), locale);
        if (found !== undefined && /\d.*\D.*\d|sqrt|√|\p{L}{3,}/u.test(found)) return found;
      }
    }
  }
  return undefined;
};
