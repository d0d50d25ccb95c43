import type { Say } from "../wording.ts";
import { spoken } from "./state-words.ts";

interface Timer {
  readonly name?: unknown;
  readonly is_active?: unknown;
  readonly total_seconds_left?: unknown;
  readonly start_hours?: unknown;
  readonly start_minutes?: unknown;
  readonly start_seconds?: unknown;
}

const mostTimers = 5;

/** Says what is left of each timer in a timer tool's result; that the state is not known when the result does not tell. */
export const sayTimers = (result: string, locale: string, say: Say): string => {
  const timers = timersOf(result);
  if (!timers) return say("home.unknown_state", locale);
  if (timers.length === 0) return say("home.no_timers", locale);
  return timers
    .slice(0, mostTimers)
    .map((timer) => {
      const started = lengthOf(
        numberOf(timer.start_hours) * 3_600 + numberOf(timer.start_minutes) * 60 + numberOf(timer.start_seconds),
        locale,
        say,
      );
      const what = typeof timer.name === "string" && timer.name !== "" ? spoken(timer.name) : started;
      const left = lengthOf(numberOf(timer.total_seconds_left), locale, say);
      return say("home.state", locale, {
        what,
        value: timer.is_active === false ? `${left}, ${say("home.word.paused", locale)}` : left,
      });
    })
    .join(" ");
};

const numberOf = (value: unknown): number =>
  typeof value === "number" && Number.isFinite(value) ? Math.max(0, Math.round(value)) : 0;

const lengthOf = (seconds: number, locale: string, say: Say): string =>
  (
    [
      ["hours", Math.floor(seconds / 3_600)],
      ["minutes", Math.floor((seconds % 3_600) / 60)],
      ["seconds", seconds % 60],
    ] as const
  )
    .filter(([unit, count]) => count > 0 || (unit === "seconds" && seconds === 0))
    .map(([unit, count]) => `${count} ${say(`home.unit.${unit}`, locale)}`)
    .join(" ");

const timersOf = (result: string): readonly Timer[] | undefined => {
  try {
    const parsed = JSON.parse(result) as { data?: unknown; speech_slots?: { timers?: unknown } };
    const inner = parsed.speech_slots ?? (parsed.data as typeof parsed | undefined)?.speech_slots;
    return Array.isArray(inner?.timers) ? (inner.timers as Timer[]) : undefined;
  } catch {
    return undefined;
  }
};
