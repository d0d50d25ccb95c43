import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createUnderstanding, type Understanding } from "../../../nodes/understanding/understand-query.ts";
import { createGazetteer } from "../../../rag-services/places/create-gazetteer.ts";
import { leastCpuMs } from "../../support/least-cpu-ms.ts";
import { defaultRegistry, registrySourceOf, silentLogger } from "./default-registry.ts";

const gazetteer = createGazetteer();
const registry = registrySourceOf(defaultRegistry());
let understanding: Understanding;
beforeAll(async () => {
  understanding = createUnderstanding({ registry, gazetteer, logger: silentLogger });
  await understanding.ready();
});
afterAll(() => understanding.stop());

// A Saturday morning in Warsaw.
const context = () => ({
  timezone: "Europe/Warsaw",
  now: new Date("2026-11-21T08:00:00Z"),
  signal: new AbortController().signal,
});
const partsOf = async (text: string) => {
  const { parts } = await understanding.understand(text, context());
  return parts.map(({ name, slots }) => ({ name, slots }));
};
const namesOf = async (text: string) => (await partsOf(text)).map(({ name }) => name);

const threeParts = [
  { name: "weather", slots: expect.objectContaining({ date: "2026-11-22" }) },
  { name: "airports", slots: { airport: "Gdańsk", aspect: "elevation" } },
  { name: "calculate", slots: { expression: "17% of 2340" } },
];

describe("several intents in one query", () => {
  test.each([
    ["What's the weather in Kraków tomorrow, how high is Gdańsk airport, and what is 17 % of 2,340?", "Kraków", "en"],
    ["Jaka będzie pogoda w Krakowie jutro, jak wysoko leży lotnisko w Gdańsku i ile to 17% z 2340?", "Kraków", "pl"],
    ["Яка завтра погода у Львові, на якій висоті аеропорт Гданська і скільки буде 17% від 2340?", "Lviv", "uk"],
    ["מה מזג האוויר בתל אביב מחר, מה הגובה של שדה התעופה בגדנסק וכמה זה 17% מ-2340?", "Tel Aviv", "he"],
  ])("%s", async (text, place, locale) => {
    const understood = await understanding.understand(text, context());
    expect(understood.locale).toBe(locale);
    expect(understood.parts.map(({ name, slots }) => ({ name, slots }))).toEqual(threeParts);
    expect(understood.parts[0]?.slots.place).toBe(place);
    expect(understood.parts.every(({ tier, confidence }) => tier === "pattern" && confidence > 0.9)).toBe(true);
  });

  test("an elliptic part takes the intent of the one before it", async () => {
    expect(await partsOf("weather in Paris and in London")).toEqual([
      { name: "weather", slots: { place: "Paris" } },
      { name: "weather", slots: { place: "London" } },
    ]);
    expect(await partsOf("pogoda w Paryżu i w Londynie")).toEqual([
      { name: "weather", slots: { place: "Paris" } },
      { name: "weather", slots: { place: "London" } },
    ]);
  });

  test("a day named with the last elliptic part holds for those before it", async () => {
    const days = (await partsOf("weather in Paris and London tomorrow")).map(({ slots }) => slots.date);
    expect(days).toEqual(["2026-11-22", "2026-11-22"]);
  });

  test("a part that says 'there' takes the earlier place, or waits for the evidence that holds it", async () => {
    expect((await partsOf("what's the weather in Kraków tomorrow and what time is it there"))[1]).toEqual({
      name: "time",
      slots: { place: "Kraków" },
    });
    const { parts } = await understanding.understand(
      "when does LO281 land and what will the weather be there",
      context(),
    );
    expect(parts[0]).toMatchObject({ name: "airports", slots: { flight: "LO281", aspect: "flight" } });
    expect(parts[1]).toMatchObject({ name: "weather", dependsOn: 0, handOn: { from: "arrivalCity", to: "place" } });
  });

  test.each([
    "tickets for Simon and Garfunkel in London",
    "rock and roll news",
    "news about Tesla and SpaceX",
    "what is 2,340 + 1",
    "weather in Springfield, Illinois",
    "Translate to French: what is the weather in Paris, and what time is it",
    "what did I tell you about my sister",
  ])("%j stays whole", async (text) => {
    expect(await partsOf(text)).toHaveLength(1);
  });

  test("at most five parts come of one query", async () => {
    const asked = Array.from({ length: 8 }, (_, index) => `what is ${index} + 1`).join(", ");
    expect(await partsOf(asked)).toHaveLength(5);
  });

  test("a greeting or a remark around a request is not a part", async () => {
    expect(await namesOf("hi, what's the weather in Rome?")).toEqual(["weather"]);
    expect(await namesOf("I'm planning a trip, what's the weather in Paris?")).toEqual(["weather"]);
    expect(await namesOf("Tell me a joke and what's the weather in Paris")).toEqual(["chat", "weather"]);
  });
});

