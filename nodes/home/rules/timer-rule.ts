import type { HomeReading } from "../home.ts";
import { type Duration, durationSlots } from "../read-quantities.ts";
import {
  follows,
  hasNoun,
  hasScope,
  isFiller,
  isQuestion,
  nounSpans,
  placeMentions,
  type Sentence,
} from "../read-sentence.ts";
import { has, hasGroup, keysOf } from "../span.ts";
import { type HomeRule, reads, unclear, writes } from "./rule.ts";

/** Whether a length of time says which timer is meant rather than by how much to change it. */
const tellsWhich = (sentence: Sentence, duration: Duration): boolean => {
  const { spans } = sentence;
  const timers = nounSpans(sentence, "timer");
  if (follows(sentence, duration.from, "by")) {
    // "for" may also say by how much; next to the timer it says which.
    if (!(follows(sentence, duration.from, "for") && timers.includes(duration.from - 2))) return false;
  }
  // "Five minutes to the timer" in one word is an amount that goes to it.
  const beside = (at: number) =>
    at === duration.to && !(spans[at]?.prefix && (follows(sentence, at, "to") || follows(sentence, at, "from")));
  if (timers.some((at) => beside(at) || (at === duration.to + 1 && has(spans[duration.to], "filler:")))) return true;
  return timers.some((at) => at < duration.from && spans.slice(at + 1, duration.from).every(isFiller));
};

/** The words that name a timer: what stands beside it and means nothing else. */
const timerName = (sentence: Sentence): string | undefined => {
  const { spans, durations } = sentence;
  const inDuration = (at: number) => durations.some(({ from, to }) => at >= from && at < to);
  const named = spans.findIndex((span) => has(span, "relation:named"));
  const isName = (at: number): boolean => {
    const span = spans[at]!;
    if (
      inDuration(at) ||
      has(span, "noun:timer") ||
      at === sentence.actionAt ||
      span.names.some(({ named: { kind } }) => kind === "area")
    )
      return false;
    if (named >= 0 && at > named)
      return !isFiller(span) || (at > named + 1 && isName(at - 1) && at + 1 < spans.length && isName(at + 1));
    if (isFiller(span)) return false;
    return (
      !["action", "particle", "state", "unit", "half"].some((group) => hasGroup(span, group)) &&
      !["value", "remaining", "duration"].some((noun) => has(span, `noun:${noun}` as `noun:${string}`))
    );
  };
  const from = spans.findIndex((_, at) => isName(at));
  if (from < 0) return undefined;
  let to = from + 1;
  while (to < spans.length && isName(to)) to += 1;
  return sentence.textOf(from, to);
};

const delayed = (sentence: Sentence, parse: (text: string) => HomeReading): HomeReading => {
  const { durations, spans } = sentence;
  const delay = durations.find(({ from }) => follows(sentence, from, "after"));
  if (!delay || durations.length > 1 || isQuestion(sentence)) return undefined;
  let start = delay.from;
  while (start > 0 && (has(spans[start - 1], "relation:after") || has(spans[start - 1], "filler:"))) start -= 1;
  const command = (
    start === 0 ? sentence.textOf(delay.to, spans.length) : delay.to === spans.length ? sentence.textOf(0, start) : ""
  ).trim();
  if (command === "") return undefined;
  const reading = parse(command);
  if (reading?.kind !== "command" || reading.effect !== "write" || reading.intent === "HassStartTimer")
    return undefined;
  return writes(sentence, "HassStartTimer", { ...durationSlots(delay), conversation_command: command });
};

/** Timers: start, cancel, pause, resume, lengthen, shorten, ask; and orders for later. */
export const timerRule: HomeRule = (sentence, parse) => {
  if (!hasNoun(sentence, "timer")) return delayed(sentence, parse);
  const { actions, durations, spans } = sentence;
  const area = placeMentions(sentence, "area")[0]?.spelling;
  const which = durations.find((duration) => tellsWhich(sentence, duration));
  const name = timerName(sentence);
  const slots = { ...durationSlots(which ?? durations[0], "start_"), name, area };
  const asksStatus = hasNoun(sentence, "value", "remaining") || spans.some((span) => has(span, "state:running"));
  if (isQuestion(sentence) || (asksStatus && actions.size === 0)) return reads("HassTimerStatus", slots);
  // "Put" sets a timer, "add" lengthens one.
  const puts = actions.has("change") || actions.has("start");
  const more = actions.has("increase") || (actions.has("add") && !puts);
  if (more || actions.has("decrease") || actions.has("remove")) {
    const amount = durations.find((duration) => duration !== which) ?? durations[0];
    // "Remove the timer for five minutes" is about the whole timer, "remove five minutes" is not.
    const whole =
      actions.has("remove") &&
      amount !== undefined &&
      amount === which &&
      nounSpans(sentence, "timer").some((at) => at < amount.from);
    if (amount && !whole) {
      const start = amount === which ? undefined : which;
      return writes(sentence, more ? "HassIncreaseTimer" : "HassDecreaseTimer", {
        ...durationSlots(amount),
        ...durationSlots(start, "start_"),
        name,
        area,
      });
    }
    if (!actions.has("remove") && !actions.has("resume")) return unclear("value");
  }
  if (actions.has("change")) {
    const longer = spans.some((span) => has(span, "particle:increase"));
    const shorter = spans.some((span) => has(span, "particle:decrease"));
    const amount = durations.find(({ from }) => follows(sentence, from, "by"));
    if (amount && (longer || shorter)) {
      const start = durations.find((duration) => duration !== amount);
      return writes(sentence, longer ? "HassIncreaseTimer" : "HassDecreaseTimer", {
        ...durationSlots(amount),
        ...durationSlots(start, "start_"),
        name,
        area,
      });
    }
  }
  if (actions.has("resume")) return writes(sentence, "HassUnpauseTimer", slots);
  if (actions.has("pause")) return writes(sentence, "HassPauseTimer", slots);
  if (["cancel", "stop", "off", "remove", "complete", "close"].some((action) => actions.has(action as "stop"))) {
    if (hasScope(sentence, "all")) return writes(sentence, "HassCancelAllTimers", { area });
    return writes(sentence, "HassCancelTimer", slots);
  }
  if (durations[0]) return writes(sentence, "HassStartTimer", { ...durationSlots(durations[0]), name });
  if (actions.size === 0 && keysOf(spans[0], "noun").length === 0) return reads("HassTimerStatus", slots);
  return actions.size === 0 ? reads("HassTimerStatus", slots) : unclear("value");
};
