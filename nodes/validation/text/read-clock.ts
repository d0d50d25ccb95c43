import { numberWord } from "./number-words.ts";
import { figureAt } from "./read-figures.ts";
import { fractionAt } from "./read-fractions.ts";
import type { Token } from "./tokens.ts";
import { unitNamed } from "./units.ts";

export interface FoundClock {
  readonly minutes: readonly number[];
  readonly to: number;
}

const half = 12 * 60;
const both = (minutes: number): number[] => (minutes < half ? [minutes, minutes + half] : [minutes]);
const words = (list: string): ReadonlySet<string> => new Set(list.split(" "));

const afternoon = words(
  'pm p.m afternoon evening tonight popołudniu południu wieczorem wieczór дня вечора ввечері увечері пополудні בערב הערב אחה"צ הצהריים בצהריים',
);
const morning = words("am a.m morning rano ranem ранку вранці בבוקר הבוקר");
/** The night has hours of both halves: eleven is before midnight, three behind it. */
const night = words("night ночі вночі nocy בלילה הלילה");
/** Words that make the figure behind them an hour. */
const hourLead = words(
  "at o о об around by until till from since before after godzina godzinie godzinę godziny godz годині година בשעה ב השעה משעה עד",
);
const oClock = words("o'clock h год година годині");

const numberAt = (
  tokens: readonly Token[],
  at: number,
): { value: number; to: number; ordinal: boolean; spelled: boolean } | undefined => {
  const figure = figureAt(tokens, at);
  const [value] = figure?.values ?? [];
  return figure && value !== undefined && figure.values.length === 1 && Number.isInteger(value)
    ? { value, to: figure.to, ordinal: figure.ordinal, spelled: figure.spelled }
    : undefined;
};

/** The half of the day that stands behind a time ("pm", "in the morning", "po południu", "вечора", "בערב"), within a few words. */
const halfOfDay = (tokens: readonly Token[], at: number): { shift: "am" | "pm" | "night"; to: number } | undefined => {
  for (let index = at; index < Math.min(at + 4, tokens.length); index += 1) {
    const token = tokens[index];
    if (token === undefined || (token.kind === "mark" && token.text !== ".")) return undefined;
    const word = token.lower;
    if ((word === "p" || word === "a") && tokens[index + 1]?.text === "." && tokens[index + 2]?.lower === "m")
      return { shift: word === "p" ? "pm" : "am", to: index + 3 };
    if (night.has(word)) return { shift: "night", to: index + 1 };
    if (afternoon.has(word)) return { shift: "pm", to: index + 1 };
    if (morning.has(word)) return { shift: "am", to: index + 1 };
    if (!/^(?:in|the|at|on|this|tomorrow|yesterday|po|w|z|o|היום|אחר|לפנות|אחרי)$/.test(word)) return undefined;
  }
  return undefined;
};

const englishWords = words("a the at is it's to and of by from in");

/** "There's a 7:20": English and Hebrew tell the afternoon by the same hours where the subject leaves no doubt. */
const isTwelveHour = (tokens: readonly Token[], to: number): boolean =>
  tokens.slice(Math.max(0, to - 12), to + 8).some(({ lower }) => englishWords.has(lower) || /^[א-ת]/.test(lower));

const withHalf = (tokens: readonly Token[], minutes: number, to: number): FoundClock => {
  const found = minutes <= half + 59 ? halfOfDay(tokens, to) : undefined;
  if (found === undefined) {
    const isPadded = tokens[to - 3]?.text.startsWith("0") ?? false;
    return { minutes: !isPadded && isTwelveHour(tokens, to) ? both(minutes % 1440) : [minutes % 1440], to };
  }
  const inHalf = minutes % half;
  const isLate = found.shift === "night" ? inHalf >= 6 * 60 : found.shift === "pm";
  return { minutes: [isLate ? inHalf + half : inHalf], to: found.to };
};

const fixed = new Map<string, number>([
  ["noon", 720],
  ["midday", 720],
  ["midnight", 0],
  ["południe", 720],
  ["południa", 720],
  ["północ", 0],
  ["północy", 0],
  ["опівдні", 720],
  ["полудень", 720],
  ["опівночі", 0],
  ["північ", 0],
  ["חצות", 0],
  ["בחצות", 0],
  ["בצהריים", 720],
]);