describe("one intent", () => {
  test.each([
    ["how many feet are in a mile", "convert_units", { value: 1, from: "mile", to: "feet" }],
    ["5 kg in pounds", "convert_units", { value: 5, from: "kg", to: "pounds" }],
    ["przelicz 2,5 mili na kilometry", "convert_units", { value: 2.5, from: "mili", to: "kilometry" }],
    ["5 קילו בפאונד", "convert_units", { value: 5, from: "קילו", to: "פאונד" }],
    ["sqrt(2)*3", "calculate", { expression: "sqrt(2)*3" }],
    ["ile to jest 15 razy 12", "calculate", { expression: "15 razy 12" }],
    ["what's the time in Tokyo", "time", { place: "Tokyo" }],
    ["котра година в Токіо", "time", { place: "Tokyo" }],
    ["AAPL", "stocks", { ticker: "AAPL" }],
    ["what's the price of Apple stock", "stocks", { company: "Apple" }],
    ["where can I watch The Office", "streaming", { title: "The Office", aspect: "where" }],
    ["did Arsenal win last night", "sports", { team: "Arsenal", aspect: "last", date: "2026-11-20" }],
    ["What's on in Kraków this weekend?", "events", { place: "Kraków", date: "2026-11-21", dateTo: "2026-11-22" }],
    ["METAR for EPKK", "airports", { airport: "EPKK", aspect: "metar" }],
    ["What is the elevation of Heathrow airport", "airports", { airport: "Heathrow", aspect: "elevation" }],
    ["search the web for vegan brownie recipes", "web_search", { query: "vegan brownie recipes" }],
    ["what did I tell you about my sister", "memory_recall", { query: "my sister" }],
    ["weather in Springfield, Illinois", "weather", { place: "Springfield, Illinois" }],
    ["weather in Foobarville", "weather", { place: "Foobarville" }],
    ["turn on the kitchen light", "home_control", {}],
    ["is the kitchen light on", "home_state", {}],
    ["how is server web-1", "fleet", { host: "web-1" }],
    ["restart the payment service", "ops_action", { operation: "restart", service: "payment" }],
    ["what's the latency of the checkout api", "service_metrics", { metric: "latency", service: "checkout api" }],
    ["create a ticket for the broken printer", "tickets", { action: "create", text: "broken printer" }],
    ["Hello!", "greeting", {}],
    ["co potrafisz?", "help", {}],
  ])("%s", async (text, name, slots) => {
    expect(await partsOf(text)).toEqual([{ name, slots }]);
  });

  test.each([
    "Say hello",
    "Tell me a story",
    "Write a poem",
    "Count to ten",
    "Reply with OK",
    "What is the capital of France?",
    "Write a Python function that adds two numbers",
    "przetłumacz to na angielski",
    "напиши вірш про море",
    "ספר לי בדיחה",
    "zxqv brrp gnnk",
    "!!!",
    "",
  ])("%j goes to chat, never to the nearest service", async (text) => {
    expect(await namesOf(text)).toEqual(["chat"]);
  });
});

