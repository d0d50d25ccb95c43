import { hasIbanChecksum, isPolishIdCard } from "./checksums.ts";
import { digitWindows } from "./digit-windows.ts";
import { nationalIdKind } from "./national-ids.ts";
import { isPaymentCard } from "./payment-card.ts";
import type { Recogniser, Span } from "./span.ts";

const idCard = /(?<![\p{L}\d])[A-Za-z]{3}[ -]?\d{6}(?!\d|\p{L})/gu;

/** Numbers told by their check digits: national ids, payment cards, Polish accounts without a country code, identity cards. */
export const checkedNumbers: Recogniser = {
  name: "checked-numbers",
  *find(text, check): Generator<Span> {
    let seen = 0;
    for (const { start, end, digits } of digitWindows(text)) {
      if (++seen % 128 === 0) check();
      if (digits.length <= 11) {
        const kind = nationalIdKind(digits, text, start, end);
        if (kind) yield { start, end, kind };
      } else if (digits.length === 26) {
        if (hasIbanChecksum(`PL${digits}`)) yield { start, end, kind: "IBAN" };
      } else if (isPaymentCard(digits)) yield { start, end, kind: "CARD" };
    }
    for (const match of text.matchAll(idCard)) {
      check();
      if (!isPolishIdCard(match[0].replace(/[ -]/, "").toUpperCase())) continue;
      yield { start: match.index, end: match.index + match[0].length, kind: "ID" };
    }
  },
};
