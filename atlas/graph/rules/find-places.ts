import { detectLocale } from "../../../platform/language/detect-locale.ts";
import { perWord } from "../../../platform/language/per-word.ts";
import { languageOfWords } from "../../index/language-of-words.ts";
import { splitWords } from "../../index/split-words.ts";
import { type FoundEntity, normaliseName, toEntity } from "../entity.ts";

interface Place {
  readonly id: number;
  readonly name: string;
  readonly country: string;
  readonly admin1: string;
}

/** The gazetteer, as far as it is needed here. */
export interface Places {
  find(text: string, locale: string): readonly { readonly place: Place; readonly matched: string }[];
  resolve(phrase: string, locale: string): { readonly place: Place } | undefined;
}

/** A short text may not say for certain; the nearest will do. */
const localeOf = (text: string): string => detectLocale(text) ?? languageOfWords(splitWords(text.slice(0, 1_000)));

/** Finds places; in whatever language and case they are named, the same place has the same name. */
export const createFindPlaces = (places: Places) => {
  // Of several of one name the one that the bare name means has it alone; the others say where they are.
  const meant = perWord((name: string) => places.resolve(name, "en")?.place.id, 2_000);

  return (text: string): FoundEntity[] => {
    const found: FoundEntity[] = [];
    let from = 0;
    for (const { place, matched } of places.find(text, localeOf(text))) {
      const start = text.indexOf(matched, from);
      if (start < 0) continue;
      from = start + matched.length;
      const isMeant = meant(place.name) === place.id;
      const label = isMeant ? place.name : `${place.name}, ${place.admin1 ? `${place.admin1}, ` : ""}${place.country}`;
      const entity = toEntity("place", label, normaliseName(label));
      if (entity) found.push({ ...entity, start, end: from });
    }
    return found;
  };
};
