import type { NumberQuantity } from "../text/quantity.ts";
import type { Token } from "../text/tokens.ts";
import { unitNamed } from "../text/units.ts";
import type { Atom, BoundText } from "./bind.ts";
import type { FactBase } from "./collect-facts.ts";
import type { Fact } from "./fact.ts";
import { tells } from "./match-numbers.ts";
import { createSpans } from "./spans.ts";

type NumberAtom = Extract<Atom, { kind: "number" }>;
type NumberFact = Fact & { readonly atom: NumberAtom };

/** Judges figures that follow from the evidence without standing in it: counts, differences, sums, shares, spans of time. */
export interface Derived {
  /** `isFree` is false where the evidence counts the same thing otherwise: then only what the words derive holds. */
  supports(claim: NumberAtom, bound: BoundText, isFree: boolean): boolean;
}

const mostValues = 300;
const set = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/));
const differenceWords = set(
  `difference different gap range span zakres zakresie rozpiętość діапазон діапазону розмах טווח more less fewer higher lower warmer colder cooler hotter taller shorter longer cheaper dearer faster slower older younger than ahead behind apart by lead leads trail trails margin spread increase decrease later earlier extra additional another remaining left bigger smaller larger deeper heavier lighter stronger windier drier wetter closer further farther missing short spare save saves saving savings instead advantage rose fell gained lost drop dropped rise change swing jump jumped grew
   różnica różnicę różnicy różnią różni więcej mniej wyższa wyższy wyższe niższa niższy niższe wyżej niżej cieplej zimniej chłodniej cieplejszy chłodniejszy droższy droższa droższe tańszy tańsza tańsze drożej taniej dłużej krócej szybciej wolniej niż wzrost spadek wzrosła wzrósł wzrosło spadła spadł spadło zmiana przewaga przewagi przewagą później wcześniej dłuższy krótszy starszy młodszy mocniej pozostało zostało zapas zapasem zapasu brakuje zabraknie zamiast oszczędza oszczędzają oszczędzasz straty traci
   різниця різниці різницю більше менше вище нижче вища нижча вищий нижчий тепліше холодніше прохолодніше тепліший дорожче дешевше дорожчий дешевший дорожча дешевша довше коротше швидше повільніше ніж зросла зріс зросло впала впав впало зміна пізніше раніше перевага залишилося лишилося бракує запас замість економія економите перевагою
   הפרש הבדל יותר פחות מאשר לעומת עלה ירד עלתה ירדה פער מאוחר מוקדם שינוי נותרו נשארו נותר חסרים חסר במקום יתרון חוסכים חיסכון עודף`,
);
const totalWords =
  /^(?:total|totals|altogether|combined|sum|together|overall|razem|łącznie|suma|sumie|ogółem|разом|загалом|усього|всього|сума|סך|סה"כ|הכל|הכול|יחד|ביחד)$/;
const partWords =
  /^(?:half|twice|double|połow\p{L}*|podwój\p{L}*|половин\p{L}*|удвічі|вдвічі|מחצי\p{L}*|חצי|מחצית|כפול|כפולה)$/u;
const shareWords =
  /^(?:of|full|used|taken|occupied|share|ready|z|ze|spośród|zajęt\p{L}*|pełn\p{L}*|wykorzyst\p{L}*|із|зайнят\p{L}*|заповн\p{L}*|використ\p{L}*|מתוך|מלא|מלאה|תפוס|מ)$/u;
const firstOfList =
  /^(?:top|first|next|last|latest|these|following|pierwsze|pierwszych|najbliższe|ostatnie|następujące|перші|наступні|останні|הבאים|הבאות|הראשונים|האחרונים)$/;

const has = (words: ReadonlySet<string>, { lower }: Token): boolean =>
  words.has(lower) ||
  /^\p{L}{3,}(?:niejsz|iejsz)(?:y|a|e|ej|ych)$|^\p{L}{3,}іш(?:ий|а|е|ої|і)$/u.test(lower) ||
  (/^[בולמהש]/.test(lower) && words.has(lower.slice(1)));
const first = ({ values }: NumberQuantity): number => values[0] ?? 0;

export const createDerived = (base: FactBase, numbers: readonly NumberFact[]): Derived => {
  const spans = createSpans(base);
  const known = numbers.filter(({ from }) => from !== "said" || numbers.length < 40).slice(0, mostValues);
  const dimensions = new Set(known.map(({ atom }) => atom.unit?.dimension));
  const isTold = (claim: NumberAtom, value: number): boolean =>
    Number.isFinite(value) && value !== 0 && claim.values.some((told) => tells(claim, Math.abs(told), Math.abs(value)));

  /** A fact's value in the unit of a difference, which knows no offset; undefined when they cannot be compared. */
  const valueFor = (claim: NumberAtom, { atom }: NumberFact): number | undefined => {
    const { unit } = claim;
    if (unit === undefined || unit.dimension === "ratio") return first(atom);
    if (atom.unit === undefined) return dimensions.has(unit.dimension) ? undefined : first(atom);
    if (unit.id === "cent" && atom.unit.dimension === "money") return first(atom) * 100;
    if (atom.unit.dimension !== unit.dimension) return undefined;
    return (first(atom) * atom.unit.factor) / unit.factor;
  };
  const isAlike = (left: NumberFact, right: NumberFact): boolean => {
    const [one, other] = [left.atom.unit?.dimension, right.atom.unit?.dimension];
    if (one !== other && one !== undefined && other !== undefined) return false;
    const [measure, otherMeasure] = [left, right].map(({ labels }) => labels.concepts.get("measure"));
    return !measure || !otherMeasure || [...measure].some((item) => otherMeasure.has(item));
  };
  const pairs = (claim: NumberAtom, by: (left: number, right: number) => number, isCompared: boolean): boolean => {
    const data = known.filter((fact) => fact.from === "data" && valueFor(claim, fact) !== undefined);
    const from = isCompared && data.length > 1 ? data : known;
    return from.some((left, index) => {
      const value = valueFor(claim, left);
      return (
        value !== undefined &&
        from.slice(index + 1).some((right) => {
          const other = valueFor(claim, right);
          if (other === undefined || !isAlike(left, right)) return false;
          // Two things are compared in the same respect.
          if (isCompared && left.path !== right.path) return false;
          return isTold(claim, by(value, other));
        })
      );
    });
  };

  /** A share of a known whole: the 120 GB that are 6 % of 2 TB. */
  const isPart = (claim: NumberAtom, { atoms }: BoundText): boolean =>
    atoms.some(
      (atom) =>
        atom.kind === "number" &&
        atom.unit?.dimension === "ratio" &&
        known.some(
          (fact) =>
            fact.atom.unit?.dimension !== "ratio" &&
            isTold(claim, ((valueFor(claim, fact) ?? Number.NaN) * first(atom)) / 100),
        ),
    );

  /** Whether a sentence names several things that have figures of their own. */
  const comparesNames = ({ atoms, tokens }: BoundText): boolean => {
    const named = new Set([...base.names.namesAt(tokens).values()].flat());
    for (const atom of atoms) for (const name of atom.labels.names) named.add(name);
    const things = new Set(
      known
        .filter(({ from, labels }) => from === "data" && [...labels.names].some((name) => named.has(name)))
        .map(({ labels }) => [...labels.names].join()),
    );
    return things.size > 1;
  };

  /** A sum in which each figure is taken as often as the sentence or the question says. */
  const isTotal = (claim: NumberAtom, { atoms }: BoundText): boolean => {
    const times = new Set([1]);
    for (const atom of [...atoms, ...numbers.filter(({ from }) => from === "said").map(({ atom }) => atom)])
      if (
        atom.kind === "number" &&
        atom !== claim &&
        Number.isInteger(first(atom)) &&
        first(atom) > 0 &&
        first(atom) < 32
      )
        times.add(first(atom));
    const terms = known.filter(({ from }) => from !== "said");
    if (terms.length > 80) return false;
    return (
      terms.some((term) =>
        [...times].some((time) => time > 1 && isTold(claim, time * (valueFor(claim, term) ?? Number.NaN))),
      ) ||
      [...times].some((one) =>
        [...times].some((other) => pairs(claim, (left, right) => one * left + other * right, false)),
      )
    );
  };

  /** A share of two figures that stand together ("430 of 1000"). */
  const isShare = (claim: NumberAtom, tokens: readonly Token[]): boolean => {
    const isSaid = tokens.some(({ lower }) => shareWords.test(lower));
    return known.some((left, index) =>
      known.slice(Math.max(0, index - 3), index + 4).some((right) => {
        if (left.item !== right.item || left.item < 0 || left.from !== right.from) return false;
        if (left.atom.unit?.dimension === "ratio" || right.atom.unit?.dimension === "ratio") return false;
        if (first(left.atom) >= first(right.atom)) return false;
        const words = [...claim.labels.words].some(
          (word) => left.labels.words.has(word) || right.labels.words.has(word),
        );
        return (
          (words || isSaid) &&
          claim.values.some((told) => tells(claim, told, (first(left.atom) / first(right.atom)) * 100))
        );
      }),
    );
  };

  const isCount = (claim: NumberAtom, tokens: readonly Token[]): boolean => {
    const { dimension } = claim.unit ?? {};
    // Only days are listed one by one.
    if (dimension !== undefined && claim.unit?.id !== "day") return false;
    const told = first(claim);
    if (base.counts.has(told)) return true;
    if (told > base.longestList || told < 1) return false;
    return tokens.slice(Math.max(0, claim.from - 3), claim.from).some(({ lower }) => firstOfList.test(lower));
  };

  return {
    supports(claim, bound, isFree) {
      if (isFree && spans.isSpan(claim)) return true;
      const { tokens } = bound;
      if ((isFree || claim.unit === undefined) && claim.pair === undefined && isCount(claim, tokens)) return true;
      const isRatio = claim.unit?.dimension === "ratio";
      if (isRatio ? isShare(claim, tokens) : isPart(claim, bound)) return true;
      // What is left of a whole.
      if (
        isRatio &&
        tokens.some((token) => has(differenceWords, token)) &&
        known.some(({ atom }) => atom.unit?.dimension === "ratio" && isTold(claim, 100 - first(atom)))
      )
        return true;
      // "an hour forty"
      if (claim.unit === undefined && unitNamed(tokens[claim.from - 1]?.lower ?? "")?.factor === 3_600)
        return spans.isPart(first(claim), 60);
      if (tokens.some(({ lower }) => totalWords.test(lower)) && isTotal(claim, bound)) return true;
      if (
        tokens.some(({ lower }) => partWords.test(lower)) &&
        known.some((fact) => [0.5, 2].some((part) => isTold(claim, part * (valueFor(claim, fact) ?? Number.NaN))))
      )
        return true;
      const beside = tokens.slice(Math.max(0, claim.from - 9), claim.to + 9);
      if (claim.pair || !beside.some((token) => has(differenceWords, token))) return false;
      const isCompared = comparesNames(bound);
      if (pairs(claim, (left, right) => left - right, isCompared)) return true;
      const change = (left: number, right: number) => ((left - right) / right) * 100;
      return (
        isRatio && (pairs(claim, change, isCompared) || pairs(claim, (left, right) => change(right, left), isCompared))
      );
    },
  };
};
