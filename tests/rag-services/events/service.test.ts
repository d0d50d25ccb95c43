import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createEvents } from "../../../rag-services/events/service.ts";
import { ragServiceContract, testContext, testServiceDeps } from "../../contracts/rag-service.contract.ts";
import { type ProviderServer, startProviderServer } from "../../support/provider-server.ts";
import { announcements, cancelled, floating, ics, ticketmaster, weekly, wholeDays } from "./replies.ts";

const calendar = ics([...weekly, wholeDays, cancelled, floating]);
const feedsAt = (url: string) => ({ EVENT_FEEDS: `${url}/feeds/culture.ics,${url}/feeds/town.xml` });
const scriptAll = (server: ProviderServer) => {
  server.on("/feeds/culture.ics", calendar);
  server.on("/feeds/town.xml", announcements);
  server.on("/ticketmaster/discovery/v2/events.json", { body: ticketmaster });
};

ragServiceContract("events", {
  create: createEvents,
  environment: (url) => ({ ...feedsAt(url), TICKETMASTER_API_KEY: "t-key" }),
  script: scriptAll,
  slots: { place: "Kraków" },
  junkSlots: [{ place: 4 }, { date: {} }, { query: "x".repeat(5_000) }, null],
  says: {
    en: ["Jazz night", "4 August 2026, 19:00–21:00, Piec Art, Kraków", "The Rolling Tests", "tickets from PLN"],
    pl: [
      "4 sierpnia 2026, 19:00–21:00",
      "bilety od 199,00",
      "od piątek, 7 sierpnia 2026 do niedziela, 9 sierpnia 2026",
    ],
  },
});

