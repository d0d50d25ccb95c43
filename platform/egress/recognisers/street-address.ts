import type { Recogniser, Span } from "./span.ts";

const patterns = [
  // 221b Baker Street, 1600 Pennsylvania Ave.
  /(?<![\p{L}\d])\d{1,5}[A-Za-z]?[ ](?:[\p{Lu}][\p{L}'’.-]{0,20}[ ]){1,4}(?:Street|St|Road|Rd|Avenue|Ave|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Square|Sq|Way|Place|Pl|Terrace|Highway|Hwy)\b\.?(?:,? (?:Apt|Suite|Unit|Flat|#)\.? ?\d{1,5}[A-Za-z]?)?/gu,
  // Mellemvej 32, Lange Straße 5a, Harjukuja 12: the street's kind is the end of its name.
  /(?<![\p{L}\d])(?:\p{Lu}[\p{L}'’.-]{0,20}[ ]){0,2}\p{Lu}[\p{L}'’-]{0,25}(?:stra(?:ß|ss)e|str\.|gasse|weg|platz|allee|damm|ufer|vej|gade|vägen|gatan|gata|veien|vegen|vegur|katu|kuja|polku|straat|laan|plein|dijk|kade|utca|utcája|[ ](?:utca|út|tér|köz))[ ]\d{1,5}[A-Za-z]?(?![\p{L}\d])/gu,
  // Rua João Pessoa 1636, 12 Rue de la Paix, Via Roma, 10: the street's kind stands first.
  /(?<![\p{L}\d])(?:\d{1,5},?[ ])?(?:Rua|Rue|Via|Viale|Corso|Piazza|Calle|Carrera|Avenida|Av\.|Avenue|Plaza|Paseo|Praça|Travessa|Largo|Chemin|Impasse|Quai|Strada|Jalan|Carrer|Camino|Vicolo|Allée)[ ](?:(?:de|da|do|des?|del|della|dos|das|di|du|la|le|les|los)[ ]|\p{Lu}[\p{L}'’.-]{0,20}[ ,]{1,2}){1,6}\d{1,5}[A-Za-z]?(?![\p{L}\d])/gu,
  /(?<![\p{L}\d])\d{1,5},?[ ](?:Rua|Rue|Via|Viale|Calle|Avenida|Avenue|Boulevard|Chemin|Impasse|Quai|Place|Allée)(?:[ ](?:de|des|du|la|le|les|l['’])|[ ]\p{Lu}[\p{L}'’.-]{0,20}){1,6}/gu,
  // 68954 Geddingmoor 24, 62314 Mellem 32: a name between two numbers, before the flat or the end of the line.
  /(?<![\p{L}\d.,:/-])\d{2,5}[ ](?:\p{Lu}[\p{L}'’.-]{1,25}[ ]){1,3}\d{1,5}(?=[ ]?(?:Apt|Suite|Unit|Flat|\n|\r|,|$))/gu,
  // Apt. 675, Suite 100, P.O. Box 12, PSC 3294, Box 9168
  /(?<![\p{L}\d])(?:(?:Apt|Apartment|Suite|Ste|Flat|PSC|CMR|P\. ?O\. ?Box|PO Box|Postfach|Skrytka pocztowa|а\/с|ת\.ד\.)\.?[ ]#?\d{1,6}[A-Za-z]?)(?:, (?:Box|Unit)[ ]\d{1,6})?/giu,
  /(?<![\p{L}\d])(?:APO|FPO|DPO)[ ](?:AA|AE|AP)[ ]\d{5}(?!\d)/giu,
  // SW1A 1AA
  /(?<![\p{L}\d])[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}(?![\p{L}\d])/gu,
  // ul. Długa 12/3, al. Jana Pawła II 5
  /(?<![\p{L}\d])(?:[Uu]l\.?|[Uu]lic[aąeęy]|[Aa]l\.?|[Aa]lej[aąeię]{1,2}|[Oo]s\.|[Pp]l\.|[Pp]lac(?:u)?)[ ](?:[\p{L}\d.'’-]{1,25}[ ]){1,4}\d{1,4}[A-Za-z]?(?: ?\/ ?\d{1,4}| m\.? ?\d{1,4})?/gu,
  // вул. Хрещатик, 22
  /(?<![\p{L}\d])(?:[Вв]ул\.?|[Вв]улиц[яіюею]{1,2}|[Пп]росп\.?|[Пп]роспект(?:і|у)?|[Бб]ульвар(?:і|у)?|[Пп]ров\.?|[Пп]ровулок)[ ]?(?:[\p{L}\d.'’ʼ-]{1,25},?[ ]){1,4}\d{1,4}[А-Яа-яІіЇїA-Za-z]?(?:,? кв\.? ?\d{1,4})?/gu,
  // רחוב הרצל 10
  /(?<![\p{L}\d])(?:ב?רחוב|רח'|ב?שדרות|שד')[ ](?:[\u05d0-\u05ea'"-]{1,20}[ ]){1,3}\d{1,4}/gu,
  // 30-001 Kraków
  /(?<![\p{L}\d-])\d{2}-\d{3}[ ]\p{Lu}\p{L}{2,20}/gu,
];

/** Street addresses where they can be told by their writing: a word for a street with a name and a number, in the four languages and the commonest ways of others; flats, boxes. */
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
