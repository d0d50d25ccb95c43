import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createEgress } from "../../../platform/egress/create-egress.ts";
import { createOutbound } from "../../../platform/egress/create-outbound.ts";
import { createPermit } from "../../../platform/egress/create-permit.ts";
import type { EgressClass } from "../../../platform/egress/egress-class.ts";
import { createMetrics } from "../../../platform/metrics/metrics.ts";
import { createSearch } from "../../../rag-services/search/service.ts";
import { ragServiceContract, testContext, testServiceDeps } from "../../contracts/rag-service.contract.ts";
import { type ProviderServer, startProviderServer } from "../../support/provider-server.ts";

const searxng = {
  query: "tallest tower in poland",
  number_of_results: 0,
  results: [
    {
      url: "https://en.wikipedia.org/wiki/Varso",
      title: "Varso - Wikipedia",
      content: "Varso Tower is 310 metres tall &amp; stands in <b>Warsaw</b>.",
      thumbnail: "",
      engine: "duckduckgo",
      template: "default.html",
      parsed_url: ["https", "en.wikipedia.org", "/wiki/Varso", "", "", ""],
      engines: ["duckduckgo", "brave"],
      positions: [1, 1],
      publishedDate: null,
      score: 4.0,
      category: "general",
    },
    { url: "javascript:alert(1)", title: "evil", content: "x", engine: "x", score: 1 },
    {
      url: "https://www.example.org/towers",
      title: "Towers",
      content: "",
      publishedDate: "2026-05-01T00:00:00",
      engine: "bing",
      score: 1,
    },
  ],
  answers: [],
  corrections: [],
  infoboxes: [],
  suggestions: ["varso tower height"],
  unresponsive_engines: [],
};
const brave = {
  query: { original: "tallest tower in poland", is_navigational: false },
  mixed: { type: "mixed", main: [] },
  type: "search",
  web: {
    type: "search",
    family_friendly: true,
    results: [
      {
        title: "Varso Tower",
        url: "https://varso.example/tower",
        is_source_local: false,
        description: "The tower is <strong>310 m</strong> tall",
        page_age: "2026-02-03T00:00:00",
        profile: { name: "Varso", url: "https://varso.example" },
        language: "en",
      },
    ],
  },
};
const tavily = {
  query: "tallest tower in poland",
  follow_up_questions: null,
  answer: null,
  images: [],
  results: [
    { title: "Skyscrapers", url: "https://sky.example/pl", content: "Varso, 310 m", score: 0.98, raw_content: null },
  ],
  response_time: 0.9,
};

const environment = (url: string) => ({
  SEARXNG_URL: `${url}/searxng`,
  BRAVE_API_KEY: "b-key",
  TAVILY_API_KEY: "t-key",
});

ragServiceContract("search", {
  create: createSearch,
  environment,
  script: (server) => {
    server.on("/searxng/search", { body: searxng });
    server.on("/brave/res/v1/web/search", { body: brave });
    server.on("/tavily/search", { body: tavily });
  },
  slots: { query: "tallest tower in Poland" },
  junkSlots: [{ query: 5 }, { query: "x".repeat(10_000) }, "tower", null],
  says: {
    en: [
      "1. Varso - Wikipedia (en.wikipedia.org): Varso Tower is 310 metres tall & stands in Warsaw.",
      "2. Towers",
      "SearXNG",
    ],
    pl: ["Znalazłem w sieci", "310 metres", "Wyszukano przez SearXNG"],
  },
});