/** A time of day that begins at a token: 14:30, 2.30 pm, 2 pm, "half past three", "wpół do czwartej", "пів на четверту", "שלוש וחצי". */
export const clockAt = (tokens: readonly Token[], at: number): FoundClock | undefined => {
  const token = tokens[at];
  if (token === undefined) return undefined;
  if (token.kind === "number") return digitClock(tokens, at, token);
  if (token.kind !== "word") return undefined;
  const noon = fixed.get(token.lower);
  // "po południu" and "before noon" are halves of the day.
  if (noon !== undefined)
    return /^(?:po|przed|before|after|до|після|אחר)$/.test(tokens[at - 1]?.lower ?? "")
      ? undefined
      : { minutes: [noon], to: at + 1 };
  return spokenClock(tokens, at, token.lower);
};

const digitClock = (tokens: readonly Token[], at: number, token: Token): FoundClock | undefined => {
  const mark = tokens[at + 1];
  const minute = tokens[at + 2];
  const hour = Number(token.text);
  if (
    mark?.text === ":" &&
    mark.start === token.end &&
    minute?.kind === "number" &&
    minute.start === mark.end &&
    /^\d\d$/.test(minute.text)
  ) {
    if (hour > 24 || Number(minute.text) > 59) return undefined;
    const hasSeconds =
      tokens[at + 3]?.text === ":" &&
      tokens[at + 3]?.start === minute.end &&
      /^\d\d(?:\.\d+)?$/.test(tokens[at + 4]?.text ?? "");
    return withHalf(tokens, hour * 60 + Number(minute.text), at + (hasSeconds ? 5 : 3));
  }
  const dotted = /^(\d{1,2})\.(\d{2})$/.exec(token.text);
  if (dotted && Number(dotted[1]) < 24 && Number(dotted[2]) < 60) {
    const minutes = Number(dotted[1]) * 60 + Number(dotted[2]);
    if (halfOfDay(tokens, at + 1)) return withHalf(tokens, minutes, at + 1);
    if (/^(?:godz|godzinie|godzina|godzinę|o|о|об)$/.test(before(tokens, at)))
      return { minutes: [minutes], to: at + 1 };
    return undefined;
  }
  if (!/^\d{1,2}$/.test(token.text) || hour > 24) return undefined;
  const next = tokens[at + 1]?.lower ?? "";
  if (hour <= 12 && /^(?:am|pm|a|p)$/.test(next) && halfOfDay(tokens, at + 1))
    return withHalf(tokens, hour * 60, at + 1);
  if (next === "o'clock") return withBoth(tokens, hour * 60, at + 2);
  const lead = before(tokens, at);
  if (hourLead.has(lead) && !isMeasured(tokens, at + 1)) {
    const suffix = /^(?:й|ій)$/.test(next) ? 1 : next === "" && tokens[at + 1]?.text === "-" ? 2 : 0;
    const to = at + 1 + suffix;
    if (/^(?:at|godz|godzina|godzinie|godzinę|godziny|o|о|об|בשעה|השעה|משעה|годині|година)$/.test(lead))
      return withBoth(tokens, hour * 60, to);
  }
  return hour <= 12 && halfOfDay(tokens, at + 1) && !isMeasured(tokens, at + 1)
    ? withHalf(tokens, hour * 60, at + 1)
    : undefined;
};

const isHereOrNow = (token: Token | undefined): boolean => /^(?:שם|עכשיו|כעת|כרגע|היא)$/.test(token?.lower ?? "");

const before = (tokens: readonly Token[], at: number): string => {
  // "השעה שם עכשיו שלוש"
  const skipped = isHereOrNow(tokens[at - 1]) ? (isHereOrNow(tokens[at - 2]) ? 2 : 1) : 0;
  if (skipped > 0) return tokens[at - 1 - skipped]?.lower ?? "";
  const previous = tokens[at - 1];
  if (previous?.text === "-" && previous.end === tokens[at]?.start) return tokens[at - 2]?.lower ?? ""; // "ב-15:00"
  return previous?.text === "." ? (tokens[at - 2]?.lower ?? "") : (previous?.lower ?? "");
};

/** Whether what follows makes a figure a measure rather than an hour ("at 3 %", "at 5 km/h", "at 21 degrees"). */
const isMeasured = (tokens: readonly Token[], at: number): boolean => {
  const word = tokens[at]?.lower ?? "";
  return (
    /^(?:%|°|º|[$€£₴₪]|km|m|kn|kt|c|f|gb|tb|to|–|-|of)$/.test(word) ||
    // "o 7 h" is a time; other lone letters are as often something else.
    (word.length > 2 && word !== "год" && unitNamed(word) !== undefined && !/^(?:godz|годин)/.test(word))
  );
};

