import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ics, weekly } from "../rag-services/events/replies.ts";
import { rss } from "../rag-services/news/replies.ts";
import { espnEvent, espnScoreboard } from "../rag-services/sports/replies.ts";
import { tvmazeSearch, tvmazeShow } from "../rag-services/streaming/replies.ts";
import { openMeteoReply } from "../rag-services/weather/replies.ts";
import { providersAt as providersOn, type RunningEngine, startEngine } from "../support/engine.ts";
import { type ProviderServer, startProviderServer } from "../support/provider-server.ts";

const lastMatch = espnEvent({
  id: "3",
  date: "2026-07-25T14:00Z",
  home: "Fulham",
  away: "Arsenal",
  score: ["0", "3"],
  status: ["STATUS_FULL_TIME", "post", "FT"],
});
const quote =
  "Symbol,Date,Time,Open,High,Low,Close,Volume,Name\r\nAAPL.US,2026-07-31,22:00:19,246.6,248.845,244.7,247.77,35478000,APPLE\r\n";
const results = {
  query: "tallest tower",
  number_of_results: 0,
  results: [
    {
      url: "https://en.wikipedia.org/wiki/Varso",
      title: "Varso - Wikipedia",
      content: "Varso Tower is 310 metres tall.",
      engine: "duckduckgo",
      score: 4,
    },
  ],
  answers: [],
  infoboxes: [],
  suggestions: [],
  unresponsive_engines: [],
};

const script = (server: ProviderServer) => {
  server.on("/v1/forecast", ({ query }) => ({ body: openMeteoReply(query) }));
  server.on("/apis/site/v2/sports/*", { body: espnScoreboard([], "Cup") });
  server.on("/apis/site/v2/sports/soccer/eng.1/scoreboard", { body: espnScoreboard([lastMatch]) });
  server.on("/feeds/events.ics", ics(weekly));
  server.on(
    "/feeds/news.xml",
    rss("First Paper", [
      { title: "Bridge opened in Gdynia", link: "https://paper.example/bridge", at: new Date().toUTCString() },
    ]),
  );
  server.on("/search/shows", { body: tvmazeSearch });
  server.on("/shows/42", { body: tvmazeShow });
  server.on("/q/l/", { body: quote, headers: { "content-type": "text/csv" } });
  server.on("/search", { body: results });
};

describe("all eight services answer in chat", () => {
  let providers: ProviderServer;
  let athena: RunningEngine;
  beforeAll(async () => {
    providers = await startProviderServer();
    script(providers);
    athena = await startEngine({
      ...providersOn(providers.url),
      SEARXNG_URL: providers.url,
      EVENT_FEEDS: `${providers.url}/feeds/events.ics`,
      NEWS_FEEDS: `${providers.url}/feeds/news.xml`,
    });
  });
  afterAll(async () => {
    await athena.close();
    await providers.close();
  });

  test.each([
    ["weather", "weather", "What's the weather in Kraków today?", /°C/],
    ["airports", "airports", "How high is Gdańsk airport?", /489 ft/],
    ["sports", "sports", "What was Arsenal's last result?", /Fulham.*3|3.*Fulham/s],
    ["events", "events", "What events are on in Kraków this month?", /Jazz night/],
    ["streaming", "streaming", "Where can I watch Ranczo?", /TVP1/],
    ["news", "news", "What's in the news?", /Bridge opened in Gdynia/],
    ["stocks", "stocks", "What is the Apple stock price?", /247\.77/],
    ["web_search", "search", "Search the web for the tallest tower in Poland", /310/],
  ])("%s", async (intent, service, question, says) => {
    const response = await athena.post("/v1/chat/completions", {
      model: "athena",
      messages: [{ role: "user", content: question }],
    });
    const { choices, athena: about } = (await response.json()) as {
      choices: { message: { content: string } }[];
      athena: {
        intents: { name: string }[];
        evidence: { service: string; source: string; url?: string; observed_at: string }[];
      };
    };
    const answer = choices[0]?.message.content ?? "";
    expect(
      about.intents.map(({ name }) => name),
      answer,
    ).toEqual([intent]);
    expect(answer).toMatch(says);
    expect(about.evidence[0], answer).toMatchObject({ service, source: expect.any(String) });
  });

  test("a confidential question with nowhere to go never reaches a provider", async () => {
    const before = providers.requests.length;
    const response = await athena.post("/v1/chat/completions", {
      model: "athena-private",
      messages: [{ role: "user", content: "What's the weather in Oslo today?" }],
    });
    const { athena: about } = (await response.json()) as { athena: { egress: string } };
    expect(about.egress).toBe("blocked");
    expect(providers.requests.length).toBe(before);
  });
});
