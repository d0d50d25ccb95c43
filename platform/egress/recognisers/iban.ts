import { hasIbanChecksum } from "./checksums.ts";
import type { Recogniser, Span } from "./span.ts";

/** Length of an IBAN by country (ISO 13616 registry). */
const lengths: Readonly<Record<string, number>> = Object.fromEntries(
  (
    "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 " +
    "FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 " +
    "LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 " +
    "RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30"
  )
    .split(" ")
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);
const beginning = /[A-Za-z]{2}[ ._-]{0,2}\d{2}/g;
const inWord = /[\p{L}\d]/u;

/** IBANs of all countries, by length and checksum. */
export const iban: Recogniser = {
  name: "iban",
  *find(text, check): Generator<Span> {
    for (const match of text.matchAll(beginning)) {
      check();
      const length = lengths[match[0].slice(0, 2).toUpperCase()];
      const end =
        length === undefined || /\d/.test(text[match.index - 1] ?? "")
          ? undefined
          : endOfIban(text, match.index, length);
      if (end !== undefined) yield { start: match.index, end, kind: "IBAN" };
    }
  },
};

const isAlphanumeric = (code: number): boolean =>
  (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
const isJoint = (character: string | undefined): boolean => character !== undefined && /[\s./_-]/.test(character);
/** Most marks between two groups. */
const mostJoints = 3;

/** Where an IBAN of so many characters, perhaps in groups, ends; undefined when it is none. */
const endOfIban = (text: string, start: number, length: number): number | undefined => {
  let characters = "";
  let joints = 0;
  let at = start;
  while (characters.length < length && at < text.length) {
    const character = text[at] ?? "";
    if (isAlphanumeric(character.charCodeAt(0))) {
      characters += character.toUpperCase();
      joints = 0;
    } else {
      joints += 1;
      if (!isJoint(character) || joints > mostJoints) return undefined;
    }
    at += 1;
  }
  if (characters.length < length || /\d/.test(text[at] ?? "")) return undefined;
  // One more letter makes it a word, unless it ends in digits, which a label may follow.
  if (inWord.test(text[at] ?? "") && !/\d/.test(text[at - 1] ?? "")) return undefined;
  return hasIbanChecksum(characters) ? at : undefined;
};
