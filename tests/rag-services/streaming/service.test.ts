import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { countryOf } from "../../../rag-services/streaming/country-of.ts";
import { createStreaming } from "../../../rag-services/streaming/service.ts";
import { ragServiceContract, testContext, testServiceDeps } from "../../contracts/rag-service.contract.ts";
import { type ProviderServer, startProviderServer } from "../../support/provider-server.ts";
import {
  episode,
  offersInPoland,
  show,
  tmdbDetails,
  tmdbSearch,
  tvmazeSchedule,
  tvmazeSearch,
  tvmazeShow,
} from "./replies.ts";

const scriptTvmaze = (server: ProviderServer) => {
  server.on("/tvmaze/search/shows", { body: tvmazeSearch });
  server.on("/tvmaze/shows/42", { body: tvmazeShow });
  server.on("/tvmaze/schedule", { body: tvmazeSchedule });
};
const scriptTmdb = (server: ProviderServer) => {
  server.on("/tmdb/3/search/multi", { body: tmdbSearch });
  server.on("/tmdb/3/movie/438631", { body: tmdbDetails(offersInPoland) });
};

ragServiceContract("streaming", {
  create: createStreaming,
  script: scriptTvmaze,
  slots: { title: "Ranczo", aspect: "when" },
  junkSlots: [{ title: 9 }, { country: "Poland" }, { title: "x".repeat(5_000) }, null],
  says: {
    en: ["Ranczo: next is season 11, episode 2 (“Porwanie”)", "2 August 2026 at 20:05", "Source: TVmaze (CC BY-SA)"],
    pl: ["następny jest sezon 11, odcinek 2", "2 sierpnia 2026, godz. 20:05", "Ostatni był sezon 11, odcinek 1"],
  },
});

ragServiceContract("streaming with a key", {
  create: createStreaming,
  environment: () => ({ TMDB_API_KEY: "short-key" }),
  script: (server) => {
    scriptTvmaze(server);
    scriptTmdb(server);
  },
  slots: { title: "Dune", aspect: "where" },
  junkSlots: [[]],
  says: {
    en: ["can be watched on (Poland): HBO Max (with a subscription); Apple TV and Rakuten TV (to rent)", "JustWatch"],
    pl: ["Diuna można obejrzeć (Polska): HBO Max (w abonamencie)"],
  },
});

