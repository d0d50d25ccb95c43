import type { GroundInput } from "../ground.ts";
import { plainText, tokensOf } from "../text/tokens.ts";
import { adoptUnits } from "./adopt-units.ts";
import { daysOf } from "./bind.ts";
import type { Change } from "./changes.ts";
import { createCounter } from "./count-things.ts";
import { isName, nameFields } from "./data-fields.ts";
import { localMoment } from "./days.ts";
import type { Fact, Moment } from "./fact.ts";
import { createNameTable, type FindPlaces, type NameTable } from "./name-table.ts";
import { createDataReader, scopeOf } from "./read-data.ts";
import { createTextReader } from "./read-text.ts";

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

const mostFacts = 20_000;
const mostKeys = 5_000;
const longestSaid = 100_000;
const nothing: ReadonlySet<string> = new Set();

/** A text without the line that names its source, which says nothing of the subject. */
const withoutSource = (text: string): string => text.replace(/(?:Source|Źródło|Джерело|מקור): [^.\n]{0,200}/gu, " ");

/** Learns the names, and the time zones, of all evidence and calls, before any of it is read. */
const learnNames = ({ evidence, actions, timezone }: GroundInput, names: NameTable): ReadonlySet<string> => {
  const zones = new Set<string>([timezone]);
  const learned = new Set<string>();
  const learnData = (value: unknown, field: string, depth: number): void => {
    if (depth > 8) return;
    if (typeof value === "string") {
      const isNamed = nameFields.test(field);
      const key = `${isNamed} ${value}`;
      if (learned.has(key)) return;
      if (learned.size < mostKeys) learned.add(key);
      if (/^[A-Z][A-Za-z]+\/[A-Za-z_/+-]+$/.test(value) || value === "UTC") zones.add(value);
      if (isName(value)) names.learn(value, isNamed);
    } else if (Array.isArray(value)) {
      for (const item of value) learnData(item, field, depth + 1);
    } else if (value !== null && typeof value === "object")
      for (const [key, item] of Object.entries(value)) learnData(item, key, depth + 1);
  };
  for (const item of evidence) {
    names.learn(item.title, false);
    names.learn(withoutSource(item.text), false);
    learnData(item.data, "", 0);
  }
  for (const { args, result } of actions) learnData([args, result], "name", 0);
  return zones;
};

/** Reads all that is known of a query once: evidence as data and as text, what was done, what was said. */
export const collectFacts = (input: GroundInput, findPlaces: FindPlaces | undefined): FactBase => {
  const { texts, evidence, actions, timezone, now } = input;
  const names = createNameTable(findPlaces);
  const facts: Fact[] = [];
  const moments: Moment[] = [];
  const changes: Change[] = [];
  const dialled = new Set<string>();
  const codeDigits = new Set<number>();
  const counter = createCounter();
  const today = localMoment(now.getTime(), timezone)?.day ?? now.toISOString().slice(0, 10);
  const zones = learnNames(input, names);
  const put = (fact: Fact) => {
    if (facts.length < mostFacts) facts.push(fact);
  };
  const keys = new Map<string, readonly string[]>();
  const keysOf = (text: string): readonly string[] => {
    const found = keys.get(text) ?? [...names.namesAt(tokensOf(text), text).values()].flat();
    if (keys.size < mostKeys) keys.set(text, found);
    return found;
  };
  const readText = createTextReader({
    names,
    today,
    now,
    counter,
    put,
    moments,
    changes,
    dialled,
    codeDigits,
    isAlone: evidence.length === 1,
  });
  const isFull = () => facts.length >= mostFacts;
  const readData = createDataReader({ today, counter, put, moments, zones, keysOf, readText, isFull });

  for (const [index, item] of evidence.entries()) {
    const title = new Set(keysOf(plainText(item.title)));
    readText(item.text, "text", index, title);
    readText(item.title, "text", index, title);
    readData(item.data, scopeOf(index, "data", title));
    moments.push({
      epoch: Date.parse(item.observedAt),
      labels: { names: new Set(), days: new Set(), words: nothing, concepts: new Map() },
      all: title,
      item: index,
      path: "observed",
      zone: undefined,
    });
  }
  counter.list(evidence.map(({ data }) => data));
  for (const { args, result } of actions)
    readData([args, result], { ...scopeOf(-1, "action", nothing), path: "action" });
  counter.add(actions.length);
  for (const text of texts) readText(text.slice(0, longestSaid), "said", -1, nothing);
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
    counts: counter.counts,
    longestList: counter.longestList(),
    changes,
    dialled,
    zones: [...zones],
    names,
    today,
    now: now.getTime(),
  };
};
