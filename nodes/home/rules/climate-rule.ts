import type { HomeEntity } from "../home.ts";
import { hasNoun, isQuestion } from "../read-sentence.ts";
import { hasGroup } from "../span.ts";
import { coverClasses } from "../vocabulary/kinds.ts";
import { type HomeRule, placeSlots, reads, readTarget, saidPlace, unclear, unexplained, writes } from "./rule.ts";

const isClimate = ({ domain }: HomeEntity): boolean => domain === "climate" || domain === "water_heater";
/** A name that answers for itself what is asked: a thermometer, not the place it hangs in. */
const isThermometer = ({ domain }: HomeEntity): boolean => domain === "sensor" || domain === "weather";

/** The temperature of a home: what it is, and what it should be. */
export const climateRule: HomeRule = (sentence) => {
  const { quantities, actions } = sentence;
  const target = readTarget(sentence, isClimate);
  const degrees = quantities.find(({ unit }) => unit === "degree" || unit === "celsius" || unit === "fahrenheit");
  const speaksOfIt = hasNoun(sentence, "temperature", "climate") || target.name !== undefined;
  if (!speaksOfIt && !degrees) return undefined;
  const amount = degrees ?? quantities.find(({ unit }) => unit === undefined);
  if (!isQuestion(sentence) && amount) {
    if (
      sentence.spans.some((span) =>
        [...coverClasses, "volume", "brightness"].some((noun) => span.readings.has(`noun:${noun}`)),
      )
    )
      return undefined;
    if (target.several) return unclear("target");
    const where = target.name ? { name: target.name.spelling, ...saidPlace(target) } : placeSlots(sentence, target);
    return (
      unexplained(sentence) ??
      writes(
        sentence,
        "HassClimateSetTemperature",
        { ...where, temperature: amount.value },
        { entities: target.name?.entities ?? [] },
      )
    );
  }
  if (!hasNoun(sentence, "temperature")) return undefined;
  const asks = ["what", "which", "howMany"].some((question) => sentence.questions.has(question as "what"));
  // "Are any things cold" asks for a state, "how cold is it" for degrees.
  const asksState = sentence.spans.some((span) => hasGroup(span, "state"));
  const asksValue =
    sentence.questions.has("what") || ((asks || isQuestion(sentence) || actions.size === 0) && !asksState);
  if (!asksValue) return undefined;
  if (readTarget(sentence, isThermometer).name) return undefined;
  const unknown = unexplained(sentence);
  if (unknown) return unknown;
  const where = target.name ? { name: target.name.spelling, ...saidPlace(target) } : placeSlots(sentence, target);
  return reads("HassClimateGetTemperature", where, { entities: target.name?.entities ?? [] });
};
