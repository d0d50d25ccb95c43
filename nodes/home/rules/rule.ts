import type { HomeCommand, HomeEntity, HomeReading, HomeUnclear } from "../home.ts";
import {
  type EntityMention,
  entityMentions,
  hasScope,
  isQuestion,
  placeMentions,
  type Sentence,
  unknownWords,
} from "../read-sentence.ts";
import { hasGroup } from "../span.ts";

/** Says what a sentence means, or nothing when it is about something else. Rules are asked in order. */
export type HomeRule = (sentence: Sentence, parse: (text: string) => HomeReading) => HomeReading;

type Slots = Record<string, string | number | undefined>;

const presentSlots = (slots: Slots): Record<string, string | number> =>
  Object.fromEntries(
    Object.entries(slots).filter((entry): entry is [string, string | number] => entry[1] !== undefined),
  );

interface CommandOptions {
  readonly entities?: readonly HomeEntity[];
  readonly confidence?: number;
}

export const reads = (
  intent: string,
  slots: Slots = {},
  { entities = [], confidence = 0.95 }: CommandOptions = {},
): HomeCommand => ({
  kind: "command",
  intent,
  slots: presentSlots(slots),
  effect: "read",
  confidence,
  entities,
});

/** An order, unless the sentence asks, forbids or sets a condition: then it must not be carried out. */
export const writes = (
  sentence: Sentence,
  intent: string,
  slots: Slots,
  options: CommandOptions = {},
): HomeCommand | HomeUnclear => {
  if (isQuestion(sentence)) return unclear("question");
  if (sentence.negated) return unclear("negated");
  if (sentence.conditional) return unclear("conditional");
  return { ...reads(intent, slots, options), effect: "write" };
};

export const unclear = (reason: HomeUnclear["reason"], unknown: readonly string[] = []): HomeUnclear => ({
  kind: "unclear",
  reason,
  unknown,
});

/** Unclear when words are left that nothing explains: they may change what is meant. */
export const unexplained = (sentence: Sentence): HomeUnclear | undefined => {
  const unknown = unknownWords(sentence);
  return unknown.length > 0 ? unclear("target", unknown) : undefined;
};

export interface Target {
  readonly name?: EntityMention;
  readonly area?: string;
  readonly floor?: string;
  /** More things or places are named than one order can have. */
  readonly several: boolean;
}

/** What and where: a name, an area, a floor. */
export const readTarget = (sentence: Sentence, allowed: (entity: HomeEntity) => boolean): Target => {
  const mentions = entityMentions(sentence, allowed);
  // "The amount of gas by the gas meter": beside a proper name, a word for a kind is no second name.
  const proper = mentions.filter(({ at }) => !hasGroup(sentence.spans[at], "noun"));
  const names = proper.length > 0 ? proper : mentions;
  const taken = new Set(names.map(({ at }) => at));
  const areas = placeMentions(sentence, "area").filter(({ at }) => !taken.has(at));
  const floors = placeMentions(sentence, "floor").filter(({ at }) => !taken.has(at));
  const distinct = (spellings: readonly string[]) => new Set(spellings).size;
  return {
    ...(names[0] ? { name: names[0] } : {}),
    ...(areas[0] ? { area: areas[0].spelling } : {}),
    ...(floors[0] ? { floor: floors[0].spelling } : {}),
    several:
      distinct(names.map(({ spelling }) => spelling)) > 1 ||
      distinct(areas.map(({ spelling }) => spelling)) > 1 ||
      distinct(floors.map(({ spelling }) => spelling)) > 1,
  };
};

/** The place slots of an order to a group: where it says, else where the speaker is. */
export const placeSlots = (sentence: Sentence, { area, floor }: Target): { area?: string; floor?: string } => {
  if (area !== undefined) return { area, ...(floor === undefined ? {} : { floor }) };
  if (floor !== undefined) return { floor };
  if (hasScope(sentence, "everywhere") && !hasScope(sentence, "here")) return {};
  return sentence.context.area === undefined ? {} : { area: sentence.context.area };
};

/** The place slots of an order to one named thing: only what was said. */
export const saidPlace = ({ area, floor }: Target): { area?: string; floor?: string } => ({
  ...(area === undefined ? {} : { area }),
  ...(floor === undefined ? {} : { floor }),
});
