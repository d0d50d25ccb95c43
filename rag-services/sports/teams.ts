import { mentions, sameName } from "../match-words.ts";
import { type League, type LeagueKey, leagues } from "./leagues.ts";

// Clubs that people ask for by name alone, by the league they play in; "a = b" names b when people say a. A club that changed
// its league is simply not found there, and the other source is asked.
const clubs: Partial<Record<LeagueKey, string>> = {
  premierLeague:
    "Arsenal, Aston Villa, Bournemouth, Brentford, Brighton, Chelsea, Crystal Palace, Everton, Fulham, Leeds United, Liverpool, Manchester City, Manchester United, Man City = Manchester City, Man United = Manchester United, Man Utd = Manchester United, Newcastle United, Newcastle = Newcastle United, Nottingham Forest, Tottenham Hotspur, Tottenham = Tottenham Hotspur, Spurs = Tottenham Hotspur, West Ham United, West Ham = West Ham United, Wolverhampton Wanderers, Wolves = Wolverhampton Wanderers",
  laLiga:
    "Barcelona, FC Barcelona = Barcelona, Barca = Barcelona, Real Madrid, Real Madryt = Real Madrid, Atlético Madrid, Atletico Madryt = Atlético Madrid, Athletic Club, Athletic Bilbao = Athletic Club, Sevilla, Valencia, Villarreal, Real Betis, Real Sociedad, Girona",
  bundesliga:
    "Bayern Munich, Bayern = Bayern Munich, Bayern Monachium = Bayern Munich, FC Bayern = Bayern Munich, Borussia Dortmund, Dortmund = Borussia Dortmund, BVB = Borussia Dortmund, Bayer Leverkusen, RB Leipzig, Eintracht Frankfurt, VfB Stuttgart, Werder Bremen, Borussia Mönchengladbach, VfL Wolfsburg",
  serieA:
    "Juventus, Inter Milan = Internazionale, Inter Mediolan = Internazionale, AC Milan, Milan = AC Milan, Napoli, AS Roma, Roma = AS Roma, Lazio, Atalanta, Fiorentina, Bologna, Torino",
  ligue1: "Paris Saint-Germain, PSG = Paris Saint-Germain, Marseille, Lyon, AS Monaco, Lille, Nice, Lens",
  eredivisie: "Ajax = Ajax Amsterdam, PSV = PSV Eindhoven, Feyenoord = Feyenoord Rotterdam",
  primeiraLiga: "Benfica, FC Porto, Porto = FC Porto, Sporting CP",
  ekstraklasa:
    "Legia Warszawa, Legia = Legia Warszawa, Lech Poznań, Lech = Lech Poznań, Raków Częstochowa, Raków = Raków Częstochowa, Jagiellonia Białystok, Jagiellonia = Jagiellonia Białystok, Pogoń Szczecin, Górnik Zabrze, Wisła Kraków, Wisła Płock, Cracovia, Śląsk Wrocław, Zagłębie Lubin, Widzew Łódź, Widzew = Widzew Łódź, Lechia Gdańsk, Lechia = Lechia Gdańsk, Piast Gliwice, Korona Kielce, Motor Lublin, GKS Katowice, Radomiak Radom, Arka Gdynia",
  ukrainian: "Shakhtar Donetsk, Szachtar Donieck = Shakhtar Donetsk, Dynamo Kyiv, Dynamo Kijów = Dynamo Kyiv",
  israeli: "Maccabi Tel Aviv, Maccabi Haifa, Hapoel Be'er Sheva, Beitar Jerusalem",
  scottish: "Celtic, Rangers",
  superLig: "Galatasaray, Fenerbahçe = Fenerbahce, Beşiktaş = Besiktas",
  mls: "Inter Miami CF, Inter Miami = Inter Miami CF, LA Galaxy, LAFC, Seattle Sounders FC, Atlanta United FC",
  nba: "Atlanta Hawks, Boston Celtics, Brooklyn Nets, Charlotte Hornets, Chicago Bulls, Cleveland Cavaliers, Dallas Mavericks, Denver Nuggets, Detroit Pistons, Golden State Warriors, Houston Rockets, Indiana Pacers, LA Clippers, Los Angeles Lakers, Memphis Grizzlies, Miami Heat, Milwaukee Bucks, Minnesota Timberwolves, New Orleans Pelicans, New York Knicks, Oklahoma City Thunder, Orlando Magic, Philadelphia 76ers, Phoenix Suns, Portland Trail Blazers, Sacramento Kings, San Antonio Spurs, Toronto Raptors, Utah Jazz, Washington Wizards",
  nfl: "Arizona Cardinals, Atlanta Falcons, Baltimore Ravens, Buffalo Bills, Carolina Panthers, Chicago Bears, Cincinnati Bengals, Cleveland Browns, Dallas Cowboys, Denver Broncos, Detroit Lions, Green Bay Packers, Houston Texans, Indianapolis Colts, Jacksonville Jaguars, Kansas City Chiefs, Las Vegas Raiders, Los Angeles Chargers, Los Angeles Rams, Miami Dolphins, Minnesota Vikings, New England Patriots, New Orleans Saints, New York Giants, New York Jets, Philadelphia Eagles, Pittsburgh Steelers, San Francisco 49ers, Seattle Seahawks, Tampa Bay Buccaneers, Tennessee Titans, Washington Commanders",
  nhl: "Anaheim Ducks, Boston Bruins, Buffalo Sabres, Calgary Flames, Carolina Hurricanes, Chicago Blackhawks, Colorado Avalanche, Columbus Blue Jackets, Dallas Stars, Detroit Red Wings, Edmonton Oilers, Florida Panthers, Los Angeles Kings, Minnesota Wild, Montreal Canadiens, Nashville Predators, New Jersey Devils, New York Islanders, New York Rangers, Ottawa Senators, Philadelphia Flyers, Pittsburgh Penguins, San Jose Sharks, Seattle Kraken, St. Louis Blues, Tampa Bay Lightning, Toronto Maple Leafs, Vancouver Canucks, Vegas Golden Knights, Washington Capitals, Winnipeg Jets",
  mlb: "Arizona Diamondbacks, Atlanta Braves, Baltimore Orioles, Boston Red Sox, Chicago Cubs, Chicago White Sox, Cincinnati Reds, Cleveland Guardians, Colorado Rockies, Detroit Tigers, Houston Astros, Kansas City Royals, Los Angeles Angels, Los Angeles Dodgers, Miami Marlins, Milwaukee Brewers, Minnesota Twins, New York Mets, New York Yankees, Philadelphia Phillies, Pittsburgh Pirates, San Diego Padres, San Francisco Giants, Seattle Mariners, St. Louis Cardinals, Tampa Bay Rays, Texas Rangers, Toronto Blue Jays, Washington Nationals",
};

