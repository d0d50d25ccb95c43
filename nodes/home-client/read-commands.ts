import type { HomeCommand, HomeReading, HomeUnclear } from "../home/home.ts";
import type { IntentPart } from "../understanding/understood-query.ts";

/** One order or question about the home. */
export interface SaidCommand {
  readonly text: string;
  readonly reading: HomeCommand | HomeUnclear;
  /** Index of the part of the query that it belongs to. */
  readonly part: number;
}

export interface SaidCommands {
  readonly commands: readonly SaidCommand[];
  /** Indexes of the parts that are about something else. */
  readonly others: readonly number[];
}

/** Most orders in one sentence: a client that takes calls one after another allows ten rounds. */
const mostCommands = 6;
const joint =
  /\s*[,;]\s+(?:(?:and|then|i|oraz|potem|а|і|й|та|потім|וגם|ואז)\s+)?|\s+(?:and then|and also|and|then|a potem|i potem|oraz|potem|i|а потім|і потім|потім|і|й|та|וגם|ואז)\s+|\s+ו(?=[\u05d0-\u05ea]{2})/gu;

/** What other parts of the engine answer better than a home does. */
const notOfTheHome = new Set(["HassRespond", "HassGetCurrentTime", "HassGetCurrentDate", "HassGetWeather"]);

const isHome = (reading: HomeReading): reading is HomeCommand =>
  reading?.kind === "command" && !notOfTheHome.has(reading.intent);

/** Most readings of one text: hostile lists of "and" must not cost more than an order. */
const mostReadings = 80;

type Parse = (text: string) => HomeReading;
type Command = Omit<SaidCommand, "part">;

/**
 * Finds the orders and questions about the home in a text: one, several with a verb each, or several that share a verb
 * ("the lamp and the fan", "in the kitchen and the hall"). Undefined when none of it is about the home.
 */
export const readCommands = (
  text: string,
  parts: readonly IntentPart[],
  parseText: Parse,
): SaidCommands | undefined => {
  const parse = remembered(parseText);
  if (parts.length > 1) {
    const read = parts.map((part) => readText(part.text, parse));
    const others = read.flatMap((commands, index) => (commands ? [] : [index]));
    if (others.length < parts.length) {
      const whole = others.length === 0 ? readText(text, parse) : undefined;
      const commands = whole?.map((command) => ({ ...command, part: 0 }));
      return {
        commands: commands ?? read.flatMap((found, part) => (found ?? []).map((one) => ({ ...one, part }))),
        others,
      };
    }
  }
  const commands = readText(text, parse);
  return commands && { commands: commands.map((command) => ({ ...command, part: 0 })), others: [] };
};

const remembered = (parse: Parse): Parse => {
  const known = new Map<string, HomeReading>();
  return (text) => {
    if (!known.has(text) && known.size < mostReadings) known.set(text, parse(text));
    return known.get(text);
  };
};

const readText = (text: string, parse: Parse): readonly Command[] | undefined => {
  const separate = splitIndependent(text, parse);
  if (separate) return separate;
  const whole = parse(text);
  if (isHome(whole)) return [{ text, reading: whole }];
  const shared = splitShared(text, parse);
  if (shared) return shared;
  return whole?.kind === "unclear" ? [{ text, reading: whole }] : undefined;
};

const jointsOf = (text: string) =>
  [...text.slice(0, 500).matchAll(joint)].slice(0, mostCommands - 1).map((match) => ({
    left: text.slice(0, match.index).trim(),
    right: text.slice(match.index + match[0].length).trim(),
  }));

/** Each part makes sense by itself. A bare name after an order ("… and the desk") is no question of its own. */
const splitIndependent = (text: string, parse: Parse): Command[] | undefined => {
  for (const { left, right } of jointsOf(text)) {
    const first = parse(left);
    if (!isHome(first)) continue;
    const next = parse(right);
    const rest = splitIndependent(right, parse) ?? (isHome(next) ? [{ text: right, reading: next }] : undefined);
    if (!rest) continue;
    const isNameOnly =
      first.effect === "write" && rest[0]!.reading.kind === "command" && rest[0]!.reading.effect === "read";
    if (isNameOnly && grow(left, right, first, parse)) continue;
    return [{ text: left, reading: first }, ...rest];
  }
  return undefined;
};

/** A later part takes its beginning from the first: as much of it as makes an order of the same kind. */
const splitShared = (text: string, parse: Parse): Command[] | undefined => {
  for (const { left, right } of jointsOf(text)) {
    const first = parse(left);
    const rest = isHome(first) ? grow(left, right, first, parse) : undefined;
    if (rest) return [{ text: left, reading: first as HomeCommand }, ...rest];
  }
  return undefined;
};

const grow = (left: string, right: string, { intent }: HomeCommand, parse: Parse): Command[] | undefined => {
  const words = left.split(/\s+/).slice(0, 12);
  for (let count = words.length - 1; count > 0; count -= 1) {
    const grown = `${words.slice(0, count).join(" ")} ${right}`;
    const reading = parse(grown);
    if (isElsewhere(reading)) continue;
    const found = isHome(reading)
      ? [{ text: grown, reading }]
      : jointsOf(right).length > 0
        ? splitShared(grown, parse)
        : undefined;
    if (found?.every((command) => command.reading.kind === "command" && command.reading.intent === intent))
      return found;
  }
  return undefined;
};

/** A thing's name with a room that it is not in: the room was the first order's. */
const isElsewhere = (reading: HomeReading): boolean =>
  reading?.kind === "command" &&
  reading.slots.area !== undefined &&
  reading.entities.length > 0 &&
  reading.entities.every(({ area }) => area !== reading.slots.area);
