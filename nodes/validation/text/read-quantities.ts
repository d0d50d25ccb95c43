import { isApproximate, limitAt } from "./approximate-words.ts";
import { signBelowZero } from "./below-zero.ts";
import { monthNamed, nextHebrewDayAt, relativeDayAt, weekdayAt } from "./calendar-words.ts";
import { adjectiveUnit } from "./compound-measures.ts";
import { joinQuantities } from "./join-quantities.ts";
import { numberWord } from "./number-words.ts";
import type { Quantity } from "./quantity.ts";
import { clockAt } from "./read-clock.ts";
import { dateAt } from "./read-date.ts";
import { type Figure, figureAt } from "./read-figures.ts";
import { fractionAt, isFractionWord } from "./read-fractions.ts";
import { isReferenceAt } from "./reference-words.ts";
import { type Token, tokensOf } from "./tokens.ts";
import { longestUnit, type Unit, unitNamed } from "./units.ts";
import { halfBehind, wordMeasureAt } from "./word-measures.ts";

/** A text's tokens and the quantities in it, in order and without overlap. */
export interface ReadText {
  readonly tokens: readonly Token[];
  readonly quantities: readonly Quantity[];
}

/** Towns whose second word is a number word: Be'er Sheva, Kiryat Arba. */
const isNumberedTown = (tokens: readonly Token[], at: number): boolean =>
  /^[ובלמהש]{0,2}(?:באר שבע|קריי?ת ארבע)$/.test(`${tokens[at]?.lower} ${tokens[at + 1]?.lower}`);

/**
 * The numbers, dates and times of a text in en, pl, uk or he, in digits or words, with their units. Codes (LO281, e3) and
 * citation marks are none. Linear in the text's length.
 */
export const readQuantities = (text: string): ReadText => {
  const tokens = tokensOf(text);
  // Polish "ten" is "this".
  const isPolish = /[ąęłśżźćń]/i.test(text);
  const quantities: Quantity[] = [];
  const put = (quantity: object, from: number, to: number) => {
    const start = tokens[from]?.start ?? 0;
    quantities.push({ ...quantity, from, to, written: text.slice(start, tokens[to - 1]?.end ?? start) } as Quantity);
  };
  let at = 0;
  let isHebrewWeek = false;
  while (at < tokens.length) {
    const token = tokens[at];
    if (token === undefined) break;
    const after = isNumberedTown(tokens, at) ? at + 2 : skipCode(tokens, at);
    if (after > at) {
      at = after;
      continue;
    }
    if (token.kind === "mark") {
      at += 1;
      continue;
    }
    const day = relativeDayAt(tokens, at);
    if (day) {
      put({ kind: "date", relative: day.days }, at, at + day.length);
      at += day.length;
      continue;
    }
    const date = dateAt(tokens, at);
    if (date) {
      put({ kind: "date", ...date.date }, at, date.to);
      at = date.to;
      continue;
    }
    const measure = token.kind === "word" ? wordMeasureAt(tokens, at) : undefined;
    if (measure) {
      const { value, step, unit, to } = measure;
      put(
        {
          kind: "number",
          values: [value],
          step,
          unit,
          ordinal: false,
          spelled: true,
          approximate: isApproximate(tokens, at),
        },
        at,
        to,
      );
      at = to;
      continue;
    }
    const weekday = weekdayAt(tokens, at) ?? (isHebrewWeek ? nextHebrewDayAt(tokens, at) : undefined);
    if (weekday) {
      isHebrewWeek ||= /^[א-ת]/.test(token.lower);
      put({ kind: "date", weekday: weekday.day }, at, at + weekday.length);
      at += weekday.length;
      continue;
    }
    if (
      token.kind === "word" &&
      numberWord(token.lower) === undefined &&
      !isFractionWord(token.lower) &&
      !(/^an?$/.test(token.lower) && fractionAt(tokens, at)) &&
      !/^(?:wpół|za|за|kwadrans|noon|midday|midnight|połud.*|północ.*|опів.*|полуд.*|північ|ב?חצות|בצהריים)$/.test(
        token.lower,
      )
    ) {
      const month = monthNamed(token.lower);
      if (month !== undefined && isMonth(tokens, at)) put({ kind: "date", month }, at, at + 1);
      at += 1;
      continue;
    }
    if (isPolish && token.lower === "ten") {
      at += 1;
      continue;
    }
    const clock = clockAt(tokens, at);
    if (clock) {
      const zone = zoneAt(tokens, clock.to);
      put(
        {
          kind: "clock",
          minutes: clock.minutes,
          offset: zone?.offset,
          approximate:
            isApproximate(tokens, at) ||
            /^(?:po|after|past|shortly|soon|przed|before|після|перед|אחרי|לפני|just)$/.test(
              tokens[at - 1]?.lower ?? "",
            ),
        },
        at,
        zone?.to ?? clock.to,
      );
      at = zone?.to ?? clock.to;
      continue;
    }
    const figure = figureAt(tokens, at);
    if (figure === undefined) {
      at += 1;
      continue;
    }
    at = numberFrom(tokens, at, figure, put);
  }
  joinQuantities(quantities, tokens);
  signBelowZero(quantities, tokens);
  return { tokens, quantities };
};

