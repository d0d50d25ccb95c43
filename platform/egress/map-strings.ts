export interface MapNumbers {
  /** Numbers that are to become something else; default: none. */
  readonly number?: (value: number, key: string) => unknown;
}

/**
 * Copies a JSON value with every string in it mapped, keys of objects too; `key` is the name that a value stands under, as
 * it was, and undefined for a key itself. Keys that come out alike are told apart by a number.
 */
export const mapStrings = <T>(
  value: T,
  map: (text: string, key?: string) => string,
  options: MapNumbers = {},
  key = "",
): T => {
  if (typeof value === "string") return map(value, key) as T;
  if (typeof value === "number") return (options.number ? options.number(value, key) : value) as T;
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, map, options, key)) as T;
  if (value === null || typeof value !== "object") return value;
  const entries = new Map<string, unknown>();
  for (const [name, item] of Object.entries(value)) {
    const mapped = map(name);
    let free = mapped;
    for (let count = 2; entries.has(free); count += 1) free = `${mapped} ${count}`;
    entries.set(free, mapStrings(item, map, options, name));
  }
  return Object.fromEntries(entries) as T;
};
