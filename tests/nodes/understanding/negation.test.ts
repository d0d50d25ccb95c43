import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createUnderstanding, type Understanding } from "../../../nodes/understanding/understand-query.ts";
import { createGazetteer } from "../../../rag-services/places/create-gazetteer.ts";
import { defaultRegistry, registrySourceOf, silentLogger } from "./default-registry.ts";

let understanding: Understanding;
beforeAll(async () => {
  understanding = createUnderstanding({
    registry: registrySourceOf(defaultRegistry()),
    gazetteer: createGazetteer(),
    logger: silentLogger,
  });
  await understanding.ready();
});
afterAll(() => understanding.stop());

const context = { timezone: "Europe/Warsaw", now: new Date("2026-11-21T08:00:00Z") };
const explain = (text: string, locale?: string) => understanding.explain(text, { ...context, locale });
const namesOf = async (text: string) => (await explain(text)).parts.map(({ name }) => name);

describe("what a text says is not wanted", () => {
  test.each([
    ["what's the weather in Paris, but not the news", ["weather"]],
    ["weather but not the news", ["weather"]],
    ["weather in Paris and not the news", ["weather"]],
    ["not the news, just the weather in Rome", ["weather"]],
    ["don't tell me the news, tell me the weather in Rome", ["weather"]],
    ["weather in Kraków without the news, and what time is it", ["weather", "time"]],
    ["pogoda w Krakowie, ale bez wiadomości", ["weather"]],
    ["pogoda, ale bez wiadomości", ["weather"]],
    ["pogoda w Krakowie, ale nie wiadomości, i która godzina", ["weather", "time"]],
    ["nie wiadomości, tylko pogoda w Rzymie", ["weather"]],
    ["погода у Львові, але без новин", ["weather"]],
    ["погода, але не новини", ["weather"]],
    ["яка погода в Києві, але без новин", ["weather"]],
    ["מזג האוויר בתל אביב אבל בלי חדשות", ["weather"]],
    ["מה מזג האוויר אבל לא חדשות", ["weather"]],
  ])("%s", async (text, names) => {
    const { parts, dropped } = await explain(text);
    expect(parts.map(({ name }) => name)).toEqual(names);
    expect(dropped).toHaveLength(1);
    for (const part of parts) expect(JSON.stringify(part.slots)).not.toContain(dropped[0]);
  });

  test("is dropped too when it only goes on with the part before it", async () => {
    const { parts, dropped } = await explain("weather in Paris but not in London");
    expect(parts.map(({ slots }) => slots)).toEqual([{ place: "Paris" }]);
    expect(dropped).toEqual(["in London"]);
  });

  test("stays where it is no request: a restriction belongs to what it restricts", async () => {
    for (const text of [
      "coffee without sugar recipe",
      "is it not raining in Paris",
      "I'm not sure what the weather is",
    ])
      expect((await explain(text)).dropped).toEqual([]);
    expect((await explain("search the web for pancakes without eggs")).parts[0]?.slots).toEqual({
      query: "pancakes without eggs",
    });
  });

  test("does not reach over the next request", async () => {
    expect(await namesOf("weather in Rome, but not the news, and what time is it in Tokyo")).toEqual([
      "weather",
      "time",
    ]);
  });
});

describe("an elliptic part takes its intent and the rest of its slots from the part before it", () => {
  test.each([
    ["when does Arsenal play and Chelsea", "team", ["Arsenal", "Chelsea"]],
    ["when does Arsenal play, and what about Chelsea", "team", ["Arsenal", "Chelsea"]],
    ["Did Arsenal win? And Chelsea?", "team", ["Arsenal", "Chelsea"]],
    ["premier league table and la liga", "league", ["Premier League", "La Liga"]],
    ["news about Ukraine and about Poland", "topic", ["Ukraine", "Poland"]],
    ["where can I watch Dune and what about Oppenheimer", "title", ["Dune", "Oppenheimer"]],
    ["Apple stock price and Tesla", "company", ["Apple", "Tesla"]],
    ["AAPL and TSLA", "ticker", ["AAPL", "TSLA"]],
    ["flight delays at JFK and at LAX", "airport", ["JFK", "LAX"]],
    ["wiadomości o Ukrainie i o Polsce", "topic", ["Ukrainie", "Polsce"]],
    ["kiedy gra Legia, a co z Lechem", "team", ["Legia", "Lechem"]],
    ["новини про Україну і про Польщу", "topic", ["Україну", "Польщу"]],
    ["коли грає Динамо, а що з Шахтарем", "team", ["Динамо", "Шахтарем"]],
    ["weather in Paris, Rome, Berlin and Madrid", "place", ["Paris", "Rome", "Berlin", "Madrid"]],
  ])("%s", async (text, slot, values) => {
    const { parts } = await explain(text);
    expect(parts.map(({ slots }) => slots[slot])).toEqual(values);
    expect(new Set(parts.map(({ name }) => name)).size).toBe(1);
  });

  test.each([
    "share price of Johnson and Johnson",
    "news about Tesla and SpaceX",
    "where can I watch Romeo and Juliet",
    "tickets for Simon and Garfunkel in London",
  ])("but %j names one thing", async (text) => {
    expect((await explain(text)).parts).toHaveLength(1);
  });
});

test("what is asked behind the fifth part is told apart, not put into it", async () => {
  const asked = Array.from({ length: 8 }, (_, index) => `what is ${index} + 1`).join(", ");
  const { parts, beyond } = await explain(asked);
  expect(parts.map(({ text }) => text)).toEqual([0, 1, 2, 3, 4].map((index) => `what is ${index} + 1`));
  expect(beyond).toBe("what is 5 + 1, what is 6 + 1, what is 7 + 1");
});

test("each line of a short text may be a part; what stands behind a colon is material unless something is asked before it", async () => {
  expect(await namesOf("What's the weather in Paris?\nWhat time is it in Tokyo?")).toEqual(["weather", "time"]);
  expect(await namesOf("Translate to French: what is the weather in Paris, and what time is it")).toEqual(["chat"]);
});

test("the reasons say what stands at each place and what came of it", async () => {
  const { places } = await explain("weather in Paris but not the news and what time is it, please");
  expect(places.map(({ outcome }) => outcome)).toEqual(["dropped", "split", "joined"]);
});
