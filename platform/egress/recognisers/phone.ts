import { createRequire } from "node:module";
import type { CountryCode } from "libphonenumber-js";
import type { Recogniser, Span } from "./span.ts";

type PhoneNumbers = typeof import("libphonenumber-js");

/** Regions that a number without a country code is tried in. */
const regions: readonly CountryCode[] = ["PL", "UA", "IL", "US", "GB"];

/** A number as people write it: up to five groups after an optional country code, joined by one or two marks. */
const candidate =
  /(?<![\p{L}\d.,:/_-])(?:\+ ?|00 ?)?\(?\d{1,12}(?:(?:[ ./-]{1,2}|[ -]?\(|\)[ -]?)\d{1,12}){0,7}(?: ?(?:x|ext\.?|wew\.?|вн\.?)[ ]?\d{1,6})?(?![\p{L}\d])/gu;
const date = /^(?:\d{1,2}([./-])\d{1,2}\1\d{2,4}|\d{4}([./-])\d{1,2}\2\d{1,2})(?!\d)/;

/**
 * Phone numbers. The library's own search takes 110 ms for 100 KB and region (measured), so candidates are found here by one
 * linear pattern and only judged by the library.
 */
const loaded: { library?: PhoneNumbers } = {};
const library = (): PhoneNumbers => {
  // Loaded when first needed: its tables take tens of milliseconds, which a start without confidential queries need not pay.
  loaded.library ??= createRequire(import.meta.url)("libphonenumber-js") as PhoneNumbers;
  return loaded.library;
};

export const phone: Recogniser = {
  name: "phone",
  prepare: () => void library(),
  *find(text, check): Generator<Span> {
    const { parsePhoneNumberFromString } = library();
    const isPhone = (written: string): boolean => {
      const digits = written.replace(/\D/g, "");
      const international = written.startsWith("+") || written.startsWith("00");
      if (digits.length < (international ? 8 : 9) || digits.length > 17 || date.test(written)) return false;
      if (international) return parsePhoneNumberFromString(written.replace(/^00 ?/, "+"))?.isPossible() === true;
      return regions.some((region) => parsePhoneNumberFromString(written, region)?.isValid() === true);
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
        if (!isKnownPhone(part.text)) continue;
        yield { start: match.index + part.at, end: match.index + part.at + part.text.length, kind: "PHONE" };
      }
    }
  },
};

/** The candidate itself or, when it is too long for one number, its halves at spaces. */
const partsOf = (written: string): { text: string; at: number }[] => {
  if (written.replace(/\D/g, "").length <= 15) return [{ text: written, at: 0 }];
  return [...written.matchAll(/\S+(?: \d{2,4}){0,3}/g)].map((match) => ({ text: match[0], at: match.index }));
};
