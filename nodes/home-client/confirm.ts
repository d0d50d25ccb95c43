import type { HomeCommand } from "../home/home.ts";
import type { Say } from "../wording.ts";
import { spoken } from "./state-words.ts";
import type { ToolOutcome } from "./tool-outcome.ts";

const mostNames = 4;

/** Tells how one order went, from its result alone: done, failed, partly, or not to be told. */
export const confirm = (command: HomeCommand, outcome: ToolOutcome, locale: string, say: Say): string => {
  const what = subjectOf(command, outcome, locale, say);
  if (outcome.status === "done") return confirmDone(command, outcome, what, locale, say);
  if (outcome.status === "unclear") return say("home.unclear", locale, { what });
  if (outcome.status === "partly") {
    const done = outcome.done.length > 0 ? `${confirmDone(command, outcome, listed(outcome.done), locale, say)} ` : "";
    return `${done}${say("home.failed", locale, { what: listed(outcome.failed) || what })}`;
  }
  return say(outcome.isMissing ? "home.missing" : "home.failed", locale, { what });
};

const listed = (names: readonly string[]): string =>
  names
    .filter((name) => name !== "?")
    .slice(0, mostNames)
    .map(spoken)
    .join(", ");

const subjectOf = (
  { slots, entities }: HomeCommand,
  { done, failed }: ToolOutcome,
  locale: string,
  say: Say,
): string => {
  if (slots.item !== undefined) return spoken(String(slots.item));
  // What the home says it did, before what was meant.
  const distinct = [...new Set([...done, ...failed].filter((name) => name !== "?"))];
  if (distinct.length > 0 && distinct.length <= mostNames) return listed(distinct);
  if (slots.name !== undefined && slots.name !== "all") return spoken(entities[0]?.names[0] ?? String(slots.name));
  const place = slots.area ?? slots.floor;
  return place === undefined ? say("home.things", locale) : spoken(String(place));
};

const confirmDone = (command: HomeCommand, { speech }: ToolOutcome, what: string, locale: string, say: Say): string => {
  const { slots, intent } = command;
  if (speech !== "" && speech.length <= 300) return spokenLine(speech);
  const key = doneKey(command);
  const value = amountOf(command, locale, say);
  if (intent === "HassStartTimer" && value !== "") return say("home.done.timer", locale, { value });
  if (key === "home.done.set" && value !== "" && what !== say("home.things", locale))
    return say(key, locale, { what, value });
  if (key === "home.done.set")
    return slots.color !== undefined && value === ""
      ? say("home.done.colour", locale, { what })
      : say("home.done", locale);
  return what === say("home.things", locale) && key !== "home.done.broadcast"
    ? say("home.done", locale)
    : say(key, locale, { what });
};

/** What the home itself says: no markup, and no question, which would keep a microphone open. */
const spokenLine = (speech: string): string =>
  speech
    .replace(/[*_`#]/g, "")
    .replace(/\s+/g, " ")
    .replace(/[?;？]+$/u, ".")
    .trim();

const doneKey = ({ intent, slots, entities }: HomeCommand): string => {
  const domain = slots.domain ?? entities[0]?.domain;
  switch (intent) {
    case "HassTurnOn":
      if (domain === "cover" || domain === "valve") return "home.done.open";
      if (domain === "lock") return "home.done.lock";
      return domain === "script" || domain === "scene" ? "home.done.start" : "home.done.on";
    case "HassTurnOff":
      if (domain === "cover" || domain === "valve") return "home.done.close";
      return domain === "lock" ? "home.done.unlock" : "home.done.off";
    case "HassLightSet":
    case "HassSetPosition":
    case "HassClimateSetTemperature":
    case "HassSetVolume":
      return "home.done.set";
    case "HassListAddItem":
    case "HassShoppingListAddItem":
      return "home.done.add";
    case "HassVacuumStart":
      return "home.done.start";
    case "HassBroadcast":
      return "home.done.broadcast";
    default:
      return "home.done";
  }
};

const amountOf = ({ intent, slots }: HomeCommand, locale: string, say: Say): string => {
  const percent = slots.brightness ?? slots.position ?? slots.volume_level;
  if (percent !== undefined) return /^(?:pl|uk)/.test(locale) ? `${percent} %` : `${percent}%`;
  if (slots.temperature !== undefined)
    return intent === "HassLightSet" ? `${slots.temperature} K` : `${slots.temperature}°`;
  return ["hours", "minutes", "seconds"]
    .filter((unit) => slots[unit] !== undefined)
    .map((unit) => `${slots[unit]} ${say(`home.unit.${unit}`, locale)}`)
    .join(" ");
};