const withBoth = (tokens: readonly Token[], minutes: number, to: number): FoundClock => {
  const found = withHalf(tokens, minutes, to);
  return found.to > to || minutes > half ? found : { minutes: both(minutes % 1440), to };
};

const spokenClock = (tokens: readonly Token[], at: number, word: string): FoundClock | undefined => {
  const next = tokens[at + 1]?.lower ?? "";
  const hourAt = (index: number) => numberAt(tokens, index);
  // "half past three"; "wpół do czwartej"; "пів на четверту", "пів до четвертої".
  if (
    (word === "half" && next === "past") ||
    (word === "wpół" && next === "do") ||
    (word === "пів" && (next === "на" || next === "до"))
  ) {
    const hour = hourAt(at + 2);
    if (hour === undefined || hour.value > 24) return undefined;
    return withBoth(tokens, word === "half" ? hour.value * 60 + 30 : hour.value * 60 - 30, hour.to);
  }
  // "пів одинадцятої"
  const whole = word === "пів" && /(?:ої|ьої)$/.test(next) ? hourAt(at + 1) : undefined;
  if (whole?.ordinal && whole.value < 13) return withBoth(tokens, whole.value * 60 - 30, whole.to);
  // "quarter past/to", "ten past", "kwadrans po", "за чверть".
  const minutes =
    word === "quarter" || word === "kwadrans" || word === "чверть" ? { value: 15, to: at + 1 } : numberAt(tokens, at);
  if (minutes && minutes.value < 60) {
    const link = tokens[minutes.to]?.lower ?? "";
    const skip = /^(?:minutes?|minut[aęy]?|minutach|хвилин[аиіу]?)$/.test(link) ? minutes.to + 1 : minutes.to;
    const how = tokens[skip]?.lower ?? "";
    if (/^(?:past|to|po|на|по)$/.test(how) && (how !== "to" || word === "quarter" || minutes.value % 5 === 0)) {
      const hour = hourAt(skip + 1);
      const isLast = hour && hour.value >= 1 && hour.value <= 24 && (how === "past" || how === "to" || hour.ordinal);
      if (isLast) {
        const late = how === "past" || how === "po" || how === "по";
        const of =
          how === "на"
            ? hour.value * 60 - 60 + minutes.value
            : hour.value * 60 + (late ? minutes.value : -minutes.value);
        if (!(how === "to" && isMeasured(tokens, hour.to))) return withBoth(tokens, of, hour.to);
      }
    }
  }
  if (word === "za" || word === "за") {
    // "за одну десяту секунди"
    const part = fractionAt(tokens, at + 1);
    if (part && part.to > at + 2) return undefined;
    const word1 = numberWord(next);
    const minutesTo =
      word1 && !word1.ordinal && word1.value < 60 && word1.value >= 1
        ? { value: word1.value, to: at + 2 }
        : numberAt(tokens, at + 1);
    const less = next === "kwadrans" || next === "чверть" ? { value: 15, to: at + 2 } : minutesTo;
    const hour = less && less.value < 60 ? hourAt(less.to) : undefined;
    if (less && hour?.ordinal) return withBoth(tokens, hour.value * 60 - less.value, hour.to);
    return undefined;
  }
  const hebrew = /^[א-ת]/.test(word) ? hebrewClock(tokens, at, word) : undefined;
  if (hebrew) return hebrew;
  const hour = numberAt(tokens, at);
  if (hour === undefined) return englishHourAndMinutes(tokens, at);
  if (hour.value > 24) return undefined;
  const after = tokens[hour.to]?.lower ?? "";
  const lead = before(tokens, at);
  if (oClock.has(after) && after === "o'clock") return withBoth(tokens, hour.value * 60, hour.to + 1);
  const isHour =
    (hour.ordinal &&
      !/(?:ym|ego|emu|y|ий|ого|ому|им)$/.test(tokens[hour.to - 1]?.lower ?? "") &&
      /^(?:o|о|об|od|do|po|przed|godzina|godzinie|godzinę|z|до|від|після)$/.test(lead)) ||
    (hour.ordinal && isHourOfMinutes(tokens, hour.to)) ||
    /^(?:at|בשעה|השעה)$/.test(lead);
  if (!isHour && !(hour.spelled && halfOfDay(tokens, hour.to) && hour.value <= 12)) return undefined;
  const minute = numberAt(tokens, hour.to);
  if (minute && !minute.ordinal && minute.value >= 5 && minute.value < 60 && !isMeasured(tokens, minute.to))
    return withBoth(tokens, hour.value * 60 + minute.value, minute.to);
  return isMeasured(tokens, hour.to) ? undefined : withBoth(tokens, hour.value * 60, hour.to);
};