describe("events", () => {
  let server: ProviderServer;
  beforeAll(async () => {
    server = await startProviderServer();
  });
  beforeEach(() => server.reset());
  afterAll(() => server.close());

  const ask = async (
    slots: unknown,
    environment: Record<string, string> = feedsAt(server.url),
    changes: Parameters<typeof testContext>[0] = {},
  ) => {
    const service = createEvents(testServiceDeps(server, environment));
    const context = testContext(changes);
    const answer = await service.query(service.slots.parse(slots), context);
    return { ...answer, text: service.render(answer.evidence, context.locale, context.timezone) };
  };
  const starts = ({ evidence }: Awaited<ReturnType<typeof ask>>) =>
    evidence.map(({ title, data }) => `${title} ${data.starts}`);

  test("spreads recurring events over the asked days, with exceptions and changed occurrences, through clock changes", async () => {
    server.on("/feeds/culture.ics", ics(weekly));
    const one = { EVENT_FEEDS: `${server.url}/feeds/culture.ics` };
    expect(starts(await ask({ date: "2026-08-03", dateTo: "2026-08-31" }, one))).toEqual([
      "Jazz night 2026-08-04T17:00:00.000Z",
      "Jazz night, later 2026-08-18T18:00:00.000Z",
      "Jazz night 2026-08-25T17:00:00.000Z",
    ]);
    expect(starts(await ask({ date: "2026-10-20", dateTo: "2026-11-04" }, one))).toEqual([
      "Jazz night 2026-10-20T17:00:00.000Z",
      "Jazz night 2026-10-27T18:00:00.000Z",
      "Jazz night 2026-11-03T18:00:00.000Z",
    ]);
  });

  test("tells events of one day of the user's zone", async () => {
    scriptAll(server);
    const found = await ask({ date: "2026-08-06" });
    expect(starts(found)).toEqual(["Noon walk 2026-08-06T10:00:00.000Z"]);
    expect(found.evidence[0]).toMatchObject({ sourceName: "Kultura w Krakowie" });
    const days = await ask({ date: "2026-08-09" });
    expect(days.text).toMatch(/Pierogi festival, Friday,? 7 August 2026 to Sunday,? 9 August 2026, Mały Rynek/);
    await expect(ask({ date: "2026-08-10" })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("finds what an event is to be about and leaves cancelled ones out", async () => {
    scriptAll(server);
    expect((await ask({ query: "jazzu" })).evidence.map(({ title }) => title)).toEqual(["Jazz night"]);
    await expect(ask({ query: "called off" })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("knows a place by another of its names", async () => {
    scriptAll(server);
    const titles = (await ask({ place: "Cracow", date: "2026-08-08" })).evidence.map(({ title }) => title);
    expect(titles).toContain("Open-air cinema");
    await expect(ask({ place: "Gdańsk" })).rejects.toMatchObject({ message: expect.stringContaining("(Gdańsk)") });
  });

  test("tells announcements without a date only when no day was asked for, and says so", async () => {
    server.on("/feeds/town.xml", announcements);
    const one = { EVENT_FEEDS: `${server.url}/feeds/town.xml` };
    const { text, evidence } = await ask({}, one);
    expect(text).toMatch(/Open-air cinema, Saturday,? 8 August 2026 at 21:00, Błonia, Kraków\./);
    expect(text).toMatch(/New season of concerts, announced Thursday,? 30 July 2026, its date is not given\./);
    expect(evidence[0]?.sourceUrl).toBe("https://town.example/cinema");
    expect((await ask({ date: "2026-08-08" }, one)).evidence).toHaveLength(1);
  });

  test("asks Ticketmaster around the place as a point, within the days, and keeps the key out of evidence", async () => {
    scriptAll(server);
    const { text, evidence } = await ask(
      { place: "Krakowie", date: "2026-08-05", query: "rock" },
      { TICKETMASTER_API_KEY: "t-key" },
      { locale: "pl" },
    );
    expect(text).toMatch(
      /The Rolling Tests, środa, 5 sierpnia 2026, godz\. 20:00, Tauron Arena, Kraków, bilety od 199,00\szł\./,
    );
    expect(Object.fromEntries(server.requests[0]?.query ?? [])).toMatchObject({
      apikey: "t-key",
      keyword: "rock",
      geoPoint: expect.stringMatching(/^u2yh/),
      startDateTime: "2026-08-04T22:00:00Z",
      endDateTime: "2026-08-05T22:00:00Z",
    });
    expect(JSON.stringify(evidence)).not.toContain("t-key");
  });

  test("takes Ticketmaster's reply without events for none, and its refusal of a key for an outage", async () => {
    server.on("/ticketmaster/*", {
      body: { _links: {}, page: { size: 20, totalElements: 0, totalPages: 0, number: 0 } },
    });
    await expect(ask({}, { TICKETMASTER_API_KEY: "k" })).rejects.toMatchObject({ code: "NOT_FOUND" });
    server.on("/ticketmaster/*", {
      status: 401,
      body: { fault: { faultstring: "Invalid ApiKey", detail: { errorcode: "oauth.v2.InvalidApiKey" } } },
    });
    await expect(ask({}, { TICKETMASTER_API_KEY: "k" })).rejects.toMatchObject({ code: "UPSTREAM_UNAVAILABLE" });
  });

  test("answers without a source that fails, and says which", async () => {
    scriptAll(server);
    server.on("/feeds/town.xml", { status: 500 });
    expect((await ask({})).degraded).toEqual([{ part: "event feed 2", reason: expect.stringContaining("without it") }]);
  });

  test("names the settings when no source is set up, and asks for days that it cannot read", async () => {
    await expect(ask({}, {})).rejects.toMatchObject({
      code: "NOT_CONFIGURED",
      message: expect.stringMatching(/EVENT_FEEDS.*TICKETMASTER_API_KEY/),
    });
    await expect(ask({ date: "someday" }, undefined, { locale: "pl" })).rejects.toMatchObject({
      code: "INVALID_INPUT",
      field: "date",
      message: "O które dni chodzi?",
    });
  });
});
