import type { Recogniser, Span } from "./span.ts";

const word = "\\p{Lu}[\\p{L}\\p{M}'’-]{1,30}";
/** Words that announce a name, in the four languages. */
const announced = new RegExp(
  `(?<![\\p{L}\\d])(?:[Mm]y name is|[Mm]y name['’]s|(?:Mr|Mrs|Ms|Dr|Prof)\\.?|[Nn]azywam się|[Mm]am na imię|[Pp]ana?|[Pp]ani(?:ą)?|[Мм]ене звати|[Пп]ана?|[Пп]ані)[ ]((?:${word})(?:[ ]${word}){0,2})`,
  "gu",
);
const announcedHebrew =
  /(?<![\p{L}\d])(?:קוראים לי|שמי|מר|גברת)[ ]([\u05d0-\u05ea'"-]{2,20}(?: [\u05d0-\u05ea'"-]{2,20})?)/gu;

/**
 * Names of people at a basic level: after words that announce one ("my name is …", "pani …"), and those of a directory.
 * What it misses is many; class `sanitized` is off unless an operator turns it on.
 */
export const createPersonName = (directory: readonly string[] = []): Recogniser => {
  const names = directory
    .filter((name) => name.trim().length > 1)
    .map((name) => name.trim().replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const known =
    names.length > 0 ? new RegExp(`(?<![\\p{L}\\d])(?:${names.join("|")})(?![\\p{L}\\d])`, "giu") : undefined;
  return {
    name: "person-name",
    *find(text, check): Generator<Span> {
      for (const pattern of directory.length > 0 ? [] : [announced, announcedHebrew]) {
        for (const match of text.matchAll(pattern)) {
          check();
          const end = match.index + match[0].length;
          yield { start: end - (match[1]?.length ?? 0), end, kind: "PERSON" };
        }
      }
      for (const match of known ? text.matchAll(known) : []) {
        check();
        yield { start: match.index, end: match.index + match[0].length, kind: "PERSON" };
      }
    },
  };
};