describe("search", () => {
  let server: ProviderServer;
  beforeAll(async () => {
    server = await startProviderServer();
  });
  beforeEach(() => server.reset());
  afterAll(() => server.close());

  const ask = async (
    slots: unknown,
    settings: Record<string, string>,
    changes: Parameters<typeof testContext>[0] = {},
  ) => {
    const deps = testServiceDeps(server, settings);
    const outbound = createOutbound({ egress: createEgress(), metrics: createMetrics(), longestRetryAfterMs: 100 });
    const service = createSearch({ ...deps, outbound });
    const permit = createPermit({ class: "full", confidential: false });
    const context = testContext({ permit, ...changes });
    const answer = await service.query(service.slots.parse(slots), context);
    return { ...answer, text: service.render(answer.evidence, context.locale, context.timezone) };
  };
  const searxngOnly = () => ({ SEARXNG_URL: `${server.url}/searxng` });

  test("leaves out what cannot be opened and keeps when a page was published", async () => {
    server.on("/searxng/search", { body: searxng });
    const { evidence } = await ask({ query: "towers" }, searxngOnly(), { locale: "pl" });
    expect(evidence.map(({ sourceUrl }) => sourceUrl)).toEqual([
      "https://en.wikipedia.org/wiki/Varso",
      "https://www.example.org/towers",
    ]);
    expect(evidence[1]?.data).toMatchObject({ site: "example.org", published: expect.stringContaining("2026-0") });
    expect(Object.fromEntries(server.requests[0]?.query ?? [])).toMatchObject({
      q: "towers",
      format: "json",
      language: "pl",
    });
  });

  test("asks Brave when SearXNG refuses JSON or reached no engine, and says so", async () => {
    server.on("/brave/res/v1/web/search", { body: brave });
    server.on("/searxng/search", { status: 403, body: "Forbidden" });
    const { text, degraded } = await ask({ query: "towers" }, environment(server.url));
    expect(text).toContain("Varso Tower (varso.example): The tower is 310 m tall");
    expect(degraded).toEqual([{ part: "SearXNG", reason: expect.stringContaining("Brave Search") }]);
    expect(server.requests.at(-1)?.headers["x-subscription-token"]).toBe("b-key");
    server.on("/searxng/search", { body: { ...searxng, results: [], unresponsive_engines: [["google", "CAPTCHA"]] } });
    expect((await ask({ query: "towers" }, environment(server.url))).degraded).toHaveLength(1);
  });

  test("asks Tavily with a bearer key", async () => {
    server.on("/tavily/search", { body: tavily });
    const { text } = await ask({ query: "towers" }, { TAVILY_API_KEY: "t-key" });
    expect(text).toContain("Skyscrapers (sky.example): Varso, 310 m");
    expect(server.requests[0]).toMatchObject({ method: "POST", headers: { authorization: "Bearer t-key" } });
    expect(JSON.parse(server.requests[0]?.body ?? "")).toMatchObject({ query: "towers" });
  });

  test("says that nothing was found", async () => {
    server.on("/searxng/search", { body: { ...searxng, results: [] } });
    server.on("/brave/res/v1/web/search", { body: { query: {}, type: "search" } });
    const asked = ask({ query: "qwertzuiop" }, { ...searxngOnly(), BRAVE_API_KEY: "b" });
    await expect(asked).rejects.toMatchObject({ code: "NOT_FOUND", message: "The web search found nothing." });
  });

  test("names the settings when no engine is set", async () => {
    await expect(ask({ query: "x" }, {})).rejects.toMatchObject({
      code: "NOT_CONFIGURED",
      message: expect.stringContaining("SEARXNG_URL"),
    });
    await expect(ask({}, {}, { locale: "pl" })).rejects.toMatchObject({
      code: "INVALID_INPUT",
      message: "Czego mam poszukać w sieci?",
    });
  });

  test.each(["local-only", "generalised", "blocked"] satisfies EgressClass[])(
    "never sends the user's words in class %s, not even to an instance on this host",
    async (egressClass) => {
      server.on("/searxng/search", { body: searxng });
      const permit = createPermit({ class: egressClass, confidential: true });
      const asked = ask({ query: "my sick leave" }, environment(server.url), { permit, locale: "pl" });
      await expect(asked).rejects.toMatchObject({
        code: "EGRESS_BLOCKED",
        message: expect.stringContaining("prywatność"),
      });
      expect(server.requests).toEqual([]);
      expect(permit.receipt).toMatchObject([{ destination: "SearXNG", content: "sentence", decision: "held" }]);
    },
  );

  test("sends the sentence without its identifiers in class sanitized", async () => {
    server.on("/searxng/search", { body: searxng });
    const permit = createPermit({ class: "sanitized", confidential: true });
    await ask({ query: "who owns jan.nowak@example.com" }, searxngOnly(), { permit });
    expect(server.requests[0]?.query.get("q")).toMatch(/^who owns ⟨/);
    expect(JSON.stringify(server.requests)).not.toContain("nowak");
  });
});
