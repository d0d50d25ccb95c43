/** A moment on the clock of a zone, with the clock's offset: `2026-11-20T00:00:00-05:00`, in UTC `+00:00`. Milliseconds are left out. */
export const isoOnClock = (at: Date, timezone: string): string => {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: timezone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
    timeZoneName: "longOffset",
  });
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  const { year, month, day, hour, minute, second, timeZoneName = "" } = parts;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}${timeZoneName.slice("GMT".length) || "+00:00"}`;
};
