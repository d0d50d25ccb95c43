import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { isAppError } from "../../../platform/errors/app-error.ts";
import { createStocks } from "../../../rag-services/stocks/service.ts";
import { parseStooqCsv } from "../../../rag-services/stocks/stooq.ts";
import { ragServiceContract, testContext, testServiceDeps } from "../../contracts/rag-service.contract.ts";
import { type ProviderServer, startProviderServer } from "../../support/provider-server.ts";

const head = "Symbol,Date,Time,Open,High,Low,Close,Volume,Name";
const csv = (row: string) => ({ body: `${head}\r\n${row}\r\n`, headers: { "content-type": "text/csv" } });
const apple = csv("AAPL.US,2026-07-31,22:00:19,246.6,248.845,244.7,247.77,35478000,APPLE");
const unknown = (symbol: string) => csv(`${symbol},N/D,N/D,N/D,N/D,N/D,N/D,N/D,${symbol}`);

const finnhub = { c: 250.5, d: 2.73, dp: 1.1018, h: 251, l: 247.1, o: 248, pc: 247.77, t: 1_785_520_800 };
const alphaVantage = {
  "Global Quote": {
    "01. symbol": "AAPL",
    "02. open": "246.6000",
    "03. high": "248.8450",
    "04. low": "244.7000",
    "05. price": "247.7700",
    "06. volume": "35478000",
    "07. latest trading day": "2026-07-31",
    "08. previous close": "247.6600",
    "09. change": "0.1100",
    "10. change percent": "0.0444%",
  },
};

ragServiceContract("stocks", {
  create: createStocks,
  script: (server) => server.on("/stooq/q/l/", apple),
  slots: { company: "Apple" },
  junkSlots: [{ ticker: 7 }, { company: {} }, { ticker: "" }, { company: "x".repeat(5_000) }, null],
  says: {
    en: ["Apple (AAPL.US)", "247.77", "+0.47% since the day's opening", "31 July 2026", "22:00", "Source: Stooq"],
    pl: ["247,77", "+0,47% od otwarcia", "31 lipca 2026", "22:00", "Źródło: Stooq"],
  },
});

ragServiceContract("stocks with keys", {
  create: createStocks,
  environment: () => ({ FINNHUB_API_KEY: "f-key", ALPHAVANTAGE_API_KEY: "a-key" }),
  script: (server) => {
    server.on("/finnhub/api/v1/quote", { body: finnhub });
    server.on("/stooq/q/l/", apple);
    server.on("/alphavantage/query", { body: alphaVantage });
  },
  slots: { ticker: "AAPL" },
  junkSlots: [{ ticker: [] }],
  says: { en: ["250.50", "+1.1% against the previous close"], pl: ["250,50", "wobec poprzedniego zamknięcia"] },
});

