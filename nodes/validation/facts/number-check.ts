import type { Atom, BoundText } from "./bind.ts";
import type { FactBase } from "./collect-facts.ts";
import type { Support } from "./conflict.ts";
import { localMoment } from "./days.ts";
import { createDerived } from "./derived.ts";
import { createExchangeCheck } from "./exchanged.ts";
import type { Fact } from "./fact.ts";
import { compareNumbers } from "./match-numbers.ts";
import { createWordCheck } from "./word-check.ts";
import { createWorkedOut } from "./worked-out.ts";

type NumberAtom = Extract<Atom, { kind: "number" }>;
type NumberFact = Fact & { readonly atom: NumberAtom };

const hourLead =
  /^(?:at|from|to|till|until|by|around|about|after|before|between|and|o|od|do|po|przed|między|a|о|об|з|до|після|від|і|ב|בשעה|מ|עד|ל|משעה|סביב|-|–)$/;
const fallWords =
  /^(?:frost|mróz|mrozu|mrozem|мороз|морозу|морозом|minus|minusie|מינוס|мінус|below|poniżej|нижче|מתחת|negative|ujemn\p{L}*)$/u;
const moreWords =
  /^(?:more|higher|above|up|dearer|stronger|więcej|wyż\p{L}*|powyżej|droż\p{L}*|більш\p{L}*|вищ\p{L}*|вище|дорожч\p{L}*|יותר|מעל|גבוה\p{L}*)$/u;
const plusWords = /^(?:\+|plus|plusie|плюс|פלוס)$/;

