import { readFileSync } from "node:fs";
import { z } from "zod";
import { expandPhrase } from "../../nodes/home/expand-phrase.ts";
import type { Home, HomeReading } from "../../nodes/home/home.ts";
import { createHomeParser } from "../../nodes/home/home-parser.ts";
import type { EvalOptions, EvalTask } from "./eval-task.ts";
import { createHomeTurns } from "./home-turns.ts";
import { createProgress } from "./progress.ts";
import { readRows } from "./read-rows.ts";

const Value = z.union([z.string(), z.number()]);
const SlotValue = z.union([Value, z.array(Value)]);
const Entity = z.object({
  name: z.string(),
  id: z.string().optional(),
  domain: z.string().optional(),
  area: z.string().optional(),
  attributes: z.record(z.string(), z.unknown()).optional(),
  device_class: z.string().optional(),
});
const Place = z.object({ name: z.string(), id: z.string().optional(), floor: z.string().optional() });
const Devices = z.object({
  entities: z.array(Entity).default([]),
  areas: z.array(Place).default([]),
  floors: z.array(Place).default([]),
});
const Row = z.object({
  lang: z.string(),
  file: z.string().optional(),
  text: z.string(),
  intent: z.string(),
  slots: z.record(z.string(), SlotValue),
  context: z.record(z.string(), z.unknown()).optional(),
  devices: Devices.optional(),
});
type Row = z.infer<typeof Row>;

/** Fixtures write inflections into their names (`Kuchni[a]`); each becomes a spelling of its own. */
const homeOf = ({ entities, areas, floors }: z.infer<typeof Devices>): Home => ({
  entities: entities.map(({ name, id, domain, area, attributes, device_class }) => {
    const deviceClass = device_class ?? attributes?.device_class;
    return {
      names: expandPhrase(name),
      domain: domain ?? id?.split(".")[0] ?? "",
      ...(id === undefined ? {} : { id }),
      ...(area === undefined ? {} : { area }),
      ...(typeof deviceClass === "string" ? { deviceClass } : {}),
    };
  }),
  areas: areas.map(({ name, id, floor }) => ({
    names: expandPhrase(name),
    ...(id === undefined ? {} : { id }),
    ...(floor === undefined ? {} : { floor }),
  })),
  floors: floors.map(({ name, id }) => ({ names: expandPhrase(name), ...(id === undefined ? {} : { id }) })),
});

const same = (said: string | number, wanted: string | number): boolean =>
  typeof said === "number" || typeof wanted === "number"
    ? Number(said) === Number(wanted)
    : said.toLowerCase() === wanted.toLowerCase();

const slotsRight = (reading: HomeReading, row: Row): boolean => {
  if (reading?.kind !== "command") return false;
  const keys = Object.keys(row.slots);
  if (keys.length !== Object.keys(reading.slots).length) return false;
  return keys.every((key) => {
    const said = reading.slots[key];
    const wanted = row.slots[key]!;
    return (
      said !== undefined && (Array.isArray(wanted) ? wanted.some((value) => same(said, value)) : same(said, wanted))
    );
  });
};

const areaOf = (row: Row): string | undefined => {
  const area = row.context?.area;
  const first: unknown = Array.isArray(area) ? area[0] : area;
  return typeof first === "string" ? first : undefined;
};

const describe = (reading: HomeReading): string =>
  reading?.kind === "command"
    ? `${reading.intent} ${JSON.stringify(reading.slots)}`
    : reading
      ? `unclear: ${reading.reason} ${reading.unknown.join(", ")}`
      : "nothing";

/** Intents that ask; a turn that begins with one of them changes nothing. */
const asking: ReadonlySet<string> = new Set([
  "HassGetState",
  "HassGetCurrentDate",
  "HassGetCurrentTime",
  "HassGetWeather",
  "HassClimateGetTemperature",
  "HassTimerStatus",
  "HassRespond",
  "HassNevermind",
]);

const share = (count: number, all: number): number => count / Math.max(1, all);

/**
 * Sentences about a home: how the product's own parser reads them, and what a client's turn makes of them. Orders should
 * become calls of the same name (a question back is none); questions, and orders on a condition, must change nothing.
 */
const evaluateHome = async ({ test = "", fixtures = "", lang }: EvalOptions) => {
  const rows = readRows(test, Row).filter((row) => lang === undefined || row.lang === lang);
  const homes = new Map(
    Object.entries(z.record(z.string(), Devices).parse(JSON.parse(readFileSync(fixtures, "utf8")))).map(
      ([language, devices]) => [language, homeOf(devices)],
    ),
  );
  const parser = createHomeParser();
  const turns = createHomeTurns(parser);
  const counts = { questions: 0, questionWrites: 0, orders: 0, called: 0, conditions: 0, conditionWrites: 0 };
  const progress = createProgress(rows.length, "home");
  const notes: string[] = [];
  let intents = 0;
  let exact = 0;
  for (const row of rows) {
    progress.step();
    const home = row.devices ? homeOf(row.devices) : homes.get(row.lang);
    const area = areaOf(row);
    const reading = parser.parse(row.text, {
      language: row.lang,
      ...(home ? { home } : {}),
      ...(area === undefined ? {} : { context: { area } }),
    });
    if (reading?.kind === "command" && reading.intent === row.intent) intents += 1;
    if (reading?.kind === "command" && reading.intent === row.intent && slotsRight(reading, row)) exact += 1;
    else
      notes.push(`${row.file ?? ""} | ${row.text} | ${row.intent} ${JSON.stringify(row.slots)} | ${describe(reading)}`);
    const { writes } = turns.turn(row.text, row.lang, home, area);
    if (asking.has(row.intent)) {
      counts.questions += 1;
      if (writes.length === 0) continue;
      counts.questionWrites += 1;
      notes.push(`a question that changes something | ${row.text} | ${writes.join(", ")}`);
    } else {
      counts.orders += 1;
      if (writes.includes(row.intent)) counts.called += 1;
      for (const held of turns.heldBack(row.text, row.lang, home, area)) {
        counts.conditions += 1;
        if (held.writes.length === 0) continue;
        counts.conditionWrites += 1;
        notes.push(`an order in spite of its condition | ${row.text} | ${held.writes.join(", ")}`);
      }
    }
  }
  progress.end();
  return {
    rows: rows.length,
    metrics: {
      intent: share(intents, rows.length),
      intent_and_slots: share(exact, rows.length),
      orders_called: share(counts.called, counts.orders),
      questions_that_write: share(counts.questionWrites, counts.questions),
      conditions_that_write: share(counts.conditionWrites, counts.conditions),
    },
    notes,
  };
};

export const homeTask: EvalTask = {
  name: "home",
  usage: "--test FILE --fixtures FILE [--lang LANGUAGE]",
  summary: "Sentences about a home: intent and slots, and what a turn of its client changes; without a model.",
  baselines: [],
  accepts: ({ test, fixtures }) => test !== undefined && fixtures !== undefined,
  run: evaluateHome,
};
