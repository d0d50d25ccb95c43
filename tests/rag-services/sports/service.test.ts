import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createSports } from "../../../rag-services/sports/service.ts";
import { ragServiceContract, testContext, testServiceDeps } from "../../contracts/rag-service.contract.ts";
import { permitOf } from "../../support/permit.ts";
import { type ProviderServer, startProviderServer } from "../../support/provider-server.ts";
import { espnEvent, espnScoreboard, espnStandings, sportsDbEvent, sportsDbTeam } from "./replies.ts";

const arsenalLive = espnEvent({
  id: "1",
  date: "2026-08-01T09:00Z",
  home: "Arsenal",
  away: "Chelsea",
  score: ["2", "1"],
  status: ["STATUS_SECOND_HALF", "in", "67'"],
});
const arsenalNext = espnEvent({
  id: "2",
  date: "2026-08-08T15:30Z",
  home: "Arsenal",
  away: "Everton",
  status: ["STATUS_SCHEDULED", "pre", "8/8 - 11:30 AM EDT"],
});
const arsenalLast = espnEvent({
  id: "3",
  date: "2026-07-25T14:00Z",
  home: "Fulham",
  away: "Arsenal",
  score: ["0", "3"],
  status: ["STATUS_FULL_TIME", "post", "FT"],
});
const other = espnEvent({
  id: "4",
  date: "2026-08-01T18:00Z",
  home: "Leeds United",
  away: "Liverpool",
  status: ["STATUS_SCHEDULED", "pre", "8/1 - 2:00 PM EDT"],
});

const espn = "/espn/apis/site/v2/sports/soccer";
const sportsDb = "/thesportsdb/api/v1/json/123";
const scriptEspn = (server: ProviderServer) => {
  server.on(`${espn}/*`, { body: espnScoreboard([], "Cup") });
  server.on(`${espn}/eng.1/scoreboard`, { body: espnScoreboard([arsenalNext, arsenalLive, other, arsenalLast]) });
};
const scriptSportsDb = (server: ProviderServer) => {
  server.on(`${sportsDb}/searchteams.php`, {
    body: { teams: [sportsDbTeam("133604", "Arsenal", "Soccer", "English Premier League", "4328")] },
  });
  server.on(`${sportsDb}/eventslast.php`, {
    body: {
      results: [
        sportsDbEvent({
          id: "77",
          home: "Fulham",
          away: "Arsenal",
          at: "2026-07-25T14:00:00",
          score: ["0", "3"],
          status: "Match Finished",
        }),
      ],
    },
  });
  server.on(`${sportsDb}/eventsnext.php`, {
    body: {
      events: [sportsDbEvent({ id: "78", home: "Arsenal", away: "Everton", at: "2026-08-08T15:30:00", status: "NS" })],
    },
  });
};

ragServiceContract("sports", {
  create: createSports,
  script: (server) => {
    scriptEspn(server);
    scriptSportsDb(server);
  },
  slots: { team: "Arsenal" },
  junkSlots: [{ team: 5 }, { league: ["x"] }, { team: "x".repeat(5_000) }, "Arsenal", null],
  says: {
    en: ["Live: Arsenal 2–1 Chelsea", "67'", "Fulham 0–3 Arsenal", "Arsenal – Everton", "at 17:30", "Source: ESPN"],
    pl: ["Na żywo: Arsenal 2–1 Chelsea", "Następny mecz: Arsenal – Everton", "8 sierpnia 2026, godz. 17:30"],
  },
});