/** "May" and "march" are months only when nothing else makes them verbs: a year or "in" beside them. */
const isMonth = (tokens: readonly Token[], at: number): boolean => {
  const token = tokens[at];
  if (token === undefined) return false;
  if (
    /^[a-z]/.test(token.text) &&
    /^[a-z]+$/.test(token.lower) &&
    /^(?:may|march|mar|sep|sept|dec|jun|jul|jan|feb|apr|aug|oct|nov|maj|lip|gru|wrz|sty|lut|kwi|cze|sie|lis)$/.test(
      token.lower,
    )
  )
    return false;
  if (/^(?:may|march|mar|lip|лют|лис)$/.test(token.lower))
    return /^(?:in|since|until|by|last|next|this)$/.test(tokens[at - 1]?.lower ?? "");
  return token.lower.length > 3;
};

/** Past a citation mark such as [2] or [e1, e2], or a code of letters and digits; the same index when none begins here. */
const skipCode = (tokens: readonly Token[], at: number): number => {
  const token = tokens[at];
  if (token === undefined) return at;
  if (token.text === "[") {
    let index = at + 1;
    while (index < at + 24 && (/^(?:e|,|;|\d{1,3})$/.test(tokens[index]?.text ?? "") || tokens[index]?.text === "^"))
      index += 1;
    return tokens[index]?.text === "]" && index > at + 1 ? index + 1 : at;
  }
  // Letters that touch digits make a code: LO281, Q3, v4, and what is joined to it.
  const next = tokens[at + 1];
  const isCode =
    token.kind === "word" &&
    next?.kind === "number" &&
    next.start === token.end &&
    !/^(?:us)$/i.test(token.text) &&
    !/^[א-ת]$/.test(token.text);
  const isJoined =
    token.kind === "word" &&
    /^[\p{Lu}]{2,}$/u.test(token.text) &&
    next?.text === "-" &&
    tokens[at + 2]?.kind === "number" &&
    tokens[at + 2]?.start === next.end;
  if (!isCode && !isJoined) return at;
  let index = at + (isJoined ? 3 : 2);
  while (
    index < tokens.length &&
    tokens[index]?.start === tokens[index - 1]?.end &&
    /^[\p{L}\p{N}_./-]+$/u.test(tokens[index]?.text ?? "") &&
    tokens[index + 1]?.start === tokens[index]?.end
  )
    index += 1;
  const last = tokens[index];
  return last && last.kind !== "mark" && last.start === tokens[index - 1]?.end ? index + 1 : index;
};

const zoneAt = (tokens: readonly Token[], at: number): { offset: number; to: number } | undefined => {
  const word = tokens[at]?.lower ?? "";
  if (
    word === "utc" ||
    word === "gmt" ||
    word === "zulu" ||
    (word === "z" && tokens[at]?.start === tokens[at - 1]?.end)
  )
    return { offset: 0, to: at + 1 };
  return undefined;
};

type Put = (quantity: object, from: number, to: number) => void;

const currencySign = /^[$€£₴₪¥₿]$/;