describe("the model tier", () => {
  type Answer = { intent: string; confidence: number; slots?: Record<string, unknown> };
  // With every threshold at 1, whatever is left to the examples is in doubt.
  const doubting = defaultRegistry();
  const source = registrySourceOf({ ...doubting, intents: doubting.intents.map((row) => ({ ...row, threshold: 1 })) });
  let doubter: Understanding;
  beforeAll(async () => {
    doubter = createUnderstanding({ registry: source, gazetteer, logger: silentLogger });
    await doubter.ready();
  });
  afterAll(() => doubter.stop());

  const ask = async (text: string, answer: Answer | Error) => {
    const asked: string[] = [];
    const modelTier = async (question: string) => {
      asked.push(question);
      if (answer instanceof Error) throw answer;
      return answer;
    };
    const { parts } = await doubter.understand(text, { ...context(), modelTier });
    return { parts, asked };
  };
  const doubtful = "is it going to be nice enough on Monday to have breakfast outside, any rain";

  test("is asked only in doubt, and its answer is recorded as its own", async () => {
    const sure = await ask("what's the weather in Rome", { intent: "news", confidence: 1 });
    expect(sure.asked).toEqual([]);
    const { parts, asked } = await ask(doubtful, {
      intent: "weather",
      confidence: 1,
      slots: { place: "Rome", madeUp: 1 },
    });
    expect(asked).toEqual([doubtful]);
    expect(parts).toEqual([
      { text: doubtful, name: "weather", confidence: 1, tier: "model", slots: { place: "Rome", date: "2026-11-23" } },
    ]);
  });

  test.each([
    ["fails", new Error("unreachable")],
    ["names an unknown intent", { intent: "nonsense", confidence: 1 }],
    ["leaves a required slot empty", { intent: "calculate", confidence: 1 }],
    ["is in doubt itself", { intent: "weather", confidence: 0.6 }],
  ])("leaves the cheaper tiers' answer standing when it %s", async (_, answer) => {
    const { parts, asked } = await ask(doubtful, answer);
    expect(asked).toHaveLength(1);
    expect(parts.map(({ name, tier }) => ({ name, tier }))).toEqual([{ name: "chat", tier: "example" }]);
  });
});

describe("any text", () => {
  test("of 100 KB never blocks the event loop for long", async () => {
    const units = [
      "a",
      "and ",
      "weather in Paris, ",
      "17% of ",
      "((((",
      "5 kg in ",
      "\u0301",
      "tomorrow ",
      "LO281 ",
      "what is ",
      "ו",
      "\n",
      "in Kraków ",
      "😀",
    ];
    await understanding.understand("warm up in Paris, 5 kg in pounds", context());
    for (const unit of units) {
      for (const length of [590, 100_000]) {
        const text = unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
        const ms = await leastCpuMs(async () => {
          expect((await understanding.understand(text, context())).parts.length).toBeGreaterThan(0);
        });
        expect(ms, `${JSON.stringify(unit)} × ${length}`).toBeLessThan(120);
      }
    }
  });
});

test("new rows take over without a restart, and rows that cannot be used leave the old ones in place", async () => {
  const source = registrySourceOf({ ...defaultRegistry(), examples: [] });
  const changing = createUnderstanding({ registry: source, gazetteer, logger: silentLogger });
  const first = async () => (await changing.understand("open sesame", context())).parts[0]?.name;
  expect(await first()).toBe("chat");
  const before = source.current();
  const pattern = { intent: "help", locale: "en", kind: "phrase", pattern: "open sesame", slots: {} } as const;
  source.change({ ...before, revision: "2", patterns: [...before.patterns, pattern] });
  expect(await first()).toBe("help");
  source.change({ ...before, revision: "3", patterns: [{ ...pattern, pattern: "(broken" }] });
  expect(await first()).toBe("help");
  await changing.stop();
});

test("an intent that nothing leads to is warned of at start and when the rows change", async () => {
  const warned: object[] = [];
  const rows = defaultRegistry();
  const lonely = { ...rows.intents[0]!, id: "gardening" };
  const source = registrySourceOf({
    ...rows,
    intents: [...rows.intents, lonely],
    examples: rows.examples.slice(0, 50),
  });
  const watched = createUnderstanding({
    registry: source,
    gazetteer,
    logger: { ...silentLogger, warn: (fields) => warned.push(fields) },
  });
  await watched.ready();
  expect(warned).toContainEqual({ intents: expect.arrayContaining(["gardening"]) });
  warned.length = 0;
  source.change({ ...source.current(), revision: "2", intents: rows.intents, examples: rows.examples });
  expect(warned).toEqual([]);
  await watched.stop();
});
