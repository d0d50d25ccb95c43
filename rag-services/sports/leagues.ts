import { sameName } from "../match-words.ts";

/** A league that both sources, or one of them, know by an id of their own. */
export interface League {
  readonly name: string;
  /** Other names, also Polish ones. */
  readonly aliases: readonly string[];
  /** `sport/league` in ESPN's addresses; leagues that ESPN lacks have none. */
  readonly espn?: string;
  readonly sportsDb?: string;
  /** Cups in which its clubs play too (ESPN): a club's next match may be there. */
  readonly cups: readonly string[];
  /** Days to either side of today that hold a team's matches: short where teams play almost daily. */
  readonly windowDays: number;
  /** How TheSportsDB names a season that spans two years (`2026-2027`) or one (`2026`). */
  readonly season: "split" | "year";
}

const uefa = ["soccer/uefa.champions", "soccer/uefa.europa", "soccer/uefa.europa.conf"];

const league = (
  name: string,
  espn: string | undefined,
  sportsDb: string | undefined,
  aliases: readonly string[],
  more: Partial<Pick<League, "cups" | "windowDays" | "season">> = {},
): League => ({
  name,
  aliases,
  ...(espn === undefined ? {} : { espn }),
  ...(sportsDb === undefined ? {} : { sportsDb }),
  cups: [],
  windowDays: 21,
  season: "split",
  ...more,
});

/** Leagues by their public ids at ESPN and TheSportsDB. */
export const leagues = {
  premierLeague: league("Premier League", "soccer/eng.1", "4328", ["English Premier League", "EPL", "liga angielska"], {
    cups: [...uefa, "soccer/eng.fa", "soccer/eng.league_cup"],
  }),
  championship: league("Championship", "soccer/eng.2", "4329", ["English Championship"], { cups: ["soccer/eng.fa"] }),
  laLiga: league("La Liga", "soccer/esp.1", "4335", ["LaLiga", "Primera División", "liga hiszpańska"], {
    cups: [...uefa, "soccer/esp.copa_del_rey"],
  }),
  bundesliga: league("Bundesliga", "soccer/ger.1", "4331", ["liga niemiecka"], {
    cups: [...uefa, "soccer/ger.dfb_pokal"],
  }),
  serieA: league("Serie A", "soccer/ita.1", "4332", ["liga włoska"], { cups: [...uefa, "soccer/ita.coppa_italia"] }),
  ligue1: league("Ligue 1", "soccer/fra.1", "4334", ["liga francuska"], { cups: uefa }),
  eredivisie: league("Eredivisie", "soccer/ned.1", "4337", ["liga holenderska"], { cups: uefa }),
  primeiraLiga: league("Primeira Liga", "soccer/por.1", "4344", ["Liga Portugal", "liga portugalska"], { cups: uefa }),
  scottish: league("Scottish Premiership", "soccer/sco.1", "4330", ["liga szkocka"], { cups: uefa }),
  superLig: league("Süper Lig", "soccer/tur.1", "4339", ["liga turecka"], { cups: uefa }),
  ekstraklasa: league("Ekstraklasa", undefined, "4422", ["PKO Ekstraklasa", "Polish Ekstraklasa", "liga polska"]),
  ukrainian: league("Ukrainian Premier League", undefined, "4354", ["liga ukraińska", "УПЛ"]),
  israeli: league("Israeli Premier League", undefined, "4644", ["liga izraelska", "ליגת העל"]),
  championsLeague: league("UEFA Champions League", "soccer/uefa.champions", "4480", [
    "Champions League",
    "Liga Mistrzów",
  ]),
  europaLeague: league("UEFA Europa League", "soccer/uefa.europa", "4481", ["Europa League", "Liga Europy"]),
  conferenceLeague: league("UEFA Conference League", "soccer/uefa.europa.conf", "5071", [
    "Conference League",
    "Liga Konferencji",
  ]),
  worldCup: league("FIFA World Cup", "soccer/fifa.world", "4429", ["World Cup", "mistrzostwa świata", "mundial"], {
    season: "year",
  }),
  euro: league("UEFA European Championship", "soccer/uefa.euro", "4502", ["Euro", "mistrzostwa Europy"], {
    season: "year",
  }),
  mls: league("MLS", "soccer/usa.1", "4346", ["Major League Soccer"], { season: "year" }),
  brasileirao: league("Brasileirão", "soccer/bra.1", "4351", ["Brazilian Serie A", "liga brazylijska"], {
    season: "year",
  }),
  nba: league("NBA", "basketball/nba", "4387", ["National Basketball Association"], { windowDays: 4 }),
  wnba: league("WNBA", "basketball/wnba", "4516", [], { windowDays: 7, season: "year" }),
  nfl: league("NFL", "football/nfl", "4391", ["National Football League"], { windowDays: 10, season: "year" }),
  nhl: league("NHL", "hockey/nhl", "4380", ["National Hockey League"], { windowDays: 4 }),
  mlb: league("MLB", "baseball/mlb", "4424", ["Major League Baseball"], { windowDays: 3, season: "year" }),
} satisfies Record<string, League>;

export type LeagueKey = keyof typeof leagues;

/** The league that words name, undefined when none does. */
export const leagueNamed = (words: string): League | undefined =>
  Object.values(leagues).find((entry: League) => [entry.name, ...entry.aliases].some((name) => sameName(name, words)));
