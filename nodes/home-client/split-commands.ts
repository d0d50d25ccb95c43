import type { HomeCommand, HomeReading } from "../home/home.ts";
import { type Command, isHome } from "./said-command.ts";

/** Most orders in one sentence: a client that takes calls one after another allows ten rounds. */
const mostCommands = 6;
const joint =
  /\s*[,;.!]\s+(?:(?:and|then|i|oraz|potem|а|і|й|та|потім|וגם|ואז)\s+)?|\s+(?:and then|and also|and|then|a potem|i potem|oraz|potem|i|а потім|і потім|потім|і|й|та|וגם|ואז)\s+|\s+ו(?=[\u05d0-\u05ea]{2})/gu;

type Parse = (text: string) => HomeReading;

/** The places where one order may end and the next begin. */
export const jointsOf = (text: string) =>
  [...text.slice(0, 500).matchAll(joint)].slice(0, mostCommands - 1).map((match) => ({
    left: text.slice(0, match.index).trim(),
    right: text.slice(match.index + match[0].length).trim(),
  }));

/** Each part makes sense by itself. A bare name after an order ("… and the desk") is no question of its own. */
export const splitIndependent = (text: string, parse: Parse): Command[] | undefined => {
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
export const splitShared = (text: string, parse: Parse): Command[] | undefined => {
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
