import { conceptsOf, stateOfFlag } from "../text/concepts.ts";
import { plainText } from "../text/tokens.ts";
import { type Unit, unitNamed, unitOfField } from "../text/units.ts";
import { type Atom, type BoundText, bindText, type Labels } from "./bind.ts";
import {
  conceptsOfFields,
  type FieldLength,
  isName,
  isoDay,
  isoMoment,
  isZone,
  lengthsOfField,
  nameFields,
  ownDayFields,
  proseFields,
  wordsOfField,
} from "./data-fields.ts";
import { localMoment } from "./days.ts";
import { lengthFact } from "./length-fact.ts";
import type { Reading, ReadText } from "./read-text.ts";

/** What holds for a value from what it stands in. */
export interface Scope {
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

/** The scope of a whole piece of data. */
export const scopeOf = (item: number, origin: Scope["origin"], names: ReadonlySet<string>): Scope => ({
  item,
  origin,
  fields: [],
  names,
  all: names,
  days: nothing,
  currency: undefined,
  unit: undefined,
  depth: 0,
  path: "",
  zone: undefined,
});

const nothing: ReadonlySet<string> = new Set();
const noWords: ReadonlySet<string> = nothing;
const mostTexts = 2_000;

interface DataReading extends Pick<Reading, "today" | "counter" | "put" | "moments"> {
  readonly zones: ReadonlySet<string>;
  keysOf(text: string): readonly string[];
  readText: ReadText;
  isFull(): boolean;
}

/** Makes a reader of data: what each value is told of follows from the fields and objects that it stands in. */
export const createDataReader = ({ today, counter, put, moments, zones, keysOf, readText, isFull }: DataReading) => {
  const concepts = new Map<string, Labels["concepts"]>();
  /** Lists have the same fields over and over. */
  const conceptsFor = (fields: readonly string[]): Labels["concepts"] => {
    const key = fields.join("\n");
    const found = concepts.get(key) ?? conceptsOfFields(fields);
    if (concepts.size < mostTexts) concepts.set(key, found);
    return found;
  };
  const lengths = new Set<string>();
  const texts = new Map<string, BoundText>();
  const bindShort = (value: string): BoundText => {
    const bound = texts.get(value) ?? bindText(plainText(value), today, () => new Map());
    if (texts.size < mostTexts) texts.set(value, bound);
    return bound;
  };

  const walk = (value: unknown, scope: Scope): void => {
    if (scope.depth > 8 || isFull()) return;
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
        concepts: conceptsFor(scope.fields),
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
      counter.list(value);
      for (const item of value) walk(item, { ...scope, depth: scope.depth + 1 });
    } else if (value !== null && typeof value === "object") walkObject(value as Record<string, unknown>, scope);
  };

  const walkString = (value: string, field: string, scope: Scope): void => {
    const labels: Labels = {
      names: scope.names,
      days: scope.days,
      words: noWords,
      concepts: conceptsFor(scope.fields),
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
    const bound = bindShort(value);
    for (const atom of bound.atoms) put({ ...base, atom: { ...atom, labels } });
    for (const { group, id } of conceptsOf(value.toLowerCase()))
      if (bound.atoms.length === 0) put({ ...base, atom: { kind: "concept", group, id, ...place } });
  };

  /** "change24h": lists tell the same length of each of their entries. */
  const putLength = ({ count, unit }: FieldLength, { item, origin }: Scope): void => {
    const key = `${item} ${count} ${unit.id}`;
    if (lengths.has(key)) return;
    lengths.add(key);
    put(lengthFact(count, unit, origin, item, nothing));
  };

  const walkObject = (object: Record<string, unknown>, scope: Scope): void => {
    const entries = Object.entries(object);
    const own = new Set<string>();
    const days = new Set<string>();
    const byField = new Map<string, ReadonlySet<string>>();
    let currency = scope.currency;
    let unit: Unit | undefined;
    counter.object(entries);
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
      else for (const length of lengthsOfField(key)) putLength(length, scope);
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

  return walk;
};
