import type { Recogniser, Span } from "./span.ts";

const patterns = [
  // 221b Baker Street, 1600 Pennsylvania Ave.
  /(?<![\p{L}\d])\d{1,5}[A-Za-z]?[ ](?:[\p{Lu}][\p{L}'’.-]{0,20}[ ]){1,4}(?:Street|St|Road|Rd|Avenue|Ave|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Square|Sq|Way|Place|Pl|Terrace|Highway|Hwy)\b\.?(?:,? (?:Apt|Suite|Unit|Flat|#)\.? ?\d{1,5}[A-Za-z]?)?/gu,
  // ul. Długa 12/3, al. Jana Pawła II 5
  /(?<![\p{L}\d])(?:[Uu]l\.?|[Uu]lic[aąeęy]|[Aa]l\.?|[Aa]lej[aąeię]{1,2}|[Oo]s\.|[Pp]l\.|[Pp]lac(?:u)?)[ ](?:[\p{L}\d.'’-]{1,25}[ ]){1,4}\d{1,4}[A-Za-z]?(?: ?\/ ?\d{1,4}| m\.? ?\d{1,4})?/gu,
  // вул. Хрещатик, 22
  /(?<![\p{L}\d])(?:[Вв]ул\.?|[Вв]улиц[яіюею]{1,2}|[Пп]росп\.?|[Пп]роспект(?:і|у)?|[Бб]ульвар(?:і|у)?|[Пп]ров\.?|[Пп]ровулок)[ ]?(?:[\p{L}\d.'’ʼ-]{1,25},?[ ]){1,4}\d{1,4}[А-Яа-яІіЇїA-Za-z]?(?:,? кв\.? ?\d{1,4})?/gu,
  // רחוב הרצל 10
  /(?<![\p{L}\d])(?:ב?רחוב|רח'|ב?שדרות|שד')[ ](?:[\u05d0-\u05ea'"-]{1,20}[ ]){1,3}\d{1,4}/gu,
  // 30-001 Kraków
  /(?<![\p{L}\d-])\d{2}-\d{3}[ ]\p{Lu}\p{L}{2,20}/gu,
];

/** Street addresses at a basic level: a word for a street with a name and a number, in the four languages. */
export const streetAddress: Recogniser = {
  name: "street-address",
  *find(text, check): Generator<Span> {
    for (const pattern of patterns) {
      for (const match of text.matchAll(pattern)) {
        check();
        yield { start: match.index, end: match.index + match[0].length, kind: "ADDRESS" };
      }
    }
  },
};