export interface KnownTeam {
  /** As the sources write it. */
  readonly name: string;
  readonly league: League;
}

interface Entry extends KnownTeam {
  readonly said: string;
}

const entries: readonly Entry[] = (Object.entries(clubs) as [LeagueKey, string][]).flatMap(([key, list]) =>
  list.split(", ").map((entry): Entry => {
    const [said = "", name = said] = entry.split(" = ");
    return { said, name, league: leagues[key] };
  }),
);

const american: ReadonlySet<League> = new Set([leagues.nba, leagues.nfl, leagues.nhl, leagues.mlb]);
const nicknameOf = (name: string): string => name.split(" ").slice(-1)[0] ?? name;

/**
 * The well-known team that words name: by its name, by the nickname of an American team when only one has it ("Lakers"), or
 * in an inflected form ("Realu Madryt"). Undefined when none does, or when it cannot be told which.
 */
export const teamNamed = (words: string): KnownTeam | undefined => {
  const exact = entries.find(({ said }) => sameName(said, words));
  if (exact !== undefined) return exact;
  const byNickname = entries.filter(({ said, league }) => american.has(league) && sameName(nicknameOf(said), words));
  if (byNickname.length === 1) return byNickname[0];
  const inflected = entries.filter(({ said }) => said.length > 3 && mentions(words, said));
  // "Lechii Gdańsk" speaks of Lechia Gdańsk more than of Lech: the longest name wins, unless two are as long.
  const [best, second] = inflected.sort((left, right) => right.said.length - left.said.length);
  return best?.said.length === second?.said.length && best?.name !== second?.name ? undefined : best;
};

/** Whether a side of a match is the team asked for. */
export const isTeam = (side: string, asked: string): boolean => sameName(side, asked) || mentions(side, asked);
