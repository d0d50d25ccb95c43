/** Replies in the providers' true shapes, trimmed to what they always carry. */

const side = (homeAway: "home" | "away", displayName: string, score: string | undefined) => ({
  id: "1",
  homeAway,
  winner: false,
  ...(score === undefined ? {} : { score }),
  team: {
    id: "359",
    location: displayName,
    name: displayName.split(" ").at(-1),
    abbreviation: displayName.slice(0, 3).toUpperCase(),
    displayName,
    shortDisplayName: displayName,
  },
});

export const espnEvent = (given: {
  readonly id: string;
  readonly date: string;
  readonly home: string;
  readonly away: string;
  readonly score?: readonly [string, string];
  readonly status: readonly [name: string, state: string, shortDetail: string];
}) => ({
  id: given.id,
  uid: `s:600~l:700~e:${given.id}`,
  date: given.date,
  name: `${given.away} at ${given.home}`,
  competitions: [
    {
      id: given.id,
      date: given.date,
      timeValid: true,
      venue: { id: "267", fullName: "Emirates Stadium", address: { city: "London", country: "England" } },
      competitors: [
        side("home", given.home, given.score?.[0] ?? "0"),
        side("away", given.away, given.score?.[1] ?? "0"),
      ],
    },
  ],
  status: {
    clock: 0,
    displayClock: "0'",
    period: 2,
    type: {
      id: "28",
      name: given.status[0],
      state: given.status[1],
      completed: given.status[1] === "post",
      description: "x",
      detail: given.status[2],
      shortDetail: given.status[2],
    },
  },
  links: [{ language: "en-US", rel: ["summary"], href: `https://www.espn.com/soccer/match/_/gameId/${given.id}` }],
});

export const espnScoreboard = (events: readonly unknown[], league = "English Premier League") => ({
  leagues: [{ id: "700", name: league, abbreviation: "EPL", slug: "eng.1" }],
  season: { type: 1, year: 2026 },
  day: { date: "2026-08-01" },
  events,
});

const espnRow = (rank: number, displayName: string, stats: Record<string, number>) => ({
  team: { id: String(rank), displayName, abbreviation: displayName.slice(0, 3) },
  stats: Object.entries({ rank, ...stats }).map(([name, value]) => ({
    name,
    type: name,
    value,
    displayValue: String(value),
  })),
});

export const espnStandings = {
  uid: "s:600~l:700~g:1",
  id: "700",
  name: "English Premier League",
  children: [
    {
      id: "1",
      name: "2026-27 English Premier League",
      standings: {
        id: "1",
        season: 2026,
        entries: [
          espnRow(2, "Arsenal", { gamesPlayed: 12, wins: 8, ties: 2, losses: 2, points: 26, pointDifferential: 15 }),
          espnRow(1, "Liverpool", { gamesPlayed: 12, wins: 9, ties: 2, losses: 1, points: 29, pointDifferential: 19 }),
        ],
      },
    },
  ],
};

export const sportsDbTeam = (
  idTeam: string,
  strTeam: string,
  strSport: string,
  strLeague: string,
  idLeague: string,
) => ({
  idTeam,
  idESPN: "0",
  strTeam,
  strTeamAlternate: "",
  intFormedYear: "1916",
  strSport,
  strLeague,
  idLeague,
  strCountry: "Poland",
  strBadge: "https://r2.thesportsdb.com/images/media/team/badge/x.png",
});

export const sportsDbEvent = (given: {
  readonly id: string;
  readonly home: string;
  readonly away: string;
  readonly at: string;
  readonly score?: readonly [string, string];
  readonly status?: string;
  readonly postponed?: string;
}) => ({
  idEvent: given.id,
  strEvent: `${given.home} vs ${given.away}`,
  strSport: "Soccer",
  idLeague: "4422",
  strLeague: "Polish Ekstraklasa",
  strSeason: "2026-2027",
  strHomeTeam: given.home,
  strAwayTeam: given.away,
  intHomeScore: given.score?.[0] ?? null,
  intAwayScore: given.score?.[1] ?? null,
  intRound: "3",
  strTimestamp: given.at,
  dateEvent: given.at.slice(0, 10),
  strTime: given.at.slice(11),
  strVenue: "Stadion Wojska Polskiego",
  strStatus: given.status ?? "",
  strPostponed: given.postponed ?? "no",
});
