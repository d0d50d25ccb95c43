/** Units that answers convert between; `other` is a unit or currency that is never converted. */
export type Unit =
  | "celsius"
  | "fahrenheit"
  | "km/h"
  | "m/s"
  | "mph"
  | "knot"
  | "metre"
  | "foot"
  | "kilometre"
  | "mile"
  | "other";

// Longer spellings first; English and Polish words beside the symbols.
const after: readonly (readonly [RegExp, Unit])[] = [
  [/^\s?(?:°\s?F|degrees? Fahrenheit|stopni\w* Fahrenheita)/iu, "fahrenheit"],
  [/^\s?(?:°\s?C?|degrees?|stopni\p{L}*|stopień)/iu, "celsius"],
  [/^\s?(?:km\/h|kmh|kph|kilometres per hour|kilometers per hour|kilometr\p{L}* na godzinę)/iu, "km/h"],
  [/^\s?(?:m\/s|metres per second|meters per second|metr\p{L}* na sekundę)/iu, "m/s"],
  [/^\s?(?:mph|miles per hour|mil\p{L}* na godzinę)/iu, "mph"],
  [/^\s?(?:kn|kts?|knots?|węzł\p{L}*)(?!\p{L})/iu, "knot"],
  [/^\s?(?:km|kilomet(?:re|er)s?|kilometr\p{L}*)(?!\p{L})/iu, "kilometre"],
  [/^\s?(?:mi|miles?|mil[ea]?)(?!\p{L})/iu, "mile"],
  [/^\s?(?:ft|feet|foot|stóp|stop[ay])(?!\p{L})/iu, "foot"],
  [/^\s?(?:m|met(?:re|er)s?|metr\p{L}*)(?!\p{L})/iu, "metre"],
  [
    /^\s?(?:%|‰|[$€£₴₪¥]|(?:percent|procent\p{L}*|cm|mm|hPa|mbar?|kg|g|lb|zł|PLN|USD|EUR|GBP|UAH|ILS|kWh?|W|h|min|s|GB|MB)(?!\p{L}))/iu,
    "other",
  ],
];

/** The unit at the beginning of what follows a figure. */
export const unitAfter = (text: string): Unit | undefined => after.find(([pattern]) => pattern.test(text))?.[1];

/** A currency sign at the end of what stands before a figure. */
export const unitBefore = (text: string): Unit | undefined => (/[$€£₴₪¥]\s?$/u.test(text) ? "other" : undefined);

const metresPerSecond = { "m/s": 1, "km/h": 1 / 3.6, mph: 0.44704, knot: 0.514_444 } as const;
const metres = { metre: 1, kilometre: 1000, foot: 0.3048, mile: 1609.344 } as const;

/**
 * What an evidence figure of unknown unit may become in a given unit: speeds from every speed unit, lengths from every
 * length unit, temperatures from the other scale (exact SI definitions).
 */
export const conversionsInto = (unit: Unit | undefined, source: number): number[] => {
  if (unit === undefined || unit === "other") return [];
  if (unit === "celsius") return [(source - 32) / 1.8, (-source - 32) / 1.8];
  if (unit === "fahrenheit") return [source * 1.8 + 32, -source * 1.8 + 32];
  const table: Readonly<Record<string, number>> = unit in metresPerSecond ? metresPerSecond : metres;
  return Object.values(table).map((factor) => (source * factor) / (table[unit] ?? 1));
};
