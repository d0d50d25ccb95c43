import { createRequire } from "node:module";
import type { CountryCode } from "libphonenumber-js";
import { looksLikePhone } from "./phone-shape.ts";
import type { Recogniser, Span } from "./span.ts";

type PhoneNumbers = typeof import("libphonenumber-js");

/** Regions that a number without a country code is tried in: those of the four languages, then where most others are. */
const regions: readonly CountryCode[] = ["PL", "UA", "IL", "US", "GB", "DE", "FR", "ES", "IT", "NL", "AU", "BR", "IN"];
/** Digits written without any mark are many things: only these regions' numbers count then. */
const regionsOfPlainDigits: readonly CountryCode[] = ["PL", "UA", "IL", "US", "GB"];

/** A number as people write it: up to eight groups after an optional country code, joined by one or two marks. */
const candidate =
  /(?<![\p{L}\d.,/_-])(?<!\d:)(?:\+ ?|00 ?)?\(?\d{1,12}(?:(?:[ ./-]{1,2}|[ -]?\(|\)[ -]{0,2})\d{1,12}){0,7}(?: ?(?:x|ext\.?|wew\.?|вн\.?)[ ]?\d{1,6})?(?![\p{L}\d])/giu;
const extension = / ?(?:x|ext\.?|wew\.?|вн\.?) ?\d{1,6}$/iu;
const date = /^(?:\d{1,2}([./-])\d{1,2}\1\d{2,4}|\d{4}([./-])\d{1,2}\2\d{1,2})(?!\d)/;
const years = /^(?:(?:19|20)\d\d[ -]?)+$/;
const called =
  /(?:tel(?:ef?on\p{L}*)?|phone|mobile|cell|fax|call|dial|text|sms|whats ?app|numer\p{L}*|zadzwo\p{L}*|komórk\p{L}*|дзвон\p{L}*|телефон\p{L}*|тел|номер\p{L}*|טלפון|נייד|פקס)\p{P}{0,2}(?: (?:me|us|is|at|on|to|number|no|nr|na|pod|за|it|my|him|her|them|office|home|work|registered)\p{P}?){0,3}[ :]{1,3}$/iu;
const calledBehind = /^[ ,(]{1,2}(?:office|mobile|cell|fax|phone|home|work|tel|direct)\b/i;

const loaded: { library?: PhoneNumbers } = {};
const library = (): PhoneNumbers => {
  // Loaded when first needed: its tables take tens of milliseconds, which a start without confidential queries need not pay.
  loaded.library ??= createRequire(import.meta.url)("libphonenumber-js") as PhoneNumbers;
  return loaded.library;
};

/**
 * Phone numbers. The library's own search takes 110 ms for 100 KB and region (measured), so candidates are found here by one
 * linear pattern; the library judges them, and those that it does not know are told by how they are grouped or by the words
 * around them.
 */
export const phone: Recogniser = {
  name: "phone",
  // A first number makes the library unfold its tables.
  prepare: () => void (loaded.library ?? library().parsePhoneNumberFromString("601 234 567", "PL")),
  *find(text, check): Generator<Span> {
    const { parsePhoneNumberFromString } = library();
    const isPhone = (written: string): boolean => {
      const bare = written.replace(extension, "");
      const digits = bare.replace(/\D/g, "");
      const international = written.startsWith("+") || /^00[ 1-9]/.test(written);
      if (digits.length < (international ? 8 : 7) || digits.length > 17 || date.test(written)) return false;
      if (international) {
        const parsed = parsePhoneNumberFromString(bare.replace(/^00 ?/, "+"));
        return (
          parsed?.isPossible() === true || (written.startsWith("+") && digits.length <= 15 && /[ ()./-]/.test(bare))
        );
      }
      if (years.test(bare)) return false;
      if (looksLikePhone(bare, bare !== written)) return true;
      // Longer ones, and more groups, are lists of figures; asking the library about each would take long.
      if (digits.length < 9 || digits.length > 13 || (bare.match(/\d+/g)?.length ?? 0) > 6) return false;
      const tried = /\D/.test(bare) ? regions : regionsOfPlainDigits;
      return tried.some((region) => parsePhoneNumberFromString(bare, region)?.isValid() === true);
    };
    const verdicts = new Map<string, boolean>();
    const isKnownPhone = (written: string): boolean => {
      const verdict = verdicts.get(written) ?? isPhone(written);
      verdicts.set(written, verdict);
      return verdict;
    };
    for (const match of text.matchAll(candidate)) {
      check();
      for (const part of partsOf(match[0])) {
        check();
        const start = match.index + part.at;
        const end = start + part.text.length;
        if (isKnownPhone(part.text) || isCalledPhone(text, start, end)) yield { start, end, kind: "PHONE" };
      }
    }
  },
};

/** Whether the words around digits say that they are a phone number: then any grouping will do. */
const isCalledPhone = (text: string, start: number, end: number): boolean => {
  const written = text.slice(start, end);
  const digits = written.replace(/\D/g, "").length;
  if (digits < 6 || digits > 15 || date.test(written)) return false;
  return called.test(text.slice(Math.max(0, start - 48), start)) || calledBehind.test(text.slice(end, end + 10));
};

/** The candidate itself or, when it is too long for one number, its halves at spaces. */
const partsOf = (written: string): { text: string; at: number }[] => {
  if (written.replace(extension, "").replace(/\D/g, "").length <= 15) return [{ text: written, at: 0 }];
  return [...written.matchAll(/\S+(?: \d{2,4}){0,3}/g)].map((match) => ({ text: match[0], at: match.index }));
};
