import { foldText } from "../../../platform/language/normalise-text.ts";
import type { EdgeKind } from "../entity.ts";

/** Phrases between two names that say how they are joined, folded as `foldText` does; the first name is where the edge begins. */
export const relationPhrases: readonly { readonly kind: EdgeKind; readonly phrases: readonly string[] }[] = [
  {
    kind: "depends_on",
    phrases: [
      ...["depends on", "depend on", "depends upon", "relies on", "rely on", "requires", "needs", "is dependent on"],
      ...["zalezy od", "zaleza od", "wymaga", "wymagaja", "potrzebuje", "opiera sie na", "polega na"],
      ...["залежить від", "залежать від", "залежить вiд", "потребує", "потребують", "вимагає", "вимагають"],
      ...["תלוי ב", "תלויה ב", "תלויים ב", "תלוי על", "דורש", "דורשת", "דורשים", "מצריך", "נשען על", "נשענת על"],
    ],
  },
  {
    kind: "part_of",
    phrases: [
      ...["is part of", "are part of", "belongs to", "is a part of"],
      ...["jest czescia", "sa czescia", "nalezy do", "naleza do"],
      ...["є частиною", "належить до", "входить до"],
      ...["הוא חלק מ", "היא חלק מ", "שייך ל", "שייכת ל"],
    ],
  },
  {
    kind: "duplicates",
    phrases: [
      ...["duplicates", "is a duplicate of", "is the same as"],
      ...["jest duplikatem", "powiela", "to samo co"],
      ...["є дублікатом", "дублює", "те саме що"],
      ...["כפול ל", "זהה ל"],
    ],
  },
];

/** Words between the phrase and the name, folded. */
export const relationFillers: ReadonlySet<string> = new Set(
  "the a an our your its on from upon also directly still od na do tez rowniez bezposrednio naszego naszej від на теж також".split(
    " ",
  ),
);

/** Words that go on a list of names. */
export const listWords: ReadonlySet<string> = new Set("and or plus i oraz lub a та і й або ו או".split(" "));

/** Words for what a thing is, which stand before its name with a capital: "Usługa Grafana". */
export const kindWords: ReadonlySet<string> = new Set(
  `service server system application app database component module cluster project
  usluga serwis serwer system aplikacja baza komponent modul klaster projekt
  сервіс сервер система застосунок додаток база компонент модуль кластер проєкт проект
  שירות שרת מערכת אפליקציה יישום מסד רכיב מודול אשכול פרויקט`
    .split(/\s+/)
    .map((written) => foldText(written)),
);
