import { perWord } from "../../../platform/language/per-word.ts";
import { numberWord } from "./number-words.ts";
import { sideNamed } from "./sides.ts";

const rows: readonly string[] = [
  "kitchen|kuchni|кухн|מטבח",
  "living|lounge|salon|вітальн|сלון|סלון",
  "bedroom|sypialni|спальн|שינה",
  "bathroom|łazien|ванн|אמבטי|רחצה",
  "hall|hallway|przedpok|korytarz|korytarzu|коридор|передпок|מסדרון|מבואה",
  "garage|garaż|гараж|מוסך|חניה|חנייה",
  "office|biur|gabine|кабінет|офіс|משרד|עבודה",
  "study",
  "garden|ogr|сад|גינה|חצר",
  "balcony|balkon|балкон|מרפסת",
  "terrace|patio|taras|терас",
  "attic|loft|strych|poddasz|горищ|עליית",
  "basement|cellar|piwnic|підвал|מרתף",
  "nursery|kids|children|child|dziec|дитяч|ילדים|תינוק",
  "dining|jadaln|їдальн|אוכל",
  "porch|ganek|ganku|ґанк|ганк",
  "stairs|schod|сход|מדרגות",
  "laundry|pralni|пральн|כביסה",
  "guest|gościn|гостьов|אורחים",
  "upstairs|górze|góra|górę|нагорі|למעלה|עליונה",
  "downstairs|parter|parterze|dole|dół|dołu|внизу|למטה|קרקע",
  "lawn|trawnik|газон|דשא|מדשא",
];
const devices: readonly string[] = [
  "light|lights|lamp|lamps|bulb|chandelier|światł|lamp|lampk|żarów|oświetlen|світл|ламп|אור|אורות|מנורה|מנורת|נורה|תאורה",
  "thermostat|heating|heater|climate|radiator|termostat|ogrzewani|grzejnik|термостат|опаленн|обігрів|обігрівач|радіатор|תרמוסטט|חימום|תנור|רדיאטור",
  "air|conditioner|conditioning|ac|klimatyzac|klimatyzator|кондиціонер|מזגן",
  "fan|wentylator|wiatrak|вентилятор|מאוורר",
  "tv|television|telewizor|telewizj|телевізор|טלוויזיה",
  "door|drzwi|двер|דלת",
  "gate|bram|воро|שער",
  "wicket|furtk|хвіртк|פשפש",
  "sprinkler|irrigation|podlewani|polewani|zraszacz|полив|ממטר|ממטרות|השקיה|השקיית",
  "window|okn|вікн|חלון",
  "blind|blinds|shutter|shutters|curtain|curtains|rolet|żaluzj|zasłon|жалюзі|штор|ролет|תריס|תריסים|וילון",
  "vacuum|hoover|odkurzacz|пилосос|пилотяг|שואב",
  "speaker|głośnik|колонк|динамік|רמקול",
  "socket|plug|outlet|gniazdk|розетк|שקע",
  "alarm|alarm|сигналізаці|будильник|אזעקה",
  "boiler|bojler|бойлер|דוד|דוד",
  "timer|minutnik|таймер|טיימר",
  "pump|pomp|помп|насос|משאבה",
  "kettle|czajnik|чайник|קומקום",
  "oven|piekarnik|духовк|תנור",
  "washing|pralk|пральн|כביסה",
  "dishwasher|zmywark|посудомий|מדיח",
];
const table = new Map<string, string>();
for (const [kind, list] of [
  ["area", rows],
  ["device", devices],
] as const)
  for (const row of list) for (const stem of row.split("|")) table.set(stem, `${kind}:${row.split("|")[0]}`);

const longestEnding = 4;

/** The area or device of a home that a lower-case word names, in en, pl, uk or he: `area:kitchen`, `device:light`. */
export const homeWord = perWord((word: string): string | undefined => {
  const bare = /^[ובלמהש]+[א-ת]{3}/.test(word)
    ? [word, word.replace(/^[ובלמהש]/, ""), word.replace(/^[ובלמהש]{2}/, "")]
    : [word];
  for (const each of bare) {
    const exact = table.get(each);
    if (exact) return exact;
    if (/^[a-z]+$/.test(each) && !/[ąćęłńóśźż]/.test(each)) {
      const singular = table.get(each.replace(/s$/, ""));
      if (singular) return singular;
    }
    for (let length = each.length - 1; length >= Math.max(3, each.length - longestEnding); length -= 1) {
      const stem = each.slice(0, length);
      const found = table.get(stem);
      // English names are whole words; stems are those that only inflected languages use.
      if (
        found &&
        (length >= 4 || /[^a-z]/.test(stem) || /^(?:okn|ogr)$/.test(stem)) &&
        (!/^[a-z]+$/.test(each) || !englishWhole.has(stem))
      )
        return found;
    }
  }
  return undefined;
});
const englishWhole = new Set(
  "kitchen living lounge bedroom bathroom hall garage office study garden balcony terrace patio attic loft basement cellar nursery kids children child dining porch stairs laundry guest light lights air fan door gate window blind vacuum speaker socket plug timer pump kettle oven".split(
    " ",
  ),
);

/** The side that a word names, told by the words behind it: `side:depth front`. */
export const sideWord = (word: string, next: () => readonly string[]): string | undefined => {
  const side = sideNamed(word, () => next().some((each) => homeWord(each) !== undefined));
  return side === undefined ? undefined : `side:${side}`;
};

/** Kinds of words of which a thing has one: another one is another thing. */
export const homeKinds = ["area", "device", "side:depth", "side:breadth", "side:height"] as const;

/** The areas, devices and sides that a text names. */
export const homeWordsOf = (text: string): ReadonlySet<string> => {
  const found = new Set<string>();
  for (const [, number = ""] of text
    .toLowerCase()
    .slice(0, 20_000)
    .matchAll(/([\p{L}\d]{1,20})(?:-\p{L}{1,2})?\s(?:поверс|поверх|piętr|floor)/gu)) {
    const level = numberWord(number)?.value ?? (/^\d{1,2}$/.test(number) ? Number(number) : undefined);
    if (level !== undefined) found.add(`area:floor ${level}`);
  }
  const split = text
    .slice(0, 20_000)
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .replace(/_/g, " ")
    .toLowerCase();
  const words = split.match(/[\p{L}\p{M}]+/gu) ?? [];
  for (const [at, word] of words.entries()) {
    const named = homeWord(word);
    if (named) found.add(named);
    const side = sideWord(word, () => words.slice(at + 1, at + 3));
    if (side) found.add(side);
  }
  return found;
};
