import { hasIbanChecksum, isPesel, isPolishIdCard } from "./checksums.ts";
import { digitGroups } from "./digit-groups.ts";
import { digitWindows } from "./digit-windows.ts";
import { evenWindows } from "./even-windows.ts";
import { nationalIdKind } from "./national-ids.ts";
import { isPaymentCard } from "./payment-card.ts";
import type { Recogniser, Span } from "./span.ts";

const idCard = /(?<![\p{L}\d])[A-Za-z]{3}[ -]?\d{6}(?!\d|\p{L})/gu;

/** Labels that are written together with numbers whose one check digit alone would not tell them. */
const labels = /^(?:pl|nip|regon|pesel|ssn|id|tin|rnokpp|ipn|рнокпп|іпн|тз|תז)$/iu;

/** One check digit tells nothing in a list of single figures. */
const mostWeakGroups = 5;

/** What tells more than one check digit does, so that it is known however it is cut up and whatever stands beside it. */
const strongKind = (digits: string): string | undefined => {
  if (digits.length === 11) return isPesel(digits) ? "PESEL" : undefined;
  if (digits.length === 26) return hasIbanChecksum(`PL${digits}`) ? "IBAN" : undefined;
  return digits.length > 11 && isPaymentCard(digits) ? "CARD" : undefined;
};

/** Numbers told by their check digits: national ids, payment cards, Polish accounts without a country code, identity cards. */
export const checkedNumbers: Recogniser = {
  name: "checked-numbers",
  *find(text, check): Generator<Span> {
    const groups = digitGroups(text);
    let seen = 0;
    for (const { start, end, digits, label, isGlued, groupCount } of digitWindows(text, groups)) {
      if (++seen % 128 === 0) check();
      // A list of single figures; a number that is spelled so is a run of its own.
      if (digits.length < 2 * groupCount) continue;
      const isFree = !isGlued && groupCount <= mostWeakGroups && (label === "" || labels.test(label));
      const kind = strongKind(digits) ?? (isFree ? nationalIdKind(digits, text, start, end) : undefined);
      if (kind) yield { start, end, kind };
    }
    for (const { start, end, digits } of evenWindows(text, groups)) {
      if (++seen % 128 === 0) check();
      const kind = strongKind(digits);
      if (kind) yield { start, end, kind };
    }
    for (const match of text.matchAll(idCard)) {
      check();
      if (!isPolishIdCard(match[0].replace(/[ -]/, "").toUpperCase())) continue;
      yield { start: match.index, end: match.index + match[0].length, kind: "ID" };
    }
  },
};