describe("streaming", () => {
  let server: ProviderServer;
  beforeAll(async () => {
    server = await startProviderServer();
  });
  beforeEach(() => server.reset());
  afterAll(() => server.close());

  const ask = async (slots: unknown, environment = {}, changes: Parameters<typeof testContext>[0] = {}) => {
    const service = createStreaming(testServiceDeps(server, environment));
    const context = testContext(changes);
    const answer = await service.query(service.slots.parse(slots), context);
    return { ...answer, text: service.render(answer.evidence, context.locale, context.timezone) };
  };

  test("tells who plays and how many episodes there are", async () => {
    scriptTvmaze(server);
    expect((await ask({ title: "Ranczo", aspect: "cast" })).text).toContain(
      "In Ranczo play Ilona Ostrowska (Lucy Wilska).",
    );
    expect((await ask({ title: "Ranczo", aspect: "episodes" })).text).toContain(
      "Ranczo has 2 seasons and 26 episodes.",
    );
    expect((await ask({ title: "Ranczo", aspect: "episodes" }, {}, { locale: "pl" })).text).toContain(
      "2 sezony i 26 odcinków",
    );
    server.on("/tvmaze/shows/42", { body: show() });
    expect((await ask({ title: "Ranczo", aspect: "cast" })).text).toContain("not known");
  });

  test("understands an aspect by either of its names and takes an unknown one for none", async () => {
    scriptTvmaze(server);
    expect((await ask({ title: "Ranczo", aspect: "next_episode" })).text).toContain("next is season 11");
    expect((await ask({ title: "Ranczo", aspect: "plot" })).text).toContain("American woman");
    expect((await ask({ title: "Ranczo", aspect: "smell" })).text).toContain("is shown by TVP1");
    expect((await ask({})).text).toContain("Ojciec Mateusz");
  });

  test("names the channel of a series without a key, and what it is about in plain text", async () => {
    scriptTvmaze(server);
    expect((await ask({ title: "ranczo" })).text).toContain("Ranczo is shown by TVP1.");
    const { text, evidence } = await ask({ title: "ranczo", aspect: "about" });
    expect(text).toContain(
      "Ranczo (series, 2006, Comedy): Ranczo is about an American woman who inherits a manor & stays.",
    );
    expect(evidence[0]?.sourceUrl).toBe("https://www.tvmaze.com/shows/42/ranczo");
  });

  test("tells an episode's time in the user's zone and asks for both episodes at once", async () => {
    scriptTvmaze(server);
    const { text } = await ask({ title: "Ranczo", aspect: "when" }, {}, { timezone: "America/New_York" });
    expect(text).toMatch(/Sunday,? 2 August 2026 at 14:05/);
    expect(server.requests.at(-1)?.query.getAll("embed[]")).toContain("previousepisode");
  });

  test("tells only the day of an episode that has no hour", async () => {
    scriptTvmaze(server);
    const streamed = episode({ airtime: "", airstamp: "2026-08-02T12:00:00+00:00" });
    server.on("/tvmaze/shows/42", { body: { ...show(), _embedded: { nextepisode: streamed } } });
    const { text } = await ask({ title: "Ranczo", aspect: "when" });
    expect(text).toMatch(/Sunday,? 2 August 2026\./);
    expect(text).not.toContain("14:00");
  });

  test("says that a series has ended or that nothing is announced", async () => {
    scriptTvmaze(server);
    server.on("/tvmaze/shows/42", { body: show({ status: "Ended" }) });
    server.on("/tvmaze/search/shows", { body: [{ score: 1, show: show({ status: "Ended" }) }] });
    expect((await ask({ title: "Ranczo", aspect: "when" })).text).toContain("Ranczo has ended.");
    server.on("/tvmaze/search/shows", { body: [{ score: 1, show: show({ status: "To Be Determined" }) }] });
    expect((await ask({ title: "Ranczo", aspect: "when" })).text).toContain("no coming episode is announced");
  });

  test("lists the evening's programme of the user's country", async () => {
    scriptTvmaze(server);
    const { text } = await ask({ aspect: "tonight" });
    expect(text).toContain("20:05 TVP1: Ranczo, season 11, episode 2 (“Porwanie”).");
    expect(text).toContain("21:30 TVP1: Ojciec Mateusz, season 2 (“Special”).");
    expect(text).not.toContain("Morning");
    expect(Object.fromEntries(server.requests[0]?.query ?? [])).toEqual({ country: "PL", date: "2026-08-01" });
    server.on("/tvmaze/schedule", { body: [] });
    await expect(ask({ aspect: "tonight" })).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("says which of several titles of the same name it took", async () => {
    scriptTmdb(server);
    const { degraded, evidence } = await ask({ title: "Diuna" }, { TMDB_API_KEY: "k" }, { locale: "pl" });
    expect(degraded).toEqual([{ part: "streaming", reason: "Przyjęto: Diuna (2021); jest też Diuna (1984)." }]);
    expect(evidence[0]).toMatchObject({
      sourceName: "TMDB, JustWatch",
      sourceUrl: "https://www.themoviedb.org/movie/438631",
    });
  });

  test("says when the title found is another than the one asked for", async () => {
    scriptTvmaze(server);
    const { degraded } = await ask({ title: "Ranczo Wilkowyje" });
    expect(degraded[0]?.reason).toBe("The closest title found is Ranczo (2006).");
  });

  test("does not know where a film can be watched that nobody offers in the country", async () => {
    scriptTmdb(server);
    server.on("/tmdb/3/movie/438631", { body: tmdbDetails({ US: offersInPoland.PL }) });
    expect((await ask({ title: "Dune" }, { TMDB_API_KEY: "k" })).text).toContain(
      "Where Diuna can be watched is not known.",
    );
    expect((await ask({ title: "Dune", country: "us" }, { TMDB_API_KEY: "k" })).text).toContain("United States");
  });

  test("asks TVmaze when TMDB refuses the key, and says so", async () => {
    scriptTvmaze(server);
    server.on("/tmdb/*", { status: 401, body: { status_code: 7, status_message: "Invalid API key", success: false } });
    const { text, degraded } = await ask({ title: "Ranczo" }, { TMDB_API_KEY: "wrong" });
    expect(text).toContain("TVP1");
    expect(degraded[0]).toMatchObject({ part: "TMDB" });
  });

  test("sends a token as a header and a short key as TMDB wants it, neither into evidence", async () => {
    scriptTmdb(server);
    const token = "t".repeat(200);
    const { evidence } = await ask({ title: "Dune" }, { TMDB_API_KEY: token });
    expect(server.requests[0]?.headers.authorization).toBe(`Bearer ${token}`);
    expect(server.requests[0]?.query.has("api_key")).toBe(false);
    await ask({ title: "Dune" }, { TMDB_API_KEY: "short" });
    expect(server.requests.at(-1)?.query.get("api_key")).toBe("short");
    expect(JSON.stringify(evidence)).not.toContain(token);
  });

  test("says that a title is unknown, and asks for one when none is named", async () => {
    server.on("/tvmaze/search/shows", { body: [] });
    await expect(ask({ title: "Qwertz" })).rejects.toMatchObject({
      code: "NOT_FOUND",
      message: 'I found no series or film called "Qwertz".',
    });
    await expect(ask({ aspect: "where" }, {}, { locale: "pl" })).rejects.toMatchObject({
      code: "INVALID_INPUT",
      field: "title",
    });
  });
});

test.each([
  ["DE", "en", "Europe/Warsaw", "DE"],
  [undefined, "en", "Europe/Warsaw", "PL"],
  [undefined, "pl", "UTC", "PL"],
  [undefined, "he", "UTC", "IL"],
  [undefined, "en", "America/Chicago", "US"],
  [undefined, "en-GB", "UTC", "GB"],
  [undefined, "not a locale", "Nowhere/Else", "US"],
])("the country for %s, %s, %s is %s", (asked, locale, timezone, country) => {
  expect(countryOf(asked, locale, timezone)).toBe(country);
});
