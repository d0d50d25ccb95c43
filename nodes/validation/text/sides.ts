import { perWord } from "../../../platform/language/per-word.ts";

/** Words that tell two things of one kind apart by where they are; those of one axis exclude each other. */
const rows: readonly (readonly [axis: string, side: string, words: string])[] = [
  ["depth", "front", "front przedni* frontow* wejściow* передн* вхідн* קדמי קדמית כניסה הכניסה"],
  ["depth", "back", "back rear tyln* задн* אחורי אחורית"],
  [
    "breadth",
    "left",
    "left lewy lewa lewe lewej lewego lewą ліва лівий ліве лівої лівого ліву лівою שמאלי שמאלית שמאל",
  ],
  [
    "breadth",
    "right",
    "right prawy prawa prawe prawej prawego prawą права правий праве правої правого праву правою ימני ימנית ימין",
  ],
  ["height", "upper", "upper górny górna górne górnej górnego górną верхн* עליון עליונה"],
  ["height", "lower", "lower dolny dolna dolne dolnej dolnego dolną нижн* תחתון תחתונה"],
];
const whole = new Map<string, string>();
const stems = new Map<string, string>();
for (const [axis, side, words] of rows)
  for (const word of words.split(" "))
    if (word.endsWith("*")) stems.set(word.slice(0, -1), `${axis} ${side}`);
    else whole.set(word, `${axis} ${side}`);

/** English words that are sides only before what they tell apart: "the left door", but not "18 minutes left". */
const onlyBefore = /^(?:front|back|rear|left|right|upper|lower)$/;

const sideOf = perWord((word): string | undefined => {
  const bare = /^[ובלמהש][א-ת]{3}/.test(word) ? word.replace(/^ו?[בלמהש]?/, "") : word;
  let side = whole.get(word) ?? whole.get(bare);
  for (let length = word.length; side === undefined && length >= 4; length -= 1)
    if (word.length - length <= 4) side = stems.get(word.slice(0, length));
  return side;
});

/**
 * The side that a lower-case word names, as `depth front`; undefined when it names none.
 * @param isThing whether one of the next two words is a thing that has sides.
 */
export const sideNamed = (word: string, isThing: () => boolean): string | undefined => {
  const side = sideOf(word);
  return side !== undefined && onlyBefore.test(word) && !isThing() ? undefined : side;
};
