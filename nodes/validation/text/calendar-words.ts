import type { Token } from "./tokens.ts";

const forms = (rows: readonly string[]): ReadonlyMap<string, number> =>
  new Map(
    rows.flatMap((row, index) =>
      row
        .split(/\s+/)
        .filter(Boolean)
        .map((form) => [form, index] as const),
    ),
  );

const months = forms([
  "january jan styczeń stycznia styczniu sty січень січня січні ינואר",
  "february feb luty lutego lutym lut лютий лютого лютому פברואר",
  "march mar marzec marca marcu березень березня березні מרץ מרס",
  "april apr kwiecień kwietnia kwietniu kwi квітень квітня квітні אפריל",
  "may maj maja maju травень травня травні מאי",
  "june jun czerwiec czerwca czerwcu cze червень червня червні יוני",
  "july jul lipiec lipca lipcu lip липень липня липні יולי",
  "august aug sierpień sierpnia sierpniu sie серпень серпня серпні אוגוסט",
  "september sep sept wrzesień września wrześniu wrz вересень вересня вересні ספטמבר",
  "october oct październik października październiku paź жовтень жовтня жовтні אוקטובר",
  "november nov listopad listopada listopadzie lis листопад листопада листопаді נובמבר",
  "december dec grudzień grudnia grudniu gru грудень грудня грудні דצמבר",
]);
const weekdays = forms([
  "sunday sundays sun niedziela niedzielę niedzieli niedziele niedzielny niedz ndz неділя неділю неділі неділею нд",
  "monday mondays mon poniedziałek poniedziałku poniedziałki poniedziałkowy pon понеділок понеділка понеділку понеділки пн",
  "tuesday tuesdays tue tues wtorek wtorku wtorki wtorkowy wt вівторок вівторка вівторку вівторки вт",
  "wednesday wednesdays wed środa środę środy środowy śr середа середу середи середою ср",
  "thursday thursdays thu thur thurs czwartek czwartku czwartki czwartkowy czw четвер четверга четверги чт",
  "friday fridays fri piątek piątku piątki piątkowy п'ятниця п'ятницю п'ятниці п'ятницею пт",
  "saturday saturdays sat sobota sobotę soboty sobotni sob субота суботу суботи суботою сб שבת",
]);
const hebrewWeekdays = forms([
  "ראשון א א'",
  "שני ב ב'",
  "שלישי ג ג'",
  "רביעי ד ד'",
  "חמישי ה ה'",
  "שישי ו ו'",
  "שבת ש",
]);
const relative = new Map<string, number>(
  Object.entries({
    today: 0,
    tonight: 0,
    dziś: 0,
    dzisiaj: 0,
    dzisiejszy: 0,
    dzisiejsza: 0,
    dzisiejsze: 0,
    сьогодні: 0,
    сьогоднішній: 0,
    היום: 0,
    הערב: 0,
    הלילה: 0,
    tomorrow: 1,
    jutro: 1,
    jutra: 1,
    jutrzejszy: 1,
    jutrzejsza: 1,
    завтра: 1,
    завтрашній: 1,
    מחר: 1,
    pojutrze: 2,
    післязавтра: 2,
    מחרתיים: 2,
    yesterday: -1,
    wczoraj: -1,
    wczorajszy: -1,
    вчора: -1,
    учора: -1,
    אתמול: -1,
    przedwczoraj: -2,
    позавчора: -2,
    שלשום: -2,
  }),
);

// Abbreviations that mean a day only beside a dash ("pn–pt").
const inRanges = new Map([
  ["pn", 1],
  ["pt", 5],
  ["so", 6],
  ["nd", 0],
]);

/** 1–12 for a month's name, Hebrew ones also behind a prefix. */
export const monthNamed = (word: string): number | undefined => {
  const index = months.get(word) ?? (/^[בלמהו][א-ת]/.test(word) ? months.get(word.slice(1)) : undefined);
  return index === undefined ? undefined : index + 1;
};

/** A weekday (0 is Sunday) that begins at a token, and how many tokens name it. */
export const weekdayAt = (tokens: readonly Token[], at: number): { day: number; length: number } | undefined => {
  const word = tokens[at]?.lower ?? "";
  const plain = weekdays.get(word) ?? (/^[בלמהו]/.test(word) ? weekdays.get(word.slice(1)) : undefined);
  const dash = /^[-–—]$/;
  const ranged = inRanges.get(word);
  if (ranged !== undefined && (dash.test(tokens[at - 1]?.text ?? "") || dash.test(tokens[at + 1]?.text ?? "")))
    return { day: ranged, length: 1 };
  if (plain !== undefined) {
    // "sat" and "sun" are days only when written like names.
    if (/^(?:sat|sun|wed|mon)$/.test(word) && !/^\p{Lu}/u.test(tokens[at]?.text ?? "")) return undefined;
    return { day: plain, length: 1 };
  }
  if (/^[בלמהו]{0,2}(?:יום|ימי|ימים)$/.test(word)) {
    const next = tokens[at + 1]?.lower ?? "";
    const day = hebrewWeekdays.get(next) ?? hebrewWeekdays.get(next.replace(/^ה/, ""));
    return day === undefined ? undefined : { day, length: 2 + gereshAt(tokens, at + 2) };
  }
  // Without "day" before it only Friday is a name.
  return /^[בלמהו]{0,2}שישי$/.test(word) ? { day: 5, length: 1 } : undefined;
};

/** Days from today that begin at a token ("tomorrow", "day after tomorrow"), and how many tokens say it. */
export const relativeDayAt = (tokens: readonly Token[], at: number): { days: number; length: number } | undefined => {
  const word = tokens[at]?.lower ?? "";
  if (word === "day") {
    const rest = `${tokens[at + 1]?.lower} ${tokens[at + 2]?.lower}`;
    if (rest === "after tomorrow") return { days: 2, length: 3 };
    if (rest === "before yesterday") return { days: -2, length: 3 };
  }
  const days = relative.get(word) ?? (/^[לומשה]/.test(word) ? relative.get(word.slice(1)) : undefined);
  return days === undefined ? undefined : { days, length: 1 };
};

/**
 * A Hebrew day that goes on with a list of days: the letter behind "ימים א, ג" or "ימים א–ה", and "בשני" once days are spoken of.
 */
export const nextHebrewDayAt = (tokens: readonly Token[], at: number): { day: number; length: number } | undefined => {
  const word = tokens[at]?.lower ?? "";
  // "ב-11:00" is "at 11".
  if (tokens[at + 1]?.text === "-" && tokens[at + 2]?.kind === "number") return undefined;
  const isBehindMark = /^[,–—-]$/.test(tokens[at - 1]?.text ?? "") || /^(?:ו|עד)$/.test(tokens[at - 1]?.lower ?? "");
  const bare = /^[בוה]/.test(word) && word.length > 2 ? word.replace(/^ו?[בה]/, "") : undefined;
  const day =
    word.length === 1 ? (isBehindMark ? hebrewWeekdays.get(word) : undefined) : hebrewWeekdays.get(bare ?? "");
  return day === undefined ? undefined : { day, length: 1 + gereshAt(tokens, at + 1) };
};

/** 1 where the mark of a day's letter ("א'") stands by itself. */
const gereshAt = (tokens: readonly Token[], at: number): number =>
  /^['’׳]$/.test(tokens[at]?.text ?? "") && tokens[at]?.start === tokens[at - 1]?.end ? 1 : 0;