/** Judges the numbers of an answer: known, of the right thing, or following from what is known. */
export const createNumberCheck = (base: FactBase, support: Support) => {
  const numbers = base.facts.filter((fact): fact is NumberFact => fact.atom.kind === "number");
  const clocks = base.facts.flatMap(({ atom, from }) => (atom.kind === "clock" && from !== "said" ? [atom] : []));
  const dayMonths = base.facts.flatMap(({ atom }) => (atom.kind === "date" ? [atom] : []));
  const years = new Set(
    base.facts.flatMap(({ atom, from }) =>
      atom.kind === "date" && atom.year !== undefined && from !== "said" ? [atom.year] : [],
    ),
  );
  const units = new Set(numbers.map(({ atom, item }) => `${item}/${atom.unit?.dimension}`));
  const derived = createDerived(base, numbers);
  const isWorkedOut = createWorkedOut(numbers);
  const isExchanged = createExchangeCheck(numbers);
  const currencies = new Set(numbers.flatMap(({ atom }) => (atom.unit?.dimension === "money" ? [atom.unit.id] : [])));
  const scores = scoresOf(numbers);
  const everything = new Set([
    ...numbers.flatMap(({ atom }) => atom.values),
    ...base.counts,
    ...base.facts.flatMap(({ atom }) =>
      atom.kind === "date"
        ? [atom.day ?? 0, atom.month ?? 0, (atom.weekday ?? 0) + 1]
        : atom.kind === "clock"
          ? atom.minutes.map((minutes) => Math.floor(minutes / 60) % 12)
          : [],
    ),
    ...base.codeDigits,
  ]);
  const isKnownSomehow = (value: number): boolean =>
    everything.has(value) ||
    value <= base.longestList ||
    base.moments.some(({ epoch }) =>
      base.zones.some((zone) => {
        const local = localMoment(epoch, zone);
        return (
          local !== undefined &&
          (Number(local.day.slice(8)) === value || Math.floor(local.minutes / 60) % 12 === value % 12)
        );
      }),
    );
  const { nounFits, wordsFit } = createWordCheck(numbers);

  /** A minus may be left out where words tell the direction; one that nobody measured is never added. */
  const signFits = (claim: NumberAtom, fact: NumberFact, bound: BoundText): boolean => {
    const [told = 0] = claim.values;
    const [truth = 0] = fact.atom.values;
    if (told === 0 || truth === 0 || fact.item < 0) return true;
    // Scales with other zeros have other signs.
    if (claim.unit && fact.atom.unit && claim.unit.offset !== fact.atom.unit.offset) return true;
    const before = bound.tokens.slice(Math.max(0, claim.from - 2), claim.from);
    const isPlus =
      before.some(({ lower }) => plusWords.test(lower)) ||
      bound.tokens.slice(claim.to, claim.to + 3).some(({ lower }) => lower === "plusie" || lower === "plus");
    if (truth < 0 && isPlus) return false;
    const mood = claim.labels.concepts.get("mood");
    if (fact.isChange && mood?.size === 1 && mood.has(truth > 0 ? "fall" : "rise")) return false;
    if (told < 0 === truth < 0) return true;
    if (told < 0) return false;
    return (
      (mood?.has("fall") ?? false) ||
      bound.tokens.some(({ lower }) => fallWords.test(lower)) ||
      // "o 0,18 % więcej"; what tells of no direction leaves it open.
      (fact.isChange &&
        !mood?.has("rise") &&
        claim.unit?.dimension !== "temperature" &&
        !bound.tokens.slice(claim.to, claim.to + 2).some(({ lower }) => moreWords.test(lower)))
    );
  };

  /** Whether a change of this size is told, but the other way round. */
  const isTurned = (claim: NumberAtom, fact: NumberFact): boolean => {
    const mood = claim.labels.concepts.get("mood");
    const [truth = 0] = fact.atom.values;
    if (!fact.isChange || fact.from === "said" || mood?.size !== 1 || truth === 0) return false;
    if (!mood.has(truth > 0 ? "fall" : "rise")) return false;
    return compareNumbers(claim, { ...fact.atom, values: [Math.abs(truth)] }) !== undefined && unitFits(claim, fact);
  };

  /** "by the end of 2027" of a contract until 31.12.2027. */
  const isKnownYear = ({ unit, spelled, values: [year = 0] }: NumberAtom): boolean =>
    unit === undefined && !spelled && year > 1900 && year < 2100 && years.has(year);

  /** "22.30" is a time in Polish and Ukrainian without a word for it. */
  const isDottedTime = ({ unit, written }: NumberAtom): boolean => {
    const [, hour = "", minute = ""] = (unit === undefined && /^(\d{1,2})\.([0-5]\d)$/.exec(written)) || [];
    if (hour === "" || Number(hour) > 24) return false;
    const told = Number(hour) * 60 + Number(minute);
    return (
      clocks.some(({ minutes }) => minutes.includes(told)) ||
      base.moments.some(
        ({ epoch, path }) =>
          path !== "observed" && base.zones.some((zone) => localMoment(epoch, zone)?.minutes === told),
      )
    );
  };

  // "from 10 till 5": hours that only their surroundings tell from other numbers.
  const isHour = (claim: NumberAtom, { tokens }: BoundText): boolean => {
    const [hour = -1] = claim.values;
    if (claim.unit !== undefined || !Number.isInteger(hour) || hour < 0 || hour > 24) return false;
    if (!tokens.slice(Math.max(0, claim.from - 2), claim.from).some(({ lower }) => hourLead.test(lower))) return false;
    const isTold = (minutes: number) => minutes % 720 === (hour * 60) % 720;
    const isMoment = ({ epoch }: { epoch: number }) =>
      base.zones.some((zone) => isTold(localMoment(epoch, zone)?.minutes ?? 1));
    return (
      clocks.some(({ minutes }) => minutes.some(isTold)) ||
      base.moments.some((moment) => moment.path !== "observed" && isMoment(moment))
    );
  };

  return (claim: NumberAtom, bound: BoundText): boolean => {
    // Sentences of more figures than anyone reads are not compared within themselves.
    if (bound.atoms.length < 100 && (isExchanged(claim, bound) || isSaidBefore(claim, bound))) return true;
    if (claim.unit?.dimension === "money" && currencies.size > 0 && !currencies.has(claim.unit.id)) return false;
    if (claim.unit === undefined && claim.spelled) {
      const isSigned = plusWords.test(bound.tokens[claim.from - 1]?.lower ?? "");
      if ((claim.values[0] === 1 && !isSigned) || claim.values[0] === 0) return true;
      // "half of them", "a quarter": shares are said loosely.
      if (claim.values.every((value) => value > 0 && value < 1)) return true;
    }
    if (claim.ordinal && claim.unit === undefined) return isEra(bound, claim.to) || rankFits(claim);
    if (isHour(claim, bound) || isDottedTime(claim) || isKnownYear(claim)) return true;
    if (claim.isReference && numbers.some(({ atom }) => atom.values.some((value) => claim.values.includes(value))))
      return true;
    const alike = numbers.filter(
      (fact) => compareNumbers(claim, fact.atom) !== undefined && pairFits(claim, fact) && signFits(claim, fact, bound),
    );
    const found = alike.filter((fact) => unitFits(claim, fact));
    const labels = claim.pair ? { ...claim.labels, names: new Set<string>() } : claim.labels;
    const isCounted = nounFits(claim);
    if (isCounted && support.accepts(labels, found) && wordsFit(claim, found, bound)) return true;
    const isOpposite = ({ atom, from }: NumberFact) =>
      from !== "said" && (atom.values[0] ?? 0) < 0 && compareNumbers({ ...claim, unit: undefined }, atom) !== undefined;
    if (plusWords.test(bound.tokens[claim.from - 1]?.lower ?? "") && numbers.some(isOpposite)) return false;
    if (found.length === 0 && numbers.some((fact) => isTurned(claim, fact))) return false;
    const { dayMonth } = claim;
    if (dayMonth && dayMonths.some(({ day, month }) => day === dayMonth.day && month === dayMonth.month)) return true;
    const isElsewhere = alike.some(({ from }) => from === "data" || from === "text");
    const isFree = isCounted && alike.every(({ from }) => from === "said");
    return (
      derived.supports(claim, bound, { isElsewhere, isFree }) || (!isElsewhere && isWorkedOut(claim, bound.tokens))
    );
  };

  /** A bare figure is of any unit, except a coded one ("0800") of a text that gives that unit to others. */
  function unitFits({ unit }: NumberAtom, { atom, item, from }: NumberFact): boolean {
    if (unit !== undefined && atom.isReference) return false;
    if (unit === undefined || atom.unit !== undefined || from === "said") return true;
    return !/^0\d/.test(atom.written) || !units.has(`${item}/${unit.dimension}`);
  }

  /** A figure that another one of the sentence, which is judged itself, gives in another unit or more exactly. */
  function isSaidBefore(claim: NumberAtom, { atoms }: BoundText): boolean {
    if (claim.unit === undefined) return false;
    return atoms.some((atom) => {
      if (atom.kind !== "number" || atom === claim) return false;
      const likeness = compareNumbers(claim, atom);
      if (likeness === "converted") return atom.to <= claim.from;
      // "just under 300, around 296"
      return (
        likeness === "same" &&
        claim.approximate &&
        atom.unit?.id === claim.unit?.id &&
        significantOf(claim) < significantOf(atom)
      );
    });
  }

  /** A score is told as a whole, in either order, where scores are known. */
  function pairFits({ pair, values }: NumberAtom, { atom, path }: NumberFact): boolean {
    if (pair === undefined) return true;
    if (atom.pair) return atom.pair.other === pair.other;
    if (scores.length === 0) return true;
    const [own = 0] = values;
    // "31 to 27": points of two in one table.
    if (/points$/i.test(path) && numbers.some((other) => other.path === path && other.atom.values[0] === pair.other))
      return true;
    return (
      /score|goals|points|sets|runs$/i.test(path) &&
      scores.some(([one, other]) => (one === own && other === pair.other) || (other === own && one === pair.other))
    );
  }

  /** A place in a table is told like any figure, where a table is known; other ordinals only count along. */
  function rankFits(claim: NumberAtom): boolean {
    const ranks = numbers.filter(({ path }) => /\.(?:rank|position|place|standing)$/.test(path));
    const [value = 0] = claim.values;
    if (value > 2 && !isKnownSomehow(value)) return false;
    const own = ranks.filter(({ labels }) => [...claim.labels.names].some((name) => labels.names.has(name)));
    return own.length === 0 || own.some(({ atom }) => atom.values[0] === claim.values[0]) || own.length > 2;
  }
};

/** How many digits of a figure are more than zeros at its end. */
const significantOf = ({ values: [value = 0] }: NumberAtom): number =>
  String(Math.abs(value))
    .replace(".", "")
    .replace(/^0+|0+$/g, "").length;

/** Scores of matches: pairs of a text, and what one object gives as home and away. */
const scoresOf = (numbers: readonly NumberFact[]): (readonly [number, number])[] => {
  const scores: (readonly [number, number])[] = [];
  for (const [index, { atom, path, item, from }] of numbers.entries()) {
    if (from === "said") continue;
    if (atom.pair?.first) scores.push([atom.values[0] ?? 0, atom.pair.other]);
    const next = numbers[index + 1];
    if (
      /(?:score|goals|points|sets)$/i.test(path) &&
      next?.item === item &&
      /(?:score|goals|points|sets)$/i.test(next.path)
    )
      scores.push([atom.values[0] ?? 0, next.atom.values[0] ?? 0]);
  }
  return scores;
};

/** "the nineteenth century", "the eighties". */
const isEra = ({ tokens }: BoundText, at: number): boolean =>
  /^(?:century|centuries|wiek\p{L}*|століт\p{L}*|ст|מאה|המאה|millennium)$/u.test(tokens[at]?.lower ?? "");
