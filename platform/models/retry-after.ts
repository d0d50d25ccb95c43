/** Seconds that a reply asks to wait: `retry-after-ms`, else `retry-after` as seconds or a date; undefined when it asks for nothing. */
export const retryAfterSeconds = (headers: Headers, nowMs: number = Date.now()): number | undefined => {
  const milliseconds = Number(headers.get("retry-after-ms") ?? Number.NaN);
  if (milliseconds >= 0) return milliseconds / 1_000;
  const value = headers.get("retry-after")?.trim();
  if (!value) return undefined;
  const seconds = Number(value);
  if (seconds >= 0) return seconds;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, (date - nowMs) / 1_000);
};
