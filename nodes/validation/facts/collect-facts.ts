import type { GroundInput } from "../ground.ts";
import { claimGroups, conceptsOf, oppositeOf, stateOfFlag } from "../text/concepts.ts";
import { negations } from "../text/denial-words.ts";
import type { NumberQuantity } from "../text/quantity.ts";
import { plainText, type Token, tokensOf } from "../text/tokens.ts";
import { type Unit, unitNamed, unitOfField } from "../text/units.ts";
import { bareLengths } from "../text/word-measures.ts";
import { type Atom, bindText, daysOf, type Labels } from "./bind.ts";
import { type Change, changesIn } from "./changes.ts";
import { localMoment, zuluMoments } from "./days.ts";
import { dialledIn } from "./dialled.ts";
import type { Fact, Moment } from "./fact.ts";
import { tells } from "./match-numbers.ts";
import { createNameTable, type FindPlaces, type NameTable } from "./name-table.ts";

/** Everything that an answer may stand on. */
export interface FactBase {
  readonly facts: readonly Fact[];
  readonly moments: readonly Moment[];
  /** How many there are of what may be counted. */
  readonly counts: ReadonlySet<number>;
  /** Figures inside codes: the 3 of Q3, the 17 of tlv-17. */
  readonly codeDigits: ReadonlySet<number>;
  /** Lengths of lists: fewer may be told as "the first three". */
  readonly longestList: number;
  /** What texts tell of as it was and as it is. */
  readonly changes: readonly Change[];
  /** Numbers that are dialled, in digits. */
  readonly dialled: ReadonlySet<string>;
  readonly zones: readonly string[];
  readonly names: NameTable;
  /** Days of the evidence, as `yyyy-mm-dd`. */
  readonly knownDays: ReadonlySet<string>;
  readonly today: string;
  readonly now: number;
}

const noWords: ReadonlySet<string> = new Set();
const mostFacts = 20_000;
const nameFields =
  /^(?:name|title|label|friendly_?name|display_?name|city|place|team|home|away|venue|airport|airline|company|symbol|ticker|key|host|hostname|server|service|area|room|country|league|artist|author|assignee|person|code|iata|icao|flight|stop|station|route|line|product|item|currency_pair|pair|from|to|origin|destination|entity_id|device|pod|node|id|who|where|location|player|channel|network)$/i;
const proseFields =
  /^(?:text|summary|description|body|content|raw|note|notes|comment|answer|snippet|message|quote|plot|overview)$/i;
/** Days that tell of themselves only: what else stands with them is not of that day. */
const ownDayFields = /^(?:released?|published|born|birth|founded|created|since|expires|due)/i;
const isoMoment = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?$/;
const isoDay = /^\d{4}-\d\d-\d\d$/;

const wordsOfField = (field: string): string[] =>
  field
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
const isZone = (text: string): boolean => /^[A-Z][A-Za-z]+\/[A-Za-z_/+-]+$/.test(text) && text.length < 40;
const isName = (text: string): boolean =>
  text.length <= 80 &&
  /\p{L}/u.test(text) &&
  !/^https?:|^[a-z_]+$|^\p{Lu}\p{Ll}+\/\p{Lu}/u.test(text) &&
  !isoMoment.test(text) &&
  !isoDay.test(text);

interface Scope {
  readonly item: number;
  readonly origin: "data" | "action";
  readonly fields: readonly string[];
  readonly names: ReadonlySet<string>;
  readonly all: ReadonlySet<string>;
  readonly days: ReadonlySet<string>;
  readonly currency: Unit | undefined;
  readonly unit: Unit | undefined;
  readonly depth: number;
  readonly path: string;
  readonly zone: string | undefined;
}

const conceptsOfFields = (fields: readonly string[]): Map<string, Set<string>> => {
  const found = new Map<string, Set<string>>();
  // The field itself says more than what it stands in.
  for (const field of [...fields].reverse()) {
    const words = wordsOfField(field);
    for (const word of [...words, ...(words.length > 1 ? [words.slice(0, 2).join(" ")] : [])])
      for (const { group, id } of conceptsOf(word)) if (!found.has(group)) found.set(group, new Set([id]));
  }
  if (fields.some((field) => /^previous_?close$/i.test(field))) found.set("session", new Set(["previous"]));
  return found;
};

