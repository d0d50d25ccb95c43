import { perWord } from "../../../platform/language/per-word.ts";
import { conceptsOf } from "../text/concepts.ts";
import { numberWord } from "../text/number-words.ts";
import { type Unit, unitById } from "../text/units.ts";

/** Whether a field's value is what something is called. */
export const nameFields =
  /^(?:name|title|label|friendly_?name|display_?name|city|place|team|home|away|venue|airport|airline|company|symbol|ticker|key|host|hostname|server|service|area|room|country|league|artist|author|assignee|person|code|iata|icao|flight|stop|station|route|line|product|item|currency_pair|pair|from|to|origin|destination|entity_id|device|pod|node|id|who|where|location|player|channel|network)$/i;
/** Whether a field's value is prose. */
export const proseFields =
  /^(?:text|summary|description|body|content|raw|note|notes|comment|answer|snippet|message|quote|plot|overview)$/i;
/** Days that tell of themselves only: what else stands with them is not of that day. */
export const ownDayFields = /^(?:released?|published|born|birth|founded|created|since|expires|due)/i;
/** Moments and days as data write them. */
export const isoMoment = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?$/;
export const isoDay = /^\d{4}-\d\d-\d\d$/;

/** The words that a field's name is made of, in lower case. */
export const wordsOfField = perWord((field): readonly string[] =>
  field
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean),
);

/** Whether a value is the name of a time zone. */
export const isZone = (text: string): boolean => /^[A-Z][A-Za-z]+\/[A-Za-z_/+-]+$/.test(text) && text.length < 40;
/** Whether a value may be what something is called. */
export const isName = perWord(
  (text): boolean =>
    text.length <= 80 &&
    /\p{L}/u.test(text) &&
    !/^https?:|^[a-z_]+$|^\p{Lu}\p{Ll}+\/\p{Lu}/u.test(text) &&
    !isoMoment.test(text) &&
    !isoDay.test(text),
);

/** What fields that stand in each other say of a value; the field itself says more than what it stands in. */
export const conceptsOfFields = (fields: readonly string[]): ReadonlyMap<string, ReadonlySet<string>> => {
  const found = new Map<string, Set<string>>();
  for (const field of [...fields].reverse()) {
    const words = wordsOfField(field);
    for (const word of [...words, ...(words.length > 1 ? [words.slice(0, 2).join(" ")] : [])])
      for (const { group, id } of conceptsOf(word)) if (!found.has(group)) found.set(group, new Set([id]));
  }
  if (fields.some((field) => /^previous_?close$/i.test(field))) found.set("session", new Set(["previous"]));
  return found;
};

/** A length of time that a field's name tells its value of. */
export interface FieldLength {
  readonly count: number;
  readonly unit: Unit;
}

// One letter or a word behind a number; "m" is of minutes as well as of months.
const timeUnits = (word: string): readonly string[] => {
  if (word === "m") return ["min", "month"];
  const known: readonly (readonly [string, RegExp])[] = [
    ["s", /^(?:s|secs?|seconds?)$/],
    ["min", /^(?:mins?|minutes?)$/],
    ["h", /^(?:h|hrs?|hours?)$/],
    ["day", /^(?:d|days?)$/],
    ["week", /^(?:w|wks?|weeks?)$/],
    ["month", /^(?:mo|mon|months?)$/],
    ["year", /^(?:y|yrs?|years?)$/],
  ];
  return known.flatMap(([id, names]) => (names.test(word) ? [id] : []));
};

/** The lengths of time in a field's name: the 24 hours of "change24hPercent", the seven days of "last_7_days", the five years of "fiveYearReturn". */
export const lengthsOfField = perWord((field): readonly FieldLength[] => {
  const words = field
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .match(/\d{1,4}|[a-z]+/g);
  return (words ?? []).flatMap((word, at) => {
    const count = /^\d/.test(word) ? Number(word) : numberWord(word)?.value;
    if (count === undefined || !Number.isInteger(count) || count < 1) return [];
    return timeUnits(words?.[at + 1] ?? "").flatMap((id) => {
      const unit = unitById(id);
      return unit ? [{ count, unit }] : [];
    });
  });
});