describe("stocks", () => {
  let server: ProviderServer;
  beforeAll(async () => {
    server = await startProviderServer();
  });
  beforeEach(() => server.reset());
  afterAll(() => server.close());

  const ask = async (slots: unknown, environment = {}, changes: Parameters<typeof testContext>[0] = {}) => {
    const service = createStocks(testServiceDeps(server, environment));
    const context = testContext(changes);
    const answer = await service.query(service.slots.parse(slots), context);
    return { ...answer, text: service.render(answer.evidence, context.locale, context.timezone) };
  };
  const asked = () => server.requests.map(({ path, query }) => `${path}?${query.get("s") ?? query.get("symbol")}`);

  test("keeps the time of the quote, which Stooq writes in Polish time", async () => {
    server.on("/stooq/q/l/", apple);
    const { evidence, text } = await ask({ ticker: "AAPL" }, {}, { timezone: "America/New_York" });
    expect(evidence[0]?.observedAt).toBe("2026-07-31T20:00:19.000Z");
    expect(text).toContain("16:00");
    expect(evidence[0]).toMatchObject({ sourceName: "Stooq", sourceUrl: "https://stooq.com/q/?s=aapl.us" });
  });

  test("asks for Polish stocks without a market, and prices them in złoty", async () => {
    server.on("/stooq/q/l/", csv("PKN,2026-07-31,17:04:59,78.1,79.5,77.9,79.02,1234567,PKNORLEN"));
    const { text } = await ask({ company: "Orlenu" }, {}, { locale: "pl" });
    expect(asked()).toEqual(["/stooq/q/l/?pkn"]);
    expect(text).toMatch(/Orlen \(PKN\.PL\): 79,02\szł/);
  });

  test("tells an index in points and a currency to four decimals", async () => {
    server.on("/stooq/q/l/", csv("^SPX,2026-07-31,23:00:00,6400.1,6450,6390.5,6421.77,2500000000,S&P 500 - U.S."));
    expect((await ask({ company: "S&P 500" })).text).toContain("S&P 500 (^SPX): 6,421.77 points");
    server.on("/stooq/q/l/", csv("EURUSD,2026-07-31,22:59:55,1.15123,1.1561,1.1499,1.15487,,EUR/USD 1:1"));
    expect((await ask({ ticker: "EUR/USD" })).text).toContain("1.1549 USD");
  });

  test("looks on the other market when the first does not list a ticker", async () => {
    server.on("/stooq/q/l/", ({ query }) =>
      query.get("s") === "cdr" ? csv("CDR,2026-07-31,17:00:00,250,255,249,251.5,100000,CDPROJEKT") : unknown("CDR.US"),
    );
    expect((await ask({ ticker: "CDR" })).text).toContain("CD Projekt (CDR.PL)");
    expect(asked()).toEqual(["/stooq/q/l/?cdr.us", "/stooq/q/l/?cdr"]);
  });

  test("says that an unknown symbol is unknown", async () => {
    server.on("/stooq/q/l/", unknown("ZZZZ.US"));
    await expect(ask({ ticker: "ZZZZ" })).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(ask({ company: "no such firm at all" })).rejects.toMatchObject({
      code: "NOT_FOUND",
      message: expect.stringContaining('"no such firm at all"'),
    });
  });

  test("takes a used-up daily limit for an outage, not for a price", async () => {
    server.on("/stooq/q/l/", { body: "Exceeded the daily hits limit" });
    await expect(ask({ ticker: "AAPL" })).rejects.toMatchObject({ code: "UPSTREAM_UNAVAILABLE" });
  });

  test("sends Finnhub's key as a header and takes its zeros for unknown", async () => {
    server.on("/finnhub/api/v1/quote", { body: { c: 0, d: null, dp: null, h: 0, l: 0, o: 0, pc: 0, t: 0 } });
    server.on("/stooq/q/l/", apple);
    const { text } = await ask({ ticker: "AAPL" }, { FINNHUB_API_KEY: "f-key" });
    expect(text).toContain("247.77");
    expect(server.requests[0]?.headers["x-finnhub-token"]).toBe("f-key");
    expect(server.requests[0]?.query.toString()).not.toContain("f-key");
  });

  test("asks the next source when Alpha Vantage's calls are used up, and says so", async () => {
    server.on("/alphavantage/query", {
      body: { Information: "Thank you for using Alpha Vantage! … 25 requests per day." },
    });
    server.on("/stooq/q/l/", apple);
    const { degraded, evidence } = await ask({ ticker: "AAPL" }, { ALPHAVANTAGE_API_KEY: "a-key" });
    expect(degraded).toEqual([{ part: "Alpha Vantage", reason: expect.stringContaining("Stooq") }]);
    expect(JSON.stringify(evidence)).not.toContain("a-key");
  });

  test("tells Alpha Vantage's quote by its trading day", async () => {
    server.on("/alphavantage/query", { body: alphaVantage });
    const { text } = await ask({ ticker: "AAPL" }, { ALPHAVANTAGE_API_KEY: "a-key" });
    expect(text).toContain("+0.04% against the previous close");
    expect(text).toMatch(/quoted Friday,? 31 July 2026\./);
    server.on("/alphavantage/query", { body: { "Global Quote": {} } });
    server.on("/stooq/q/l/", unknown("ZZZZ.US"));
    await expect(ask({ ticker: "ZZZZ" }, { ALPHAVANTAGE_API_KEY: "a-key" })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  });

  test("asks keyed sources for American stocks only", async () => {
    server.on("/stooq/q/l/", csv("XAUUSD,2026-07-31,22:59:59,3300,3350,3290,3341.5,,Gold"));
    expect((await ask({ company: "gold" }, { FINNHUB_API_KEY: "f-key" })).text).toContain("3,341.50");
    expect(asked()).toEqual(["/stooq/q/l/?xauusd"]);
  });

  test("asks what is meant when nothing is named, in the user's language", async () => {
    await expect(ask({})).rejects.toMatchObject({ code: "INVALID_INPUT", field: "company" });
    await expect(ask({}, {}, { locale: "pl" })).rejects.toThrow("Kurs jakiej spółki");
    expect(server.requests).toEqual([]);
  });

  test("reads any row as a quote with a finite price and a time, or refuses it", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), (row) => {
        try {
          const quote = parseStooqCsv(`${head}\n${row}`, "aapl.us");
          expect(Number.isFinite(quote.price) && !Number.isNaN(Date.parse(quote.at))).toBe(true);
        } catch (error) {
          expect(isAppError(error)).toBe(true);
        }
      }),
    );
  });
});
