import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { defaultFeeds } from "../../../rag-services/news/default-feeds.ts";
import { createNews } from "../../../rag-services/news/service.ts";
import { ragServiceContract, testContext, testServiceDeps } from "../../contracts/rag-service.contract.ts";
import { permitOf } from "../../support/permit.ts";
import { type ProviderServer, startProviderServer } from "../../support/provider-server.ts";
import { atom, firstFeed, gdelt, newsApi } from "./replies.ts";

const feedsAt = (url: string) => ({ NEWS_FEEDS: `${url}/feeds/first.xml, ${url}/feeds/second.atom` });
const scriptFeeds = (server: ProviderServer) => {
  server.on("/feeds/first.xml", firstFeed);
  server.on("/feeds/second.atom", atom);
};

ragServiceContract("news", {
  create: createNews,
  environment: feedsAt,
  script: scriptFeeds,
  slots: {},
  junkSlots: [{ topic: 4 }, { place: [] }, { topic: "x".repeat(5_000) }, null],
  says: {
    en: ["The headlines:", "1. Parliament votes on the budget (First Paper, 1 Aug, 10:00)", "Source: First Paper"],
    pl: ["Najważniejsze wiadomości:", "1 sie", "Second Paper"],
  },
});

ragServiceContract("news about a topic", {
  create: createNews,
  environment: (url) => ({ ...feedsAt(url), NEWSAPI_API_KEY: "n-key" }),
  script: (server) => {
    scriptFeeds(server);
    server.on("/gdelt/api/v2/doc/doc", { body: gdelt });
    server.on("/newsapi/v2/everything", { body: newsApi });
  },
  slots: { topic: "earthquake" },
  junkSlots: [42],
  says: {
    en: ["News about earthquake:", "1. Earthquake relief arrives (Reuters (via NewsAPI.org), 1 Aug, 09:15)"],
    pl: ["Wiadomości na temat: earthquake", "Earthquake shakes island, no one hurt (third.example"],
  },
});

describe("news", () => {
  let server: ProviderServer;
  beforeAll(async () => {
    server = await startProviderServer();
  });
  beforeEach(() => server.reset());
  afterAll(() => server.close());

  const ask = async (
    slots: unknown,
    more: Record<string, string> = {},
    changes: Parameters<typeof testContext>[0] = {},
  ) => {
    const service = createNews(testServiceDeps(server, { ...feedsAt(server.url), ...more }));
    const context = testContext(changes);
    const answer = await service.query(service.slots.parse(slots), context);
    return { ...answer, text: service.render(answer.evidence, context.locale, context.timezone) };
  };

  test("takes headlines from each feed in turn, tells a story once and leaves old ones out", async () => {
    scriptFeeds(server);
    const { evidence } = await ask({});
    expect(evidence.map(({ title }) => title)).toEqual([
      "Parliament votes on the budget",
      "Storm hits the coast & the hills",
      "Wybory w Krakowie",
    ]);
    expect(evidence[0]).toMatchObject({
      sourceName: "First Paper",
      sourceUrl: "https://first.example/budget",
      observedAt: "2026-08-01T08:00:00.000Z",
      text: expect.stringContaining("A long night."),
    });
    expect(evidence[1]?.text).toContain("Thousands flee.");
  });

  test("finds a topic and a place in the feeds, in any inflection", async () => {
    scriptFeeds(server);
    const { evidence } = await ask({ topic: "wyborach", place: "Kraków" }, {}, { locale: "pl" });
    expect(evidence.map(({ title }) => title)).toEqual(["Wybory w Krakowie"]);
    expect(server.requests.every(({ path }) => path.startsWith("/feeds/"))).toBe(true);
  });

  test("asks GDELT for what the feeds do not have, in the user's language and without marks", async () => {
    scriptFeeds(server);
    server.on("/gdelt/api/v2/doc/doc", { body: gdelt });
    const { text } = await ask({ topic: 'the "earthquake" (in) Japan' });
    expect(text).toContain("Earthquake shakes island, no one hurt (third.example, 1 Aug, 11:30)");
    expect(server.requests.at(-1)?.query.get("query")).toBe("the earthquake japan sourcelang:english");
  });

  test("says that there are no news about a topic", async () => {
    scriptFeeds(server);
    server.on("/gdelt/api/v2/doc/doc", { body: {} });
    await expect(ask({ topic: "qwertz" })).rejects.toMatchObject({
      code: "NOT_FOUND",
      message: 'I found no news about "qwertz".',
    });
    server.on("/gdelt/api/v2/doc/doc", { body: "The specified phrase is too short.\n" });
    await expect(ask({ topic: "qwertz" })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("answers without a feed that fails, and says which", async () => {
    scriptFeeds(server);
    server.on("/feeds/second.atom", { status: 503 });
    const { evidence, degraded } = await ask({});
    expect(evidence[0]?.title).toBe("Parliament votes on the budget");
    expect(degraded).toEqual([{ part: "news feed 2", reason: expect.stringContaining("without it") }]);
  });

  test("takes a page that is no feed for a failure", async () => {
    scriptFeeds(server);
    server.on("/feeds/first.xml", { body: "<html><body>Please enable cookies</body></html>" });
    expect((await ask({})).degraded).toHaveLength(1);
  });

  test("asks NewsAPI for headlines only when no feed answers, and sends its key as a header", async () => {
    server.on("/feeds/*", { status: 500 });
    server.on("/newsapi/v2/top-headlines", { body: newsApi });
    const { text, degraded } = await ask({}, { NEWSAPI_API_KEY: "n-key" });
    expect(text).toContain("1. Earthquake relief arrives");
    expect(text).not.toContain("Removed");
    expect(degraded[0]?.reason).toContain("NewsAPI");
    expect(server.requests.at(-1)?.headers["x-api-key"]).toBe("n-key");
    expect(server.requests.at(-1)?.query.toString()).not.toContain("n-key");
  });

  test("takes a refused key of NewsAPI for an outage and goes on with the feeds", async () => {
    scriptFeeds(server);
    server.on("/newsapi/v2/everything", {
      status: 401,
      body: { status: "error", code: "apiKeyInvalid", message: "no" },
    });
    const { degraded, text } = await ask({ topic: "budget" }, { NEWSAPI_API_KEY: "bad" });
    expect(text).toContain("Parliament votes");
    expect(degraded[0]?.part).toBe("NewsAPI");
  });

  test("sends no topic that names an identifier where the class forbids it", async () => {
    scriptFeeds(server);
    const permit = {
      ...permitOf("sanitized"),
      conceal: (text: string) => text.replace("jan@example.com", "⟨EMAIL_1⟩"),
    };
    await expect(ask({ topic: "jan@example.com" }, {}, { permit })).rejects.toMatchObject({ code: "EGRESS_BLOCKED" });
    expect(server.requests).toEqual([]);
  });
});

test("every language has feeds of its own, and others get the English ones", () => {
  const hosts = ["en", "pl", "uk-UA", "he"].map((locale) =>
    defaultFeeds(locale).map(({ url }) => new URL(url).protocol),
  );
  expect(hosts.flat().every((protocol) => protocol === "https:")).toBe(true);
  expect(defaultFeeds("pl")).not.toEqual(defaultFeeds("en"));
  expect(defaultFeeds("fr")).toEqual(defaultFeeds("en"));
});