/** Reads all that is known of a query once: evidence as data and as text, what was done, what was said. */
export const collectFacts = (
  { texts, evidence, actions, timezone, now }: GroundInput,
  findPlaces: FindPlaces | undefined,
): FactBase => {
  const names = createNameTable(findPlaces);
  const facts: Fact[] = [];
  const moments: Moment[] = [];
  const changes: Change[] = [];
  const dialled = new Set<string>();
  const counts = new Set<number>();
  const codeDigits = new Set<number>();
  const zones = new Set<string>([timezone]);
  const today = localMoment(now.getTime(), timezone)?.day ?? now.toISOString().slice(0, 10);
  let longestList = 0;
  const put = (fact: Fact) => {
    if (facts.length < mostFacts) facts.push(fact);
  };
  const keysOf = (text: string): string[] => [...names.namesAt(tokensOf(text), text).values()].flat();
  const learnData = (value: unknown, field: string, depth: number): void => {
    if (depth > 8) return;
    if (typeof value === "string") {
      if (/^[A-Z][A-Za-z]+\/[A-Za-z_/+-]+$/.test(value) || value === "UTC") zones.add(value);
      if (isName(value)) names.learn(value, nameFields.test(field));
    } else if (Array.isArray(value)) {
      for (const item of value) learnData(item, field, depth + 1);
    } else if (value !== null && typeof value === "object")
      for (const [key, item] of Object.entries(value)) learnData(item, key, depth + 1);
  };
  const withoutSource = (text: string): string => text.replace(/(?:Source|Źródło|Джерело|מקור): [^.\n]{0,200}/gu, " ");
  for (const item of evidence) {
    names.learn(item.title, false);
    names.learn(withoutSource(item.text), false);
    learnData(item.data, "", 0);
  }
  for (const { args, result } of actions) learnData([args, result], "name", 0);

  const readText = (raw: string, from: Fact["from"], item: number, title: ReadonlySet<string>): void => {
    const text = plainText(raw);
    const bound = bindText(text, today, (tokens) => names.namesAt(tokens, text));
    for (const { digits } of dialledIn(bound.tokens)) if (dialled.size < 500) dialled.add(digits);
    if (from !== "said" && changes.length < 200) changes.push(...changesIn(bound));
    for (const each of bound.atoms) {
      const atom = asDenied(each, bound.tokens);
      const all = atom.labels.names.size > 0 ? atom.labels.names : title;
      const sign = bound.tokens[atom.from - 1]?.text;
      put({
        atom,
        all,
        labels: atom.labels.names.size > 0 ? atom.labels : { ...atom.labels, names: title },
        from,
        item,
        path: `text ${atom.kind === "number" ? (atom.unit?.dimension ?? "plain") : atom.kind}`,
        isChange: sign === "+" || (sign === "-" && atom.kind === "number" && atom.unit?.dimension === "ratio"),
      });
    }
    if (from !== "said") for (const unit of bareLengths(bound.tokens)) put(lengthFact(unit, from, item, title));
    if (from !== "said")
      for (const epoch of zuluMoments(raw, now.getTime()))
        moments.push({
          epoch,
          labels: { names: title, days: new Set(), words: noWords, concepts: new Map() },
          all: title,
          item,
          path: "text zulu",
          zone: undefined,
        });
    for (const [, digits] of raw.matchAll(/[\p{L}-](\d{1,4})(?!\d)/gu)) codeDigits.add(Number(digits));
    if (evidence.length !== 1 || from !== "text") return;
    for (const line of raw.split(/[\n.;:]/, 200)) counts.add(line.split(/,| and | i | oraz | та | і | ו/).length);
    counts.add(raw.split(/\n/).filter((line) => line.trim() !== "").length);
  };

  const walk = (value: unknown, scope: Scope): void => {
    if (scope.depth > 8 || facts.length >= mostFacts) return;
    const field = scope.fields.at(-1) ?? "";
    if (typeof value === "number" || (typeof value === "string" && /^-?\d+(?:\.\d+)?$/.test(value))) {
      const words = wordsOfField(field);
      const number = Number(value);
      const decimals = String(value).split(".")[1]?.length ?? 0;
      const unit =
        unitOfField(words) ??
        scope.unit ??
        (/price|amount|cost|total|fee|fare|open|close|high|low|value|from|to|balance/i.test(field)
          ? scope.currency
          : undefined);
      const labels: Labels = {
        names: scope.names,
        days: scope.days,
        words: noWords,
        concepts: conceptsOfFields(scope.fields),
      };
      const atom: Atom = {
        kind: "number",
        values: [number],
        step: 10 ** -decimals,
        unit,
        ordinal: false,
        spelled: false,
        approximate: false,
        written: String(value),
        from: 0,
        to: 0,
        labels,
      };
      // Lamps count their brightness to 255.
      if (field === "brightness" && number >= 0 && number <= 255)
        put({
          atom: { ...atom, values: [(number / 255) * 100] },
          labels,
          all: scope.all,
          from: scope.origin,
          item: scope.item,
          path: scope.path,
          isChange: false,
        });
      put({
        atom,
        labels,
        all: scope.all,
        from: scope.origin,
        item: scope.item,
        path: scope.path,
        isChange: /change|delta|diff|trend|gain/i.test(field),
      });
    } else if (typeof value === "boolean") {
      const state = stateOfFlag(field, value);
      if (state === undefined) return;
      const labels: Labels = { names: scope.names, days: scope.days, words: noWords, concepts: new Map() };
      put({
        atom: { kind: "concept", ...state, written: field, from: 0, to: 0, labels },
        labels,
        all: scope.all,
        from: scope.origin,
        item: scope.item,
        path: scope.path,
        isChange: false,
      });
    } else if (typeof value === "string") walkString(value, field, scope);
    else if (Array.isArray(value)) {
      counts.add(value.length);
      longestList = Math.max(longestList, value.length);
      countGroups(value);
      for (const item of value) walk(item, { ...scope, depth: scope.depth + 1 });
    } else if (value !== null && typeof value === "object") walkObject(value as Record<string, unknown>, scope);
  };

  const walkString = (value: string, field: string, scope: Scope): void => {
    const labels: Labels = {
      names: scope.names,
      days: scope.days,
      words: noWords,
      concepts: conceptsOfFields(scope.fields),
    };
    const base = {
      labels,
      all: scope.all,
      from: scope.origin,
      item: scope.item,
      path: scope.path,
      isChange: false,
    } as const;
    const place = { written: value, from: 0, to: 0, labels };
    if (isoMoment.test(value)) {
      const epoch = Date.parse(/Z|[+-]\d\d:?\d\d$/.test(value) ? value : `${value}Z`);
      if (Number.isFinite(epoch))
        moments.push({ epoch, labels, all: scope.all, item: scope.item, path: scope.path, zone: scope.zone });
      // What its own offset, or none, shows.
      const [, year, month, day, hour, minute] = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)/.exec(value) ?? [];
      if (!value.endsWith("Z"))
        put({
          ...base,
          atom: {
            kind: "clock",
            minutes: [Number(hour) * 60 + Number(minute)],
            offset: undefined,
            approximate: false,
            ...place,
          },
        });
      if (!value.endsWith("Z"))
        put({ ...base, atom: { kind: "date", year: Number(year), month: Number(month), day: Number(day), ...place } });
      return;
    }
    if (isoDay.test(value)) {
      const [year, month, day] = value.split("-").map(Number);
      put({ ...base, atom: { kind: "date", year: year ?? 0, month: month ?? 0, day: day ?? 0, ...place } });
      return;
    }
    if (/^https?:/.test(value) || /^[A-Z][A-Za-z]+\/[A-Za-z_]+/.test(value)) return;
    if (value.length > 80 || proseFields.test(field) || /\s/.test(value)) {
      readText(
        value,
        scope.origin === "action" ? "action" : "data",
        scope.item,
        scope.names.size > 0 ? scope.names : scope.all,
      );
      return;
    }
    const bound = bindText(plainText(value), today, () => new Map());
    for (const atom of bound.atoms) put({ ...base, atom: { ...atom, labels } });
    for (const { group, id } of conceptsOf(value.toLowerCase()))
      if (bound.atoms.length === 0) put({ ...base, atom: { kind: "concept", group, id, ...place } });
  };

  const walkObject = (object: Record<string, unknown>, scope: Scope): void => {
    const entries = Object.entries(object);
    const own = new Set<string>();
    const days = new Set<string>();
    const byField = new Map<string, ReadonlySet<string>>();
    let currency = scope.currency;
    let unit: Unit | undefined;
    const lists = entries.flatMap(([, value]) => (Array.isArray(value) ? [value.length] : []));
    if (lists.length > 0) counts.add(entries.reduce((sum, [, value]) => sum + leavesOf(value), 0));
    if (lists.length > 1) counts.add(lists.reduce((sum, length) => sum + length, 0));
    for (const [key, value] of entries) {
      const named =
        typeof value === "object" && value !== null && !Array.isArray(value)
          ? (value as Record<string, unknown>).name
          : value;
      if (typeof named === "string" && isName(named) && (nameFields.test(key) || typeof value === "object")) {
        const keys = keysOf(named);
        byField.set(key.toLowerCase(), new Set(keys));
        if (nameFields.test(key)) for (const each of keys) own.add(each);
      }
      if (typeof value === "string" && isoDay.test(value) && !ownDayFields.test(key)) days.add(value);
      else if (typeof value === "string" && isoMoment.test(value) && !/observed|updated|fetched|generated/i.test(key)) {
        const epoch = Date.parse(value);
        for (const zone of zones) {
          const local = localMoment(epoch, zone);
          if (local) days.add(local.day);
        }
      }
      if (Array.isArray(value))
        for (const each of value.slice(0, 20))
          if (typeof each === "string" && isName(each)) for (const name of keysOf(each)) own.add(name);
      if (key === "currency" && typeof value === "string") currency = unitNamed(value.toLowerCase()) ?? currency;
      if (/^unit(?:_of_measurement|s)?$/i.test(key) && typeof value === "string")
        unit = unitNamed(value.toLowerCase().replace(/°(?=\S)/, "° "));
    }
    const all = new Set([...scope.all, ...own]);
    const zone =
      entries.flatMap(([, value]) => (typeof value === "string" && isZone(value) ? [value] : []))[0] ?? scope.zone;
    for (const [key, value] of entries) {
      // "homeScore" is told of what "home" names.
      const head = wordsOfField(key)[0] ?? "";
      const special = head !== key.toLowerCase() ? byField.get(head) : byField.get(head);
      const near =
        special && special.size > 0 && typeof value !== "string" ? special : own.size > 0 ? own : scope.names;
      // Moments of one object are days of their own, not of each other.
      const ownDays =
        typeof value === "string" && (isoDay.test(value) || isoMoment.test(value))
          ? new Set<string>()
          : days.size === 1 || [...days].length <= 2
            ? days
            : new Set<string>();
      // A forecast by day may have the days as its keys.
      const isDay = isoDay.test(key);
      if (isDay) walkString(key, "day", { ...scope, names: near });
      walk(value, {
        ...scope,
        fields: [...scope.fields.slice(-3), isDay ? "day" : key],
        path: `${scope.path}.${isDay ? "day" : key}`,
        zone,
        names: near,
        all,
        days: isDay ? new Set([key]) : ownDays.size > 0 ? ownDays : scope.days,
        currency,
        unit,
        depth: scope.depth + 1,
      });
    }
  };

  /** How many texts or objects without lists a value's lists hold in all. */
  const leavesOf = (value: unknown, depth = 0): number => {
    if (depth > 4 || !Array.isArray(value)) return 0;
    return value.reduce((sum: number, item) => {
      const nested = item !== null && typeof item === "object" ? Object.values(item).filter(Array.isArray) : [];
      return sum + (nested.length > 0 ? nested.reduce((inner: number, list) => inner + list.length, 0) : 1);
    }, 0);
  };
  const countGroups = (items: readonly unknown[]): void => {
    const groups = new Map<string, number>();
    for (const item of items.slice(0, 500)) {
      if (item === null || typeof item !== "object") continue;
      for (const [key, value] of Object.entries(item)) {
        if (typeof value !== "string" && typeof value !== "boolean") continue;
        const group = `${key}=${value}`;
        groups.set(group, (groups.get(group) ?? 0) + 1);
      }
    }
    for (const count of groups.values()) counts.add(count);
  };

  for (const [index, item] of evidence.entries()) {
    const title = new Set(keysOf(plainText(item.title)));
    readText(item.text, "text", index, title);
    readText(item.title, "text", index, title);
    walk(item.data, {
      item: index,
      origin: "data",
      fields: [],
      names: title,
      all: title,
      days: new Set(),
      currency: undefined,
      unit: undefined,
      depth: 0,
      path: "",
      zone: undefined,
    });
    moments.push({
      epoch: Date.parse(item.observedAt),
      labels: { names: new Set(), days: new Set(), words: noWords, concepts: new Map() },
      all: title,
      item: index,
      path: "observed",
      zone: undefined,
    });
  }
  counts.add(evidence.length);
  longestList = Math.max(longestList, evidence.length);
  countGroups(evidence.map(({ data }) => data));
  const nothing = new Set<string>();
  for (const { args, result } of actions)
    walk([args, result], {
      item: -1,
      origin: "action",
      fields: [],
      names: nothing,
      all: nothing,
      days: nothing,
      currency: undefined,
      unit: undefined,
      depth: 0,
      path: "action",
      zone: undefined,
    });
  counts.add(actions.length);
  for (const text of texts) readText(text.slice(0, 100_000), "said", -1, nothing);
  adoptUnits(facts);
  const knownDays = new Set([
    ...facts.flatMap(({ atom }) =>
      atom.kind === "date" && atom.day !== undefined && atom.year !== undefined ? daysOf(atom, today) : [],
    ),
    ...moments.flatMap(({ epoch }) => [...zones].flatMap((zone) => localMoment(epoch, zone)?.day ?? [])),
  ]);
  return {
    facts,
    moments,
    knownDays,
    codeDigits,
    counts,
    longestList,
    changes,
    dialled,
    zones: [...zones],
    names,
    today,
    now: now.getTime(),
  };
};

