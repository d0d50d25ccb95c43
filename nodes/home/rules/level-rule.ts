import type { HomeEntity, HomeReading } from "../home.ts";
import { hasNoun, isQuestion, type Sentence } from "../read-sentence.ts";
import { has, hasGroup, keysOf } from "../span.ts";
import type { ColourKey } from "../vocabulary/colours.ts";
import { coverClasses } from "../vocabulary/kinds.ts";
import { type HomeRule, placeSlots, readTarget, saidPlace, type Target, unclear, unexplained, writes } from "./rule.ts";

const isLight = ({ domain }: HomeEntity): boolean => domain === "light" || domain === "group" || domain === "switch";
const isMovable = ({ domain }: HomeEntity): boolean => domain === "cover" || domain === "valve";

const percentOf = (sentence: Sentence, minimum: number): number | undefined => {
  const amount = sentence.quantities.find(({ unit }) => unit === "percent" || unit === undefined)?.value;
  if (amount !== undefined) return amount;
  const level = sentence.spans.find((span) => hasGroup(span, "level"));
  return has(level, "level:maximum") ? 100 : has(level, "level:minimum") ? minimum : undefined;
};

/** Colours that are no part of a name. */
const colourOf = ({ spans }: Sentence): ColourKey | undefined =>
  spans.flatMap((span) => (span.names.some(({ exact }) => exact) ? [] : keysOf<ColourKey>(span, "colour")))[0];

const setPosition = (sentence: Sentence, target: Target): HomeReading => {
  const position = percentOf(sentence, 0);
  if (position === undefined) return undefined;
  if (target.several) return unclear("target");
  const entities = target.name?.entities ?? [];
  if (target.name)
    return (
      unexplained(sentence) ??
      writes(
        sentence,
        "HassSetPosition",
        { domain: entities[0]!.domain, name: target.name.spelling, ...saidPlace(target), position },
        { entities },
      )
    );
  const nouns = sentence.spans.flatMap((span) => keysOf(span, "noun"));
  const kind = nouns.find((noun) => coverClasses.has(noun));
  const valve = nouns.includes("valve");
  if (!kind && !valve && !nouns.includes("cover")) return undefined;
  return (
    unexplained(sentence) ??
    writes(sentence, "HassSetPosition", {
      domain: valve ? "valve" : "cover",
      device_class: kind,
      ...placeSlots(sentence, target),
      position,
    })
  );
};

const setLight = (sentence: Sentence, target: Target): HomeReading => {
  const { actions } = sentence;
  const color = colourOf(sentence);
  const speaksOfLight = hasNoun(sentence, "light", "brightness", "colour") || target.name !== undefined;
  const ordered =
    actions.size === 0 || ["change", "increase", "decrease", "on"].some((action) => actions.has(action as "on"));
  if (!ordered) return undefined;
  const place = target.area ?? target.floor;
  if (!speaksOfLight && place === undefined) return undefined;
  if (["volume", "temperature", "climate", "fan", "position", "timer"].some((noun) => hasNoun(sentence, noun as "fan")))
    return undefined;
  const brightness = percentOf(sentence, 1);
  if (brightness === undefined && color === undefined)
    return hasNoun(sentence, "brightness", "colour") && actions.size > 0 ? unclear("value") : undefined;
  if (target.several) return unclear("target");
  const where = target.name ? { name: target.name.spelling, ...saidPlace(target) } : placeSlots(sentence, target);
  const entities = target.name?.entities ?? [];
  return unexplained(sentence) ?? writes(sentence, "HassLightSet", { ...where, brightness, color }, { entities });
};

/** Brightness and colour of lights, position of covers and valves. */
export const levelRule: HomeRule = (sentence) => {
  if (isQuestion(sentence)) return undefined;
  const movable = readTarget(sentence, isMovable);
  const moves =
    movable.name !== undefined ||
    sentence.spans.some((span) => [...coverClasses, "cover", "valve"].some((noun) => has(span, `noun:${noun}`)));
  return (moves ? setPosition(sentence, movable) : undefined) ?? setLight(sentence, readTarget(sentence, isLight));
};