const unitAt = (tokens: readonly Token[], at: number): { unit: Unit; to: number } | undefined => {
  let best: { unit: Unit; to: number } | undefined;
  let name = "";
  for (let length = 1; length <= longestUnit; length += 1) {
    const token = tokens[at + length - 1];
    if (token === undefined || token.kind === "number" || token.text === "," || token.text === ".") break;
    name = name === "" ? token.lower : `${name} ${token.lower}`;
    const unit = unitNamed(name);
    if (unit) best = { unit, to: at + length };
  }
  return best;
};

const unitBefore = (tokens: readonly Token[], at: number): Unit | undefined => {
  const previous = tokens[at - 1];
  if (previous === undefined) return undefined;
  if (
    currencySign.test(previous.text) ||
    /^(?:USD|EUR|GBP|PLN|UAH|ILS|CHF|JPY|CZK|SEK|NOK|DKK|CAD|AUD)$/.test(previous.text)
  )
    return unitNamed(previous.lower);
  return undefined;
};

const signOf = (tokens: readonly Token[], at: number): number => {
  let index = at - 1;
  if (currencySign.test(tokens[index]?.text ?? "") && tokens[index]?.end === tokens[at]?.start) index -= 1;
  const previous = tokens[index];
  if (previous === undefined) return 1;
  if (/^(?:minus|negative|мінус|מינוס)$/.test(previous.lower)) return -1;
  if (previous.text !== "-" || previous.end !== tokens[index + 1]?.start) return 1;
  // A dash that touches what is before it joins ("3-1", "ב-15"), else it is a minus.
  const further = tokens[index - 1];
  return further !== undefined && further.end === previous.start && further.kind !== "mark" ? 1 : -1;
};

