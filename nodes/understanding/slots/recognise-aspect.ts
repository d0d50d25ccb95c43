import { foldText } from "../../../platform/language/normalise-text.ts";
import { flightRecogniser } from "./recognise-airport.ts";
import type { SlotRecogniser } from "./slot-recogniser.ts";

type Aspect = readonly [name: string, words: RegExp];

/** One value of such a slot, with the words that mean it: an expression over folded text, from a word's beginning. */
export const aspect = (name: string, words: string): Aspect => [
  name,
  new RegExp(`(?<![\\p{L}])[הבל]?(?:${words})`, "u"),
];

/** Fills a slot with the name of the first value whose words stand in the text, so what is narrower comes first. */
export const aspectRecogniserOf = (aspects: readonly Aspect[]): SlotRecogniser => {
  const find = (text: string): string | undefined => {
    const folded = foldText(text.slice(0, 400));
    return aspects.find(([, words]) => words.test(folded))?.[0];
  };
  return { whole: find, find };
};

const airportAspect = aspectRecogniserOf([
  aspect("metar", "metar|taf\\b"),
  aspect("elevation", "how high|height|elevation|altitude|above sea|jak wysoko|wysokos|na jakiej wysoko|висот|גובה"),
  aspect("runway", "runway|pas(?:a|y|ow)? startow|pas startowy|злітн|смуг|מסלול"),
  aspect("codes", "iata|icao|code|kod|код|קוד"),
  aspect(
    "delays",
    "delay|late\\b|cancel|closed|ground stop|opozni|odwolan|zamkniet|затрим|скасован|закрит|עיכוב|מתעכב|בוטל|סגור",
  ),
  aspect("timezone", "time ?zone|stref|часовии пояс|אזור זמן"),
]);

/** What is asked about an airport; where a flight is named, it is what is asked about. */
export const airportAspectRecogniser: SlotRecogniser = {
  whole: airportAspect.whole,
  find: (text, context) =>
    flightRecogniser.find(text, context) === undefined ? airportAspect.find(text, context) : "flight",
};

/** What is asked about a team or a league: the next match, the last one, a score, the table. */
export const sportsAspectRecogniser = aspectRecogniserOf([
  aspect(
    "table",
    "table|standing|leading|leads|leader|place is|points|tabel|prowadzi|punkt|miejsc|таблиц|лідир|очок|місц|טבל|מוביל|נקודות",
  ),
  aspect(
    "next",
    "next|when (?:do|does|is|are)|plays? (?:on|in|tonight|tomorrow|next)|who do(?:es)? .{1,40} play|fixture|schedule|upcoming|nastepn|kiedy (?:gra|jest)|z kim gra|terminarz|o ktorej|наступн|коли гра|з ким|розклад|о котрі|הבא|מתי|נגד מי|לוח",
  ),
  aspect(
    "last",
    "won|win|lose|lost|beat|result|last|how did|wygra|przegra|wynik|poszlo|ostatni|вигра|програ|результат|зіграл|переміг|ניצח|הפסיד|תוצא|שיחק",
  ),
  aspect("score", "score|wynik|рахунок|תוצאה"),
]);

/** What is asked about a film or a series. */
export const streamingAspectRecogniser = aspectRecogniserOf([
  aspect(
    "next_episode",
    "next episode|next season|new season|come[s]? out|nastepny odcinek|nowy sezon|wychodzi|наступна сері|новии сезон|виид|הפרק הבא|העונה החדשה|יוצא",
  ),
  aspect(
    "where",
    "where|which (?:streaming|platform|service)|netflix|disney|hbo|prime|stream(?:ing)?\\b|available|gdzie|na jakiej|де |на якіи|איפה|באיזו",
  ),
  aspect("cast", "who (?:plays|stars)|cast|actor|kto gra|obsad|хто гра|актор|מי משחק"),
  aspect(
    "episodes",
    "how many (?:seasons|episodes)|episodes|ile sezon|ile odcink|скільки сезон|скільки сері|כמה עונות|כמה פרקים",
  ),
  aspect("plot", "about|plot|o czym|про що|על מה"),
  aspect("tonight", "tonight|this evening|dzis wieczorem|dzisiaj wieczorem|сьогодні ввечері|הערב|הלילה"),
]);