/** One of a unit of time that a text tells without a number. */
const lengthFact = (unit: Unit, from: Fact["from"], item: number, names: ReadonlySet<string>): Fact => {
  const labels: Labels = { names, days: new Set(), words: noWords, concepts: new Map() };
  const atom: Atom = {
    kind: "number",
    values: [1],
    step: 1,
    unit,
    ordinal: false,
    spelled: true,
    approximate: false,
    written: unit.id,
    from: 0,
    to: 0,
    labels,
  };
  return { atom, all: names, labels, from, item, path: "text duration", isChange: false };
};

/** "Not charging" is the other state of its class. */
const asDenied = (atom: Atom, tokens: readonly Token[]): Atom => {
  const other = atom.kind === "concept" && claimGroups.has(atom.group) ? oppositeOf(atom.id) : undefined;
  if (atom.kind !== "concept" || other === undefined) return atom;
  const isDenied = tokens.slice(Math.max(0, atom.from - 2), atom.from).some(({ lower }) => negations.test(lower));
  return isDenied ? { ...atom, id: other } : atom;
};

/** A figure of the data without a unit takes the one that the text of the same evidence gives it. */
const adoptUnits = (facts: Fact[]): void => {
  const written = new Map<number, { readonly figure: NumberQuantity; readonly unit: Unit }[]>();
  for (const { atom, item, from } of facts) {
    if (from !== "text" || atom.kind !== "number" || !atom.unit) continue;
    const known = written.get(item) ?? [];
    written.set(item, known);
    if (known.length < 100) known.push({ figure: atom, unit: atom.unit });
  }
  for (const [index, fact] of facts.entries()) {
    const { atom } = fact;
    if (fact.from !== "data" || atom.kind !== "number" || atom.unit) continue;
    const truth = Math.abs(atom.values[0] ?? 0);
    // The text may round what the data give in full.
    const same = written
      .get(fact.item)
      ?.filter(({ figure }) => figure.values.some((told) => tells(figure, Math.abs(told), truth)));
    const exact = same?.find(({ figure }) => figure.values.some((told) => Math.abs(told) === truth));
    const unit = (exact ?? (atom.step < 1 ? same?.[0] : undefined))?.unit;
    if (unit) facts[index] = { ...fact, atom: { ...atom, unit } };
  }
};
