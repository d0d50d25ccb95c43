import type { Ground } from "./ground.ts";

/** What weather brings with it, so that it may be told as well. */
const brings: Readonly<Record<string, readonly string[]>> = {
  rain: ["cloud"],
  snow: ["cloud"],
  thunder: ["rain", "cloud"],
  partly: ["clear", "cloud", "mostly"],
  mostly: ["clear", "partly"],
  clear: ["mostly"],
};
/** Whether a known word of the weather lets a claimed one be told. */
export const allowsSky = (known: string, claimed: string): boolean =>
  known === claimed || (brings[known]?.includes(claimed) ?? false);

const delays =
  /(?<!(?:no|without|not|bez|brak|nie|без|немає|не|ללא|אין|בלי|לא)\s)(?:delay|\blate\b|opóźn|spóźn|затрим|запізн|спізн|איחור|עיכוב|מאחר|מתעכב)/iu;
const arrivals = /(?<!\p{L})(?:landed|arrived|wylądował|przyleciał|приземли|прилетів|прибув|נחת)/iu;
const wet = /precip|rain|snow|opad|deszcz|опад|дощ|сніг|משקע|גשם/iu;
const late = /delay|late|opozn|opóźn|zatrzym|затрим|запізн|איחור/iu;

const hasFigure = ({ facts }: Ground, path: RegExp): boolean =>
  facts.facts.some(
    ({ atom, path: at, from }) =>
      from !== "said" && atom.kind === "number" && (atom.values[0] ?? 0) > 0 && path.test(at),
  );
const knownTexts = ({ evidence, actions }: Ground): string[] => [
  ...evidence.flatMap(({ title, text }) => [title, text.slice(0, 20_000)]),
  ...actions.map(({ result }) => JSON.stringify(result ?? null).slice(0, 20_000)),
];
const tells = (ground: Ground, words: RegExp): boolean => knownTexts(ground).some((text) => words.test(text));
const isDelayed = (ground: Ground): boolean => hasFigure(ground, late) || tells(ground, delays);

/** Whether what is known lets a state be told though no word of it is there: figures of rain, minutes of delay, a time of arrival. */
export const followsFromFigures = (id: string, ground: Ground): boolean => {
  if (id === "rain" || id === "snow") return hasFigure(ground, wet);
  if (id === "delayed") return isDelayed(ground);
  if (id === "ontime") return !isDelayed(ground) && !tells(ground, /cancel|odwoł|скасов|בוטל|מבוטל/iu);
  return id === "landed" && (tells(ground, arrivals) || tells(ground, /"status":\s?"(?:landed|arrived)"/i));
};
