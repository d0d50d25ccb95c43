import type { NumberQuantity } from "../text/quantity.ts";
import { unitNamed } from "../text/units.ts";
import { type BoundText, daysOf } from "./bind.ts";
import type { FactBase } from "./collect-facts.ts";
import { localMoment } from "./days.ts";
import type { Fact } from "./fact.ts";
import { tells } from "./match-numbers.ts";

type NumberFact = Fact & { readonly atom: Extract<Fact["atom"], { kind: "number" }> };

/** What follows from the evidence without standing in it: counts, differences, spans of time. */
export interface Derived {
  supports(claim: NumberQuantity, bound: BoundText, isKnownElsewhere: boolean): boolean;
  /** A time of day that is a known one moved by a known span. */
  clock(minutes: readonly number[], slack: number): boolean;
}

const mostValues = 400;
const differenceWords = new Set(
  `difference different gap more less fewer higher lower warmer colder cooler hotter taller shorter longer cheaper dearer faster slower older younger than above below ahead behind apart between by rose fell up down gained lost drop dropped rise change swing range lead leads trail trails margin spread increase decrease later earlier late early over under plus extra additional another remaining left points point bigger smaller larger deeper heavier lighter stronger windier drier wetter closer further farther half twice double third quarter
   różnica różnicy różnią różni więcej mniej wyższa wyższy wyższe niższa niższy niższe wyżej niżej cieplej zimniej chłodniej cieplejszy droższy droższa tańszy tańsza drożej taniej dłużej krócej szybciej wolniej niż od o wzrost spadek wzrosła wzrósł spadła spadł zmiana przewaga przewagi później wcześniej dłuższy krótszy starszy młodszy mocniej ponad pozostało zostało zapas zapasem zapasu brakuje zabraknie mieści taniej missing short spare
   різниця різниці більше менше вище нижче вища нижча вищий нижчий тепліше холодніше тепліший дорожче дешевше дорожчий дешевший довше коротше швидше повільніше ніж за на зросла зріс впала впав зміна пізніше раніше перевага залишилося понад
   הפרש הבדל יותר פחות גבוה נמוך חם קר מאשר לעומת עלה ירד עלתה ירדה פער מאוחר מוקדם שינוי נותרו נשארו חסרים חסר ב не вистачає бракує запас save saves saving savings instead advantage zamiast oszczędza oszczędzają oszczędzasz przewagą замість економія економите перевагою במקום יתרון חוסכים חיסכון עודף`.split(
    /\s+/,
  ),
);
const totalWords =
  /^(?:total|totals|altogether|combined|sum|together|overall|razem|łącznie|suma|sumie|ogółem|разом|загалом|усього|всього|сума|סך|סה"כ|הכל|הכול|יחד|ביחד)$/;
const firstOfList =
  /^(?:top|first|next|last|latest|these|following|pierwsze|pierwszych|najbliższe|ostatnie|następujące|перші|наступні|останні|הבאים|הבאות|הראשונים|האחרונים)$/;

export const createDerived = (base: FactBase, numbers: readonly NumberFact[]): Derived => {
  const known = numbers.filter(({ from }) => from !== "said" || numbers.length < 40).slice(0, mostValues);
  const pairs = (claim: NumberQuantity, by: (left: number, right: number) => number): boolean => {
    const unit = claim.unit;
    const isRatio = unit?.dimension === "ratio";
    const values = known.flatMap(({ atom }) => {
      const value = atom.values[0];
      if (value === undefined) return [];
      if (unit === undefined || atom.unit === undefined || isRatio) return [{ value, dimension: atom.unit?.dimension }];
      if (unit.id === "cent" && atom.unit.dimension === "money") return [{ value: value * 100, dimension: "money" }];
      if (atom.unit.dimension !== unit.dimension) return [];
      // A difference knows no offset: 10 °C more are 18 °F more.
      return [{ value: (value * atom.unit.factor) / unit.factor, dimension: atom.unit.dimension }];
    });
    for (const [index, left] of values.entries())
      for (let other = index + 1; other < values.length; other += 1) {
        const right = values[other];
        if (
          right === undefined ||
          (left.dimension !== right.dimension && left.dimension !== undefined && right.dimension !== undefined)
        )
          continue;
        const result = by(left.value, right.value);
        if (
          Number.isFinite(result) &&
          result !== 0 &&
          claim.values.some((told) => tells(claim, Math.abs(told), Math.abs(result)))
        )
          return true;
      }
    return false;
  };
  /** A sum of two figures, each taken a few times. */
  const isTotal = (claim: NumberQuantity): boolean => {
    if (known.length > 60) return false;
    const times = [1, 2, 3, 4, 5];
    return (
      pairs(claim, (left, right) => left + right) ||
      times.some((one) => times.some((other) => pairs(claim, (left, right) => one * left + other * right)))
    );
  };
  /** A share of two figures that stand together ("430 of 1000"). */
  const isShare = (claim: NumberQuantity): boolean =>
    known.some((left, index) =>
      known
        .slice(Math.max(0, index - 4), index + 5)
        .some(
          (right) =>
            left.item === right.item &&
            left.item >= 0 &&
            left.from === right.from &&
            left.atom.unit?.dimension !== "ratio" &&
            (left.atom.values[0] ?? 0) < (right.atom.values[0] ?? 0) &&
            claim.values.some((told) =>
              tells(claim, told, ((left.atom.values[0] ?? 0) / (right.atom.values[0] ?? 1)) * 100),
            ),
        ),
    );
  const epochs = [...new Set([base.now, ...base.moments.map(({ epoch }) => epoch)])]
    .filter(Number.isFinite)
    .slice(0, 60);
  const days = [
    ...new Set(
      base.facts.flatMap(({ atom }) =>
        atom.kind === "date" && atom.month && atom.day
          ? daysOf(atom, base.today).map((day) => Date.parse(`${day}T00:00:00Z`))
          : [],
      ),
    ),
  ].slice(0, 60);
  const today = Date.parse(`${base.today}T00:00:00Z`);
  const localDays = [
    ...new Set([
      today,
      ...days,
      ...epochs.flatMap((epoch) =>
        base.zones.flatMap((zone) => {
          const day = localMoment(epoch, zone)?.day;
          return day ? [Date.parse(`${day}T00:00:00Z`)] : [];
        }),
      ),
    ]),
  ].slice(0, 80);
  const clockMinutes = [
    ...new Set([
      ...base.facts.flatMap(({ atom }) => (atom.kind === "clock" ? atom.minutes : [])),
      ...epochs.flatMap((epoch) => base.zones.flatMap((zone) => localMoment(epoch, zone)?.minutes ?? [])),
    ]),
  ].slice(0, 80);
  const isSpan = (claim: NumberQuantity): boolean => {
    const unit = claim.unit;
    if (unit?.dimension !== "duration") return false;
    const [told = 0] = claim.values;
    const slack = Math.max(
      unit.factor * (claim.approximate ? 0.6 : 0.5) * claim.step,
      claim.approximate ? Math.abs(told) * unit.factor * 0.1 : 0,
    );
    const isTold = (seconds: number) => Math.abs(Math.abs(seconds) - Math.abs(told) * unit.factor) <= slack + 1;
    if (unit.factor >= 86_400)
      return localDays.some((left) => localDays.some((right) => left > right && isTold((left - right) / 1_000)));
    return (
      epochs.some((left) => epochs.some((right) => left > right && isTold((left - right) / 1_000))) ||
      clockMinutes.some((left) => clockMinutes.some((right) => left > right && isTold((left - right) * 60))) ||
      // The parts of a longer span: "1 h 25 min", "two hours and 15 minutes".
      isPart(told, unit.factor)
    );
  };
  const isPart = (told: number, factor: number): boolean => {
    const spans = [
      ...known.flatMap(({ atom }) =>
        atom.unit?.dimension === "duration" ? [(atom.values[0] ?? 0) * atom.unit.factor] : [],
      ),
      ...epochs.flatMap((left) => epochs.flatMap((right) => (left > right ? [(left - right) / 1_000] : []))),
      ...clockMinutes.flatMap((left) => clockMinutes.flatMap((right) => (left > right ? [(left - right) * 60] : []))),
    ];
    if (factor === 3_600) return spans.some((span) => span > 3_600 && Math.floor(span / 3_600) === told);
    return factor === 60 && spans.some((span) => span > 3_600 && Math.round((span % 3_600) / 60) === told);
  };
  const isCount = (claim: NumberQuantity, { tokens }: BoundText, from: number): boolean => {
    const [told = -1] = claim.values;
    if (claim.unit !== undefined && claim.unit.dimension !== "points" && claim.unit.dimension !== "duration")
      return false;
    if (base.counts.has(told)) return true;
    if (told > base.longestList || told < 1) return false;
    return tokens.slice(Math.max(0, from - 3), from).some(({ lower }) => firstOfList.test(lower));
  };
  return {
    supports(claim, bound, isKnownElsewhere) {
      const from = "from" in claim ? Number(claim.from) : 0;
      if (isSpan(claim)) return true;
      if (claim.pair === undefined && isCount(claim, bound, from)) return true;
      const words = bound.tokens;
      const beside = words.slice(Math.max(0, from - 6), ("to" in claim ? Number(claim.to) : from) + 6);
      if (claim.unit?.dimension === "ratio" && !isKnownElsewhere && isShare(claim)) return true;
      // "an hour forty"
      if (claim.unit === undefined && unitNamed(words[from - 1]?.lower ?? "")?.factor === 3_600)
        return isPart(claim.values[0] ?? 0, 60);
      if (words.some(({ lower }) => totalWords.test(lower)) && isTotal(claim)) return true;
      if (
        !beside.some(
          ({ lower }) => differenceWords.has(lower) || (/^[בולמהש]/.test(lower) && differenceWords.has(lower.slice(1))),
        )
      )
        return false;
      if (claim.unit?.dimension === "ratio")
        return (
          pairs(claim, (left, right) => ((left - right) / right) * 100) ||
          pairs(claim, (left, right) => ((right - left) / left) * 100) ||
          pairs(claim, (left, right) => left - right)
        );
      return pairs(claim, (left, right) => left - right);
    },
    clock(minutes, slack) {
      const spans = known.flatMap(({ atom }) =>
        atom.unit?.dimension === "duration" ? [((atom.values[0] ?? 0) * atom.unit.factor) / 60] : [],
      );
      return spans.some((span) =>
        clockMinutes.some((start) => minutes.some((told) => Math.abs(((start + span) % 1440) - told) <= slack)),
      );
    },
  };
};