const hebrewHour = /^(?:בשעה|השעה|עד|משעה)$/;

/** "dziesiąta trzydzieści", "десята тридцять": an ordinal of the gender of hours before as many minutes. */
const isHourOfMinutes = (tokens: readonly Token[], to: number): boolean => {
  const minutes = /[aąаую]$|ej$|ій$|ої$/.test(tokens[to - 1]?.lower ?? "") ? numberAt(tokens, to) : undefined;
  return (
    minutes?.spelled === true &&
    !minutes.ordinal &&
    minutes.value >= 5 &&
    minutes.value < 60 &&
    !isMeasured(tokens, minutes.to)
  );
};

/** "ten thirty in the evening": read as a price unless the half of the day follows. */
const englishHourAndMinutes = (tokens: readonly Token[], at: number): FoundClock | undefined => {
  const figure = figureAt(tokens, at);
  const [value = 0, hour = 0] = figure?.values ?? [];
  const minutes = Math.round((value - hour) * 100);
  if (!figure?.spelled || figure.values.length !== 2 || hour < 1 || hour > 12 || minutes < 1 || minutes > 59)
    return undefined;
  return halfOfDay(tokens, figure.to) && withHalf(tokens, hour * 60 + minutes, figure.to);
};

/** "בארבע וחצי", "השעה שלוש ורבע", "רבע לשש", "עשרים לשלוש לפנות בוקר". */
const hebrewClock = (tokens: readonly Token[], at: number, word: string): FoundClock | undefined => {
  const isAt = /^[בלמ]/.test(word) && numberWord(word.slice(1)) !== undefined;
  const withMinutes = hebrewMinutes(tokens, at, word, isAt);
  if (withMinutes) return withMinutes;
  const figure = figureAt(tokens, at);
  const [value = -1] = figure?.values ?? [];
  if (figure === undefined || figure.ordinal || isLength(tokens, figure.to)) return undefined;
  const isParted = value > 1 && value < 13 && !Number.isInteger(value) && Number.isInteger(value * 4);
  if (isParted && (isAt || hebrewHour.test(before(tokens, at)) || halfOfDay(tokens, figure.to)))
    return withBoth(tokens, value * 60, figure.to);
  // Minutes to an hour.
  const less = value === 0.25 ? 15 : value;
  const hourAt = /^דקות$/.test(tokens[figure.to]?.lower ?? "") ? figure.to + 1 : figure.to;
  const next = tokens[hourAt]?.lower ?? "";
  const hour = next.startsWith("ל") ? numberWord(next.slice(1)) : undefined;
  const isTo = less % 5 === 0 && less > 0 && less < 30 && hour && !hour.ordinal && hour.value >= 1 && hour.value <= 12;
  return isTo && !isLength(tokens, hourAt + 1) ? withBoth(tokens, hour.value * 60 - less, hourAt + 1) : undefined;
};

/** "בשמונה וחמש דקות", "תשע ועשרים בערב": an hour with the minutes behind it. */
const hebrewMinutes = (tokens: readonly Token[], at: number, word: string, isAt: boolean): FoundClock | undefined => {
  const hour = numberWord(word);
  const next = tokens[at + 1]?.lower ?? "";
  if (hour === undefined || hour.ordinal || hour.value < 1 || hour.value > 12 || !next.startsWith("ו"))
    return undefined;
  const minutes = figureAt(tokens, at + 1);
  const [value = 0] = minutes?.values ?? [];
  if (!minutes || minutes.ordinal || !Number.isInteger(value) || value < 1 || value > 59) return undefined;
  const isCounted = tokens[minutes.to]?.lower === "דקות";
  const to = isCounted ? minutes.to + 1 : minutes.to;
  if (isLength(tokens, to) || !(isAt ? isCounted || value >= 5 : halfOfDay(tokens, to))) return undefined;
  return withBoth(tokens, hour.value * 60 + value, to);
};

const isLength = (tokens: readonly Token[], at: number): boolean => {
  const next = tokens[at]?.lower ?? "";
  return next !== "דקות" && unitNamed(next) !== undefined && !/^[בלמה]/.test(next);
};