/** Reads a number with its unit and, behind a mark, its partner ("3–1", "88:92", "4 to 9"). Gives the index after it. */
const numberFrom = (tokens: readonly Token[], at: number, figure: Figure, put: Put): number => {
  const sign = signOf(tokens, at);
  const approximate = isApproximate(tokens, at);
  const limit = limitAt(tokens, at);
  const base = {
    kind: "number",
    ordinal: figure.ordinal,
    spelled: figure.spelled,
    approximate: approximate || limit !== undefined,
    step: figure.step,
    ...(limit === undefined ? {} : { limit }),
  };
  const values = sign < 0 ? figure.values.map((value) => -value) : figure.values;
  const mark = tokens[figure.to];
  const partner =
    mark && /^[-–—:]$/.test(mark.text) && tokens[figure.to + 1]?.kind === "number" ? tokens[figure.to + 1] : undefined;
  const isTight = partner && mark && tokens[figure.to - 1]?.end === mark.start && mark.end === partner.start;
  if (
    isTight &&
    /^\d{1,3}$/.test(partner.text) &&
    /^\d{1,3}$/.test(tokens[at]?.text ?? "") &&
    !isMeasureBehind(tokens, figure.to + 2)
  ) {
    const other = Number(partner.text);
    const half = /^(?:am|pm)$/.exec(tokens[figure.to + 2]?.lower ?? "")?.[0];
    const [hour = 0] = values;
    if (half && hour <= 12 && other <= 12) {
      const minutes = (each: number) => (each % 12) * 60 + (half === "pm" ? 720 : 0);
      put({ kind: "clock", minutes: [minutes(hour), (hour % 12) * 60], offset: undefined, approximate }, at, figure.to);
      put({ kind: "clock", minutes: [minutes(other)], offset: undefined, approximate }, figure.to + 1, figure.to + 3);
      return figure.to + 3;
    }
    put({ ...base, values, unit: undefined, pair: { other, first: true } }, at, figure.to);
    put(
      { ...base, values: [other], unit: undefined, pair: { other: values[0] ?? 0, first: false } },
      figure.to + 1,
      figure.to + 2,
    );
    return figure.to + 2;
  }
  const link = tokens[figure.to]?.lower ?? "";
  const second = tokens[figure.to + 1];
  const isPlain = (token: Token | undefined) => /^\d{1,3}$/.test(token?.text ?? "");
  if (
    /^(?:to|do|до)$/.test(link) &&
    isPlain(tokens[at]) &&
    isPlain(second) &&
    !isMeasureBehind(tokens, figure.to + 2) &&
    !unitBefore(tokens, at)
  ) {
    const other = Number(second?.text);
    put({ ...base, values, unit: undefined, pair: { other, first: true } }, at, figure.to);
    put(
      { ...base, values: [other], unit: undefined, pair: { other: values[0] ?? 0, first: false } },
      figure.to + 1,
      figure.to + 2,
    );
    return figure.to + 2;
  }
  let next = figure.to;
  if (
    tokens[next]?.text === "-" &&
    tokens[next]?.start === tokens[next - 1]?.end &&
    tokens[next + 1]?.kind === "word" &&
    tokens[next + 1]?.start === tokens[next]?.end &&
    unitAt(tokens, next + 1)
  )
    next += 1;
  if (
    /^(?:full|whole|more|straight|calendar|working|business|consecutive|pełn\p{L}{1,3}|kalendarzow\p{L}{1,3}|robocz\p{L}{1,3}|kolejn\p{L}{1,3}|повн\p{L}{1,3}|календарн\p{L}{1,3}|робоч\p{L}{1,3}|відсоткових|punktów|punkty)$/u.test(
      tokens[next]?.lower ?? "",
    ) &&
    unitAt(tokens, next + 1) &&
    tokens[next]?.lower !== "punkty"
  )
    next += 1;
  // "half an hour", "three quarters of an hour"
  if ((figure.values[0] ?? 1) < 1) {
    let of = next;
    while (of < next + 2 && /^(?:a|an|of)$/.test(tokens[of]?.lower ?? "")) of += 1;
    if (unitAt(tokens, of)) next = of;
  }
  // "jedną w abonamencie": a lone letter behind a word, or a small one that is capital as a unit, is a preposition.
  // "3-miesięczny", "30-денний"
  const adjective =
    tokens[next]?.text === "-" && tokens[next + 1]?.start === tokens[next]?.end
      ? adjectiveUnit(tokens[next + 1]?.lower ?? "")
      : undefined;
  if (adjective && !figure.ordinal && tokens[next]?.start === tokens[next - 1]?.end) {
    put({ ...base, values, unit: adjective }, at, next + 2);
    return next + 2;
  }
  const isPreposition =
    tokens[next]?.lower.length === 1 &&
    tokens[next]?.kind === "word" &&
    (figure.spelled || (/^[wcf]$/.test(tokens[next]?.text ?? "") && tokens[next]?.start !== tokens[next - 1]?.end));
  const unit = isPreposition ? undefined : unitAt(tokens, next);
  // "three hours and a half"
  const behind = unit && figure.step === 1 ? halfBehind(tokens, unit.to) : undefined;
  if (unit && behind && !figure.ordinal) {
    put(
      {
        ...base,
        values: values.map((value) => value + Math.sign(value) * behind.value),
        step: behind.step,
        unit: unit.unit,
      },
      at,
      behind.to,
    );
    return behind.to;
  }
  const dotted = /^(\d{1,2})\.(\d{1,2})$/.exec(tokens[at]?.text ?? "");
  const dayMonth =
    dotted && Number(dotted[1]) <= 31 && Number(dotted[2]) <= 12 && Number(dotted[2]) > 0
      ? { day: Number(dotted[1]), month: Number(dotted[2]) }
      : undefined;
  if (!figure.spelled && unit === undefined && isReferenceAt(tokens, at)) {
    put({ ...base, values, unit: undefined, isReference: true }, at, figure.to);
    return figure.to;
  }
  const own = figure.ordinal ? undefined : (unitBefore(tokens, at) ?? unit?.unit);
  put(
    { ...base, values, unit: own, ...(dayMonth && own === undefined ? { dayMonth } : {}) },
    at,
    unit && own ? Math.max(unit.to, figure.to) : figure.to,
  );
  return unit && own ? Math.max(unit.to, figure.to) : figure.to;
};

const isMeasureBehind = (tokens: readonly Token[], at: number): boolean => unitAt(tokens, at) !== undefined;
