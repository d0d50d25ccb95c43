import { z } from "zod";

const unitSeconds: Readonly<Record<string, number>> = { ns: 1e-9, us: 1e-6, µs: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3_600 };
const duration = /^[+-]?(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+$/;
const part = /(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g;

/** Seconds of a number, a bare number in a string, or a duration such as `1h30m`; undefined for anything else. */
export const toSeconds = (value: number | string): number | undefined => {
  if (typeof value === "number") return value;
  if (value.trim() !== "" && Number.isFinite(Number(value))) return Number(value);
  if (!duration.test(value)) return undefined;
  const sum = [...value.matchAll(part)].reduce(
    (total, [, count, unit]) => total + Number(count) * unitSeconds[unit!]!,
    0,
  );
  return value.startsWith("-") ? -sum : sum;
};

/** How long a model stays loaded: negative for ever, 0 unloads. */
export const KeepAlive = z
  .union([z.number(), z.string().refine((value) => toSeconds(value) !== undefined, "expected a duration such as '5m'")])
  .describe("Seconds, or a duration such as `5m`; negative: for ever, 0: unload.");

/** Whether a request without messages unloads rather than loads. */
export const isUnload = (keepAlive: number | string | null | undefined): boolean =>
  keepAlive !== null && keepAlive !== undefined && toSeconds(keepAlive) === 0;
