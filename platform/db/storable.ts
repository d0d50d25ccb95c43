/** Text as PostgreSQL can hold it: as it came, except that U+0000 and lone surrogates become U+FFFD. */
export const storableText = (text: string): string =>
  (text.includes("\u0000") ? text.replaceAll("\u0000", "\uFFFD") : text).toWellFormed();

const clean = (value: unknown): unknown => {
  if (typeof value === "string") return storableText(value);
  if (Array.isArray(value)) return value.map(clean);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [storableText(key), clean(item)]));
};

/** A value as `jsonb` will give it back: a JSON copy whose texts and keys are storable (see `storableText`). */
export const storableJson = <Value>(value: Value): Value => {
  const json = JSON.stringify(value);
  const copy = JSON.parse(json);
  // JSON.stringify escapes exactly what PostgreSQL refuses, so that most values need no second walk.
  return /\\u(?:0000|d[89a-f])/.test(json) ? (clean(copy) as Value) : copy;
};
