import type { Say } from "../wording.ts";
import type { ExposedEntity } from "./entity-list.ts";

/** What on and off of a binary sensor mean, by device class. */
const binary: Readonly<Record<string, readonly [on: string, off: string]>> = {
  battery: ["low", "normal"],
  battery_charging: ["charging", "not_charging"],
  connectivity: ["connected", "disconnected"],
  door: ["open", "closed"],
  garage_door: ["open", "closed"],
  gas: ["detected", "clear"],
  carbon_monoxide: ["detected", "clear"],
  lock: ["unlocked", "locked"],
  moisture: ["wet", "dry_air"],
  motion: ["detected", "clear"],
  occupancy: ["detected", "clear"],
  opening: ["open", "closed"],
  plug: ["plugged", "unplugged"],
  presence: ["home", "not_home"],
  smoke: ["detected", "clear"],
  sound: ["detected", "clear"],
  vibration: ["detected", "clear"],
  window: ["open", "closed"],
};

/** A name or state as it may be spoken: no markup, one line. */
export const spoken = (text: string): string =>
  text
    .replace(/[*_`#|<>[\]]/g, "")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 120);

const withUnit = (value: string, unit: string | undefined, locale: string): string => {
  const number = Number(value);
  const written = Number.isFinite(number)
    ? new Intl.NumberFormat(locale, { maximumFractionDigits: 2, useGrouping: false }).format(number)
    : value;
  if (unit === undefined || unit === "") return written;
  return unit === "%" && !/^(?:pl|uk)/.test(locale) ? `${written}%` : `${written} ${unit}`;
};

/** The state of one entity in words. */
export const stateWords = (
  { state = "unknown", domain, attributes }: ExposedEntity,
  locale: string,
  say: Say,
): string => {
  const own = domain === "binary_sensor" ? binary[attributes.device_class ?? ""] : undefined;
  const key = own && (state === "on" || state === "off") ? own[state === "on" ? 0 : 1] : state;
  if (domain === "climate" && attributes.current_temperature !== undefined)
    return `${say(`home.word.${key}`, locale) || spoken(state)}, ${temperatureOf(attributes, locale)}`;
  if (state.trim() !== "" && Number.isFinite(Number(state)))
    return withUnit(spoken(state), attributes.unit_of_measurement && spoken(attributes.unit_of_measurement), locale);
  const words = say(`home.word.${key}`, locale) || spoken(state);
  return domain === "weather" && attributes.temperature !== undefined
    ? `${words}, ${withUnit(spoken(attributes.temperature), attributes.temperature_unit ?? "°", locale)}`
    : words;
};

/** A thermostat's own reading, with the unit that it gives. */
export const temperatureOf = (attributes: ExposedEntity["attributes"], locale: string): string =>
  withUnit(spoken(attributes.current_temperature ?? ""), attributes.temperature_unit ?? "°", locale);
