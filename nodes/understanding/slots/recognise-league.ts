import { foldText } from "../../../platform/language/normalise-text.ts";
import type { SlotRecogniser } from "./slot-recogniser.ts";

// As the sports service's sources call them, and how they are said (folded, from a word's beginning).
const leagues: readonly (readonly [name: string, said: RegExp])[] = (
  [
    ["Champions League", "champions league|lig[aiey] mistrzow|ліг[аиу] чемпіонів|ליגת האלופות"],
    ["Europa League", "europa league|lig[aiey] europy|ліг[аиу] європи|ліг[аиу] европи"],
    ["Premier League", "(?:english )?premier league|epl(?!\\p{L})|premiership|премєр-?ліг|премер-?ліг|פרמייר ליג"],
    ["La Liga", "la ?liga|ла ліг|לה ליגה"],
    ["Bundesliga", "bundeslig|бундесліг|בונדסליגה"],
    ["Serie A", "serie a(?!\\p{L})|серія а(?!\\p{L})|סרייה א"],
    ["Ligue 1", "ligue 1|ліга 1"],
    ["Ekstraklasa", "ekstraklas|екстраклас"],
    ["Ukrainian Premier League", "упл(?!\\p{L})|ukrainian premier"],
    ["Israeli Premier League", "ליגת העל|israeli premier"],
    ["NBA", "nba(?!\\p{L})|нба(?!\\p{L})|אן בי איי"],
    ["NFL", "nfl(?!\\p{L})|super bowl|нфл(?!\\p{L})"],
    ["NHL", "nhl(?!\\p{L})|нхл(?!\\p{L})"],
    ["MLB", "mlb(?!\\p{L})"],
    ["MLS", "mls(?!\\p{L})"],
    ["Formula 1", "formula (?:1|one)|f1(?!\\p{N})|formul[aey] 1|формул[аиі] 1|פורמולה 1"],
    ["World Cup", "world cup|mistrzostw\\p{L}* swiata|чемпіонат\\p{L}* світу|מונדיאל|גביע העולם"],
  ] as const
).map(([name, said]) => [name, new RegExp(`(?<!\\p{L})[בלה]?(?:${said})`, "u")] as const);

const find = (text: string): string | undefined => {
  const folded = foldText(text.slice(0, 300)).replace(/['’ʼ]/gu, "");
  // A league within another's name ("Premier League" in "Ukrainian Premier League"): the longer words win.
  const found = leagues.flatMap(([name, said]) => {
    const match = said.exec(folded);
    return match ? [{ name, length: match[0].length }] : [];
  });
  return found.sort((left, right) => right.length - left.length)[0]?.name;
};

/** A well-known league or cup. */
export const leagueRecogniser: SlotRecogniser = { whole: find, find };
