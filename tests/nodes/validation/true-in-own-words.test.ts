import { describe, expect, test } from "vitest";
import { createJudge } from "../../../bench/eval/grounding.ts";

const judge = createJudge();
const zones = { en: "Europe/London", pl: "Europe/Warsaw", uk: "Europe/Kyiv", he: "Asia/Jerusalem" };
type Locale = keyof typeof zones;

interface Known {
  readonly title: string;
  readonly text: string;
  readonly data?: Record<string, unknown>;
}
const verdict = (locale: Locale, known: readonly Known[], actions: readonly unknown[], answer: string) =>
  judge({
    locale,
    timezone: zones[locale],
    now: "2026-10-12T08:00:00Z",
    question: "?",
    evidence: known.map(({ title, text, data = {} }, index) => ({
      id: `e${index}`,
      service: "web",
      sourceName: "Source",
      observedAt: "2026-10-12T08:00:00Z",
      score: 1,
      title,
      text,
      data,
    })),
    actions,
    answer,
    label: "true",
    kind: "own words",
  } as Parameters<typeof judge>[0]);

const home = (...states: readonly (readonly [name: string, domain: string, state: string])[]) => [
  {
    tool: "get_entities",
    args: {},
    outcome: "ok",
    result: { entities: states.map(([name, domain, state]) => ({ entity_id: `${domain}.x`, name, state })) },
  },
];

describe("states that a reading call gave", () => {
  test.each<[Locale, ReturnType<typeof home>, string, string]>([
    [
      "en",
      home(["Front door", "lock", "locked"], ["Alarm", "alarm_control_panel", "disarmed"]),
      "The front door is locked and the alarm is off.",
      "The front door is unlocked.",
    ],
    [
      "pl",
      home(["Telewizor", "media_player", "playing"], ["Brama", "cover", "closed"]),
      "Telewizor jest włączony, a brama zamknięta.",
      "Brama jest otwarta.",
    ],
    [
      "uk",
      home(["Лампа", "light", "off"], ["Праска", "switch", "off"]),
      "Лампа не горить, праска вимкнена.",
      "Лампа увімкнена.",
    ],
    ["he", home(["מזגן", "climate", "cool"], ["דלת", "lock", "locked"]), "המזגן דולק והדלת נעולה.", "המזגן כבוי."],
  ])("may be told, their opposites not (%s)", async (locale, actions, truth, lie) => {
    expect(await verdict(locale, [], actions, truth)).toBeUndefined();
    expect(await verdict(locale, [], actions, lie)).toBeDefined();
  });

  test("make nobody a doer", async () => {
    const actions = home(["Front door", "lock", "locked"]);
    expect(await verdict("en", [], actions, "I've locked the front door.")).toBeDefined();
  });
});

describe("what others did", () => {
  const note = { title: "Note", text: "11 Oct: the foreman replaced the pump, the concert was called off." };
  test.each(["Бригадир замінив насос.", "Концерт скасували.", "Там написано: «Я замінив насос і скасував концерт»."])(
    "may be told of evidence: %s",
    async (answer) => {
      expect(await verdict("uk", [note], [], answer)).toBeUndefined();
    },
  );
  test.each(["Я скасував концерт.", "Скасував концерт."])("is no deed of ours: %s", async (answer) => {
    expect(await verdict("uk", [note], [], answer)).toBeDefined();
  });
});

describe("names", () => {
  const evening = { title: "Concert", text: "Sunday, Filharmonia Dolnośląska Jeleniogórska, 19:00" };
  test("by the initials of a known one are known", async () => {
    expect(await verdict("pl", [evening], [], "Koncert gra FDJ.")).toBeUndefined();
    expect(await verdict("pl", [evening], [], "Koncert gra FPK.")).toBeDefined();
  });
  test("of airports are known by their codes", async () => {
    const flight = { title: "Flight", text: "WAW to LHR", data: { from: "WAW", to: "LHR" } };
    expect(await verdict("en", [flight], [], "You land at Heathrow.")).toBeUndefined();
    expect(await verdict("en", [flight], [], "You land at Gatwick.")).toBeDefined();
  });
  test.each(["Nie mam dostępu do Twojego konta.", "Napisz do Państwa doradcy."])(
    "are no polite pronouns: %s",
    async (answer) => {
      expect(await verdict("pl", [], [], answer)).toBeUndefined();
    },
  );
});

describe("words of a class", () => {
  const forecast = { title: "Weather", text: "partly cloudy", data: { kind: "weather", condition: "partly cloudy" } };
  const flight = { title: "Flight", text: "has landed", data: { status: "landed", delayMinutes: 12 } };
  const shop = { title: "Milk bar", text: "Mon–Fri 8–18, Sun closed. Green door." };
  test.each<[Locale, Known, string]>([
    ["en", forecast, "It is sunny with some clouds."],
    ["en", flight, "It has landed and was late."],
    ["uk", flight, "Літак приземлився, рейс був затриманий."],
    ["uk", shop, "Там більше столів, син зрадіє. Двері зелені."],
    ["pl", shop, "Dają szarlotkę z białek."],
    ["en", shop, "Milk bar is open now."],
  ])("may be told by what they bring with them (%s: %o)", async (locale, known, answer) => {
    expect(await verdict(locale, [known], [], answer)).toBeUndefined();
  });
  test.each<[Locale, Known, string]>([
    ["en", forecast, "There is a thunderstorm."],
    ["en", flight, "It was cancelled."],
    ["uk", shop, "Двері червоні."],
  ])("are still refused when others hold (%s: %o)", async (locale, known, answer) => {
    expect(await verdict(locale, [known], [], answer)).toBeDefined();
  });
});

test("a request that was done in part names as undone only what failed", async () => {
  const add = (item: string, outcome: string) => ({ tool: "add_item", args: { item }, outcome, result: {} });
  const calls = [add("eggs", "ok"), add("oil", "failed")];
  expect(await verdict("en", [], calls, "I added the eggs, but the oil could not be added.")).toBeUndefined();
  expect(await verdict("en", [], calls, "I added both eggs and oil.")).toBeDefined();
});
