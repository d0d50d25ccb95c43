/** Copies a JSON value with every string in it mapped; keys stay. */
export const mapStrings = <T>(value: T, map: (text: string) => string): T => {
  if (typeof value === "string") return map(value) as T;
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, map)) as T;
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapStrings(item, map)])) as T;
};
