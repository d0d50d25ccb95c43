import type { FoundPlace } from "../../../rag-services/places/place.ts";
import { restOfPhrase, stems } from "./rest-of-phrase.ts";
import type { SlotContext, SlotRecogniser } from "./slot-recogniser.ts";

const longestText = 300;
const mostWords = 4;

// Words of weather, time and events that stand beside a place name and are none.
const carriers = stems(
  `weather forecast rain snow sun wind cold hot warm temperatur degree time date clock hour day event concert festival gig near around
   umbrella jacket storm fog local outside airport humid celsius fahrenheit sunday monday tuesday wednesday thursday friday saturday
   pogod prognoz deszcz snieg wiatr zimn cieplo temperatur stopni godzin czas koncert wydarze lotnisk pada padac parasol niedziel
   poniedzial wtorek wtorku srod czwart piatek piatku sobot popoludni wieczor rano noc jutr dzisi
   погод прогноз дощ сніг вітер холодн тепл температур градус година годин час концерт поді аеропорт неділ понеділ вівтор серед четвер
   пятниц субот ввечер вранці מזג אוויר האוויר תחזית גשם שלג רוח חם קר טמפרטורה מעלות שעה השעה הופע אירוע יום ביום שבת בשבת`,
);

/** The name under which the place is found again: its own where that is unambiguous, else the words that were used. */
const nameOf = ({ place, matched }: FoundPlace, { gazetteer, locale }: SlotContext): string =>
  gazetteer.resolve(place.name, locale)?.place.id === place.id ? place.name : matched;

/** The longest beginning of the words that names a place: "Krakowie jutro", where only a preposition would tell `find`. */
const resolveStart = (words: string, { gazetteer, locale }: SlotContext): FoundPlace | undefined => {
  const pieces = words.split(/\s+/).slice(0, 8);
  for (let length = pieces.length; length > 0; length -= 1) {
    const found = gazetteer.resolve(pieces.slice(0, length).join(" "), locale);
    if (found) return found;
  }
  return undefined;
};

const afterPreposition =
  /(?<![\p{L}\p{N}])(?:in|near|at|around|for|w|we|koło|u|у|в|біля)\s+(\p{Lu}[\p{L}'’-]*(?:[ ,]+\p{Lu}[\p{L}'’-]*){0,3})/u;

/** A populated place, by name; one that the gazetteer lacks is kept as written, for services with a geocoder of their own. */
export const placeRecogniser: SlotRecogniser = {
  whole(words, context) {
    const clipped = words.slice(0, longestText);
    const found = resolveStart(clipped, context) ?? context.gazetteer.find(clipped, context.locale)[0];
    if (found) return nameOf(found, context);
    const rest = restOfPhrase(clipped, carriers);
    return rest !== undefined && rest.split(/\s+/).length <= mostWords && !/\d/.test(rest) ? rest : undefined;
  },
  find(text, context) {
    const clipped = text.slice(0, longestText);
    const found = context.gazetteer.find(clipped, context.locale)[0];
    if (found) return nameOf(found, context);
    return afterPreposition.exec(clipped)?.[1]?.trim();
  },
};

/** A place only when the words name nothing else: what an elliptic part ("and in London") may consist of. */
export const resolvePlace = (words: string, context: SlotContext): string | undefined => {
  const found = context.gazetteer.resolve(words, context.locale);
  return found && nameOf(found, context);
};
