import { restOfPhrase, stems } from "./rest-of-phrase.ts";
import type { SlotRecogniser } from "./slot-recogniser.ts";

// Said after a name without being part of it.
const trailing =
  /\s+(?:today|tonight|tomorrow|yesterday|now|right now|this (?:week|month|year|evening)|dziś|dzisiaj|jutro|teraz|wczoraj|сьогодні|завтра|зараз|היום|מחר|עכשיו)$/iu;

const phrase = (carriers: RegExp, mostWords: number): SlotRecogniser => {
  const find = (text: string): string | undefined => {
    const rest = restOfPhrase(text, carriers);
    return rest !== undefined && rest.split(/\s+/).length <= mostWords ? rest : undefined;
  };
  return {
    // A pattern has already told the name from the words around it: "The Office" keeps its article.
    whole(words) {
      const named = words.trim().replace(trailing, "");
      return named !== "" && named.split(/\s+/).length <= mostWords ? named : undefined;
    },
    find,
  };
};

/** A team or player: what is left of a question about sports. */
export const teamRecogniser = phrase(
  stems(`game games match matches score scores play plays playing played win wins won lose lost result results table standing fixture schedul
    season team lead place points beat against league final finals latest who football soccer basketball hockey score sunday monday
    tuesday wednesday thursday friday saturday night time doing live again gra grac gral grala grali mecz wynik tabel wygral przegral nastepn
    ostatni terminarz poszlo liga ligi mistrz kto prowadzi punkt miejsc wczoraj sobot niedziel piatek piatku godzin koncz sezon
    матч гра грав рахунок виграл програ переміг таблиц результат наступн розклад очок суботу неділю лідирує котріи зіграл ліг чемпіон
    משחק התוצאה תוצא טבלת ניצח הפסיד הבא נקודות ליגת ליגה בשבת שעה מוביל גמר בגמר שיחק`),
  5,
);

/** A film or series. */
export const titleRecogniser = phrase(
  stems(`watch watching stream streaming streamed service platform netflix hulu hbo max disney amazon prime apple movie film films show shows
    series season seasons episode episodes plays cast plot rating recommend suggest available channel come comes long end ended finished good
    obejrz ogladac film filmy serial serialu serialow sezon odcinek odcinki odcinka platform netfliksie netflix polec obsad wychodzi mozna zobaczyc trwa czym graj gra
    подивит переглян фільм серіал сезон серія серіи платформ порад вииде грає хто триває нова новии можна
    לראות לצפות סרט הסרט סדרה הסדרה עונה עונות פרק הפרק נטפליקס בנטפליקס פלטפורמה תמליץ תמליצי אפשר כדאי יוצאת משחק נמצא נמשך`),
  8,
);

/** What news are wanted about. */
export const topicRecogniser = phrase(
  stems(`news headline headlines stories story article media newspaper paper breaking update read top top recent happened events world
    wiadomosc news newsy aktualnosc informacj naglowk gazet pisz doniesien wydarzen swiecie przeczytaj najwazniejsz
    новин заголовк газет пиш події світі відомо головні прочитаи подіи
    חדשות כותרות עיתונים כותבים העיתונים הכותרות תקרא אחרונות בעולם ידוע`),
  8,
);

/** What a search or a listing is for: everything but the words that ask for it. */
export const queryRecogniser = phrase(
  stems(`search searching google googling bing duckduckgo web internet online look browse website websites site find results links check
    wyszukaj szukaj poszukaj wygoogluj google internecie internet sieci siec sprawdz strone znajdz przeszukaj
    шукаи пошукаи знаиди загугли інтернеті інтернет мережі перевір пошук google
    חפש תחפש תגגל באינטרנט ברשת בגוגל תמצא חיפוש תבדוק אינטרנט`),
  30,
);

const eventPhrase = phrase(
  stems(`event events happening things something show going near nearby town local upcoming tickets ticket
    sunday monday tuesday wednesday thursday friday saturday weekend night wydarzen dzieje imprez okolic bilet nadchodzac
    poniedzial wtorek wtorku srod czwartek czwartku piatek piatku sobot niedziel wieczor
    події захо квитк відбуваєт місті наиближч пятницю суботу неділю ввечері אירוע אירועים כרטיסים הקרובים קרובים באזור שישי שבת`),
  8,
);

/** What events are wanted (a kind, an artist); the place has a slot of its own. */
export const eventQueryRecogniser: SlotRecogniser = {
  whole: eventPhrase.whole,
  find(text, context) {
    const clipped = text.slice(0, 300);
    const place = context.gazetteer.find(clipped, context.locale)[0]?.matched;
    return eventPhrase.find(place === undefined ? clipped : clipped.replace(place, " "), context);
  },
};

/** The whole request: full-text recall does its own selection of words. */
export const wholeTextRecogniser: SlotRecogniser = {
  whole: (words) => words.trim() || undefined,
  find: (text) => text.trim().slice(0, 500) || undefined,
};