describe("sports", () => {
  let server: ProviderServer;
  beforeAll(async () => {
    server = await startProviderServer();
  });
  beforeEach(() => server.reset());
  afterAll(() => server.close());

  const ask = async (slots: unknown, changes: Parameters<typeof testContext>[0] = {}) => {
    const service = createSports(testServiceDeps(server));
    const context = testContext(changes);
    const answer = await service.query(service.slots.parse(slots), context);
    return { ...answer, text: service.render(answer.evidence, context.locale, context.timezone) };
  };
  const paths = () => server.requests.map(({ path }) => path);

  test("tells the next match in the user's zone and asks for coming days only", async () => {
    scriptEspn(server);
    const { text, evidence } = await ask({ team: "Arsenal", aspect: "next" }, { timezone: "America/New_York" });
    expect(text).toMatch(
      /^Next match: Arsenal – Everton \(English Premier League\), Saturday,? 8 August 2026 at 11:30,/,
    );
    expect(text).toContain("Emirates Stadium");
    expect(evidence).toHaveLength(1);
    expect(evidence[0]?.sourceUrl).toBe("https://www.espn.com/soccer/match/_/gameId/2");
    expect(server.requests[0]?.query.get("dates")).toBe("20260731-20260822");
  });

  test("prefers what is live when asked for the score", async () => {
    scriptEspn(server);
    const { text } = await ask({ team: "Arsenal", aspect: "score" });
    expect(text).toContain("Arsenal 2–1 Chelsea (English Premier League, 67')");
    expect(text).not.toContain("Fulham");
  });

  test("finds a club's match in a cup when that comes first", async () => {
    scriptEspn(server);
    const cup = espnEvent({
      id: "9",
      date: "2026-08-04T19:00Z",
      home: "Napoli",
      away: "Arsenal",
      status: ["STATUS_SCHEDULED", "pre", ""],
    });
    server.on(`${espn}/uefa.champions/scoreboard`, { body: espnScoreboard([cup], "UEFA Champions League") });
    const { text } = await ask({ team: "Arsenal", aspect: "next" });
    expect(text).toContain("Napoli – Arsenal (UEFA Champions League)");
  });

  test("answers without a cup whose list cannot be had", async () => {
    scriptEspn(server);
    server.on(`${espn}/uefa.champions/scoreboard`, { status: 404, body: {} });
    expect((await ask({ team: "Arsenal", aspect: "last" })).text).toContain("Last result: Fulham 0–3 Arsenal");
  });

  test("lists a league's matches of a day of the user's zone", async () => {
    scriptEspn(server);
    const { text } = await ask({ league: "premier league", date: "2026-08-01" });
    expect(text).toContain("Arsenal 2–1 Chelsea");
    expect(text).toContain("Leeds United – Liverpool");
    expect(text).not.toContain("Everton");
    expect(paths()).toEqual([`${espn}/eng.1/scoreboard`]);
  });

  test("tells a league's table and the place of the team that was asked for", async () => {
    server.on("/espn/apis/v2/sports/soccer/eng.1/standings", { body: espnStandings });
    const { text } = await ask({ team: "Arsenal", aspect: "table" });
    expect(text).toContain("1. Liverpool, 29 pts from 12 (9-2-1); 2. Arsenal, 26 pts from 12 (8-2-2)");
    expect((await ask({ league: "Premier League", aspect: "table" }, { locale: "pl" })).text).toContain("29 pkt w 12");
  });

  test("takes TheSportsDB's table with the running season where ESPN has no such league", async () => {
    server.on(`${sportsDb}/lookuptable.php`, {
      body: {
        table: [
          {
            idStanding: "1",
            intRank: "1",
            strTeam: "Raków Częstochowa",
            intPlayed: "3",
            intWin: "3",
            intLoss: "0",
            intDraw: "0",
            intGoalDifference: "5",
            intPoints: "9",
            dateUpdated: "2026-08-01 00:00:00",
          },
        ],
      },
    });
    const { text } = await ask({ league: "Ekstraklasa", aspect: "table" });
    expect(text).toContain("1. Raków Częstochowa, 9 pts from 3 (3-0-0)");
    expect(server.requests[0]?.query.get("s")).toBe("2026-2027");
  });

  test("asks TheSportsDB when ESPN fails, and says so", async () => {
    server.on("/espn/*", { status: 500 });
    scriptSportsDb(server);
    const { text, degraded } = await ask({ team: "Arsenal" });
    expect(text).toContain("Fulham 0–3 Arsenal");
    expect(text).toContain("Source: TheSportsDB");
    expect(degraded).toEqual([{ part: "ESPN", reason: expect.stringContaining("TheSportsDB") }]);
  });

  test("finds teams of other leagues by name, also in Polish inflections, and reads bare timestamps as UTC", async () => {
    scriptSportsDb(server);
    server.on(`${sportsDb}/searchteams.php`, {
      body: { teams: [sportsDbTeam("5", "Legia Warszawa", "Soccer", "Polish Ekstraklasa", "4422")] },
    });
    server.on(`${sportsDb}/eventsnext.php`, {
      body: { events: [sportsDbEvent({ id: "8", home: "Legia Warszawa", away: "Lech", at: "2026-08-02T18:15:00" })] },
    });
    const { text } = await ask({ team: "Legii Warszawa", aspect: "next" }, { locale: "pl" });
    expect(server.requests[0]?.query.get("t")).toBe("Legia Warszawa");
    expect(text).toContain(
      "Następny mecz: Legia Warszawa – Lech (Polish Ekstraklasa), niedziela, 2 sierpnia 2026, godz. 20:15",
    );
  });

  test("says which of several teams of the same name it took", async () => {
    scriptSportsDb(server);
    server.on(`${sportsDb}/searchteams.php`, {
      body: {
        teams: [
          sportsDbTeam("1", "Spartak", "Soccer", "Bulgarian First League", "1"),
          sportsDbTeam("2", "Spartak", "Ice Hockey", "KHL", "2"),
        ],
      },
    });
    const { degraded } = await ask({ team: "Spartak" });
    expect(degraded[0]?.reason).toContain("Spartak (Soccer, Bulgarian First League)");
    expect(degraded[0]?.reason).toContain("Ice Hockey");
  });

  test("knows nothing of a team that no source has", async () => {
    server.on(`${sportsDb}/searchteams.php`, { body: { teams: null } });
    await expect(ask({ team: "Qwertz Rovers" })).rejects.toMatchObject({
      code: "NOT_FOUND",
      message: 'I found no matches for "Qwertz Rovers".',
    });
  });

  test("does not take a postponed match for the next one", async () => {
    scriptSportsDb(server);
    server.on(`${sportsDb}/eventsnext.php`, {
      body: {
        events: [
          sportsDbEvent({ id: "1", home: "A", away: "B", at: "2026-08-02T18:00:00", postponed: "yes" }),
          sportsDbEvent({ id: "2", home: "A", away: "C", at: "2026-08-09T18:00:00" }),
        ],
      },
    });
    expect((await ask({ team: "Some Club", aspect: "next" })).text).toContain("A – C");
  });

  test("asks which team when none is named, in the user's language", async () => {
    await expect(ask({})).rejects.toMatchObject({ code: "INVALID_INPUT", field: "team" });
    await expect(ask({}, { locale: "pl" })).rejects.toThrow("O którą drużynę lub ligę chodzi?");
    await expect(ask({ team: "Arsenal", date: "soonish" })).rejects.toMatchObject({ field: "date" });
    await expect(ask({ team: "Qwertz", aspect: "table" })).rejects.toMatchObject({ field: "league" });
    expect(server.requests).toEqual([]);
  });

  test("keeps the key out of evidence", async () => {
    scriptSportsDb(server);
    server.on("/espn/*", { status: 500 });
    const { evidence } = await ask({ team: "Arsenal" });
    expect(JSON.stringify(evidence)).not.toContain("/json/");
  });

  test("sends nothing that names a person where the query's class forbids it", async () => {
    scriptSportsDb(server);
    const permit = { ...permitOf("sanitized"), conceal: (text: string) => text.replace("Jan Kowalski", "⟨PERSON_1⟩") };
    await expect(ask({ team: "Jan Kowalski" }, { permit })).rejects.toMatchObject({ code: "EGRESS_BLOCKED" });
    expect(server.requests).toEqual([]);
    expect((await ask({ team: "Some Club", aspect: "next" }, { permit })).text).toContain("Arsenal – Everton");
  });
});
