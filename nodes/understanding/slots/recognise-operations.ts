import { aspect, aspectRecogniserOf } from "./recognise-aspect.ts";
import { restOfPhrase, stems } from "./rest-of-phrase.ts";
import type { SlotRecogniser } from "./slot-recogniser.ts";

const longestText = 300;
const mostNameWords = 4;
const mostTextWords = 40;

// A name with figures, dots or hyphens inside: `web-1`, `db02`, `cache.eu.example.org`, `10.0.0.7`.
const host =
  /(?<![\p{L}\p{N}.@/#-])(?:\d{1,3}(?:\.\d{1,3}){3}|(?:\p{L}[\p{L}\p{N}]*[-.])+(?:\p{L}*\p{N}+[\p{L}\p{N}]*|\p{L}{2,}(?=[\s?!,;]|$))(?:[-.][\p{L}\p{N}]+)*|\p{L}{2,}\d{1,4})(?![\p{L}\p{N}-])/u;
const ticket =
  /(?<![\p{L}\p{N}])(?:(?!(?:UTF|ISO|SHA|MD|RFC|COVID)-)[A-Z][A-Z0-9]{1,9}-\d{1,7}|#\d{1,8})(?![\p{L}\p{N}])/u;

const first = (pattern: RegExp): SlotRecogniser => {
  const find = (text: string): string | undefined => pattern.exec(text.slice(0, longestText))?.[0];
  return { whole: find, find };
};

/** A machine by its name or address. */
export const hostRecogniser = first(host);

/** The id of a ticket: `OPS-42`, `#17`. */
export const ticketRecogniser = first(ticket);

const carriers = stems(
  `service server host machine node instance container pod cluster app application deploy restart reboot start stop scale roll rollback back
   kill drain launch run latency load error errors throughput traffic metric metrics graph dashboard cpu memory ram disk usage use uptime request
   requests rate response percentile healthy health up down slow slower fast version production staging prod replicas copies many times since
   hour minute average current high low per second
   uslug serwer maszyn wezel wezl kontener klaster aplikacj wdroz wdraz zrestart restart uruchom zatrzym wylacz skaluj przeskaluj wycof cofn opoznien
   obciazen bled bledow ruch metryk wykres procesor pamiec pamieci dysk zuzyc zadan odpowiedz wersj produkcj dziala wolno godzin minut
   сервіс сервер машин вузол вузл контеинер кластер застосун додат розгорн перезапуст запуст зупин вимкн масштаб відкот затримк навантаж помил трафік метрик графік
   процесор памят диск запит відповід версі працює повільно годин хвилин
   שירות שרת השרת השירות מכונה צומת קונטיינר אשכול אפליקציה פרוס תפרוס הפעל תפעיל עצור תעצור אתחל תאתחל הרחב גלגל השהיה עומס שגיאות תעבורה מדדים גרף מעבד זיכרון דיסק
   בקשות תגובה גרסה ייצור עובד איטי מחדש`,
);

/** A software service by name: what is left of a request about running software. */
export const serviceRecogniser: SlotRecogniser = {
  whole: (words) => serviceIn(words),
  find: (text) => serviceIn(text),
};
const serviceIn = (text: string): string | undefined => {
  const rest = restOfPhrase(text.slice(0, longestText), carriers);
  return rest !== undefined && rest.split(/\s+/).length <= mostNameWords ? rest : undefined;
};

/** Which figure of a software service is asked for. */
export const metricRecogniser = aspectRecogniserOf([
  aspect(
    "latency",
    "latenc|response time|p9\\d|slow|opoznien|czas odpowiedzi|wolno|затримк|час відповіді|повільн|השהיה|זמן תגובה|איטי",
  ),
  aspect("errors", "error|failure|5xx|500s|bled|błęd|awari|помил|збо|שגיא|תקל"),
  aspect("throughput", "throughput|traffic|requests?|rps|qps|ruch|przepustow|zadan|трафік|запит|пропускн|תעבור|בקשות"),
  aspect("memory", "memory|ram(?!\\p{L})|pamiec|памят|זיכרון"),
  aspect("disk", "disk|storage|dysk|диск|דיסק|אחסון"),
  aspect("cpu", "cpu|processor|load|procesor|obciazen|процесор|навантаж|מעבד|עומס"),
  aspect("uptime", "uptime|availab|dostepnos|доступніст|זמינות"),
]);

/** What is to be done to running software. */
export const operationRecogniser = aspectRecogniserOf([
  aspect("roll_back", "roll ?back|revert|undo|wycof|cofnij|przywroc|відкот|поверни|החזר|גלגל"),
  aspect("restart", "restart|reboot|bounce|zrestart|uruchom ponownie|перезапуст|перезавантаж|אתחל|תאתחל|הפעל מחדש"),
  aspect("scale", "scale|resize|replica|skaluj|przeskaluj|масштаб|репл|הרחב|תרחיב|הגדל"),
  aspect("deploy", "deploy|release|ship|roll ?out|wdroz|wypusc|opublikuj|розгорн|випуст|פרוס|תפרוס|שחרר"),
  aspect("stop", "stop|kill|shut ?down|drain|zatrzymaj|wylacz|ubij|зупин|вимкн|עצור|תעצור|כבה"),
  aspect("start", "start|launch|uruchom|запуст|הפעל|תפעיל"),
]);

/** What is to be done with a ticket. */
export const ticketActionRecogniser = aspectRecogniserOf([
  aspect("close", "close|resolve|mark .{1,40} done|zamknij|rozwiaz|закрии|виріш|סגור|תסגור"),
  aspect("assign", "assign|reassign|przypisz|przydziel|признач|הקצה|שייך"),
  aspect("comment", "comment|note|skomentuj|komentarz|прокоментуи|коментар|תגובה|הערה"),
  aspect("update", "update|change|edit|set|move|priorit|zmien|zaktualizuj|зміни|онови|עדכן|שנה"),
  aspect(
    "create",
    "create|open|file|raise|log|new|report a|add|zaloz|utworz|zglos|otworz|nowe|створи|відкрии|заведи|нов|צור|פתח|תפתח|חדש",
  ),
  aspect(
    "find",
    "find|show|list|which|what|status|any|search|pokaz|znajdz|jakie|lista|покажи|знаиди|які|הצג|מצא|אילו|מה",
  ),
]);

const topicOf = (list: string, mostWords: number): SlotRecogniser => {
  const words = stems(list);
  const find = (text: string): string | undefined => {
    const rest = restOfPhrase(text.slice(0, longestText), words);
    return rest !== undefined && rest.split(/\s+/).length <= mostWords ? rest : undefined;
  };
  return { whole: (taken) => taken.trim() || undefined, find };
};

const ticketText = topicOf(
  `ticket tickets issue issues bug task create open file raise log close resolve assign update support request new list status priority high low urgent
   zgloszeni ticket zadani blad zaloz utworz zglos otworz zamknij przypisz nowe status priorytet pilne
   заявк тікет завдан створи відкрии закрии признач нов статус пріоритет термінов
   פנייה פניות כרטיס משימה צור פתח תפתח סגור חדש חדשה סטטוס דחוף`,
  mostTextWords,
);

/** What a ticket is about; its id has a slot of its own. */
export const ticketTextRecogniser: SlotRecogniser = {
  whole: ticketText.whole,
  find: (text, context) => ticketText.find(text.replace(ticket, " "), context),
};

/** What is to be investigated or reported on. */
export const subjectRecogniser = topicOf(
  `research investigate investigation study deep dive thorough thoroughly report summary write prepare produce generate compile make create detailed
   comprehensive in-depth extensive carry$ conduct$ run$ start$ send$ look$ dig$ analyse analysis analyze everything sources source weekly daily monthly every
   zbadaj badani research analiz przeanalizuj przeprowadz zglebi zglab gruntown dokladn szczegolow dogleb poglebion raport przygotuj napisz sporzadz stworz zrob
   wyslij wygeneruj zestawieni zrodl tygodniow miesieczn dzienn codzienn co
   досліди дослідж проведи вивчи аналіз проаналізуи ретельн детальн докладн ґрунтовн глибок звіт підготуи напиши надсилаи склади зроби створи згенеруи джерел щотижн
   тижнев щоден щомісяч
   חקור תחקור תעשה עשה ערוך תערוך מחקר מעמיק לעומק נתח תנתח ניתוח יסודי ביסודיות מקיף מפורט בפירוט דוח הכן תכין כתוב תכתוב הפק תפיק שלח צור מקורות שבועי יומי חודשי`,
  mostTextWords,
);

/** How often a report is wanted: `daily`, `weekly`, `monthly`. */
export const frequencyRecogniser = aspectRecogniserOf([
  aspect(
    "weekly",
    `weekly|(?:every|each) (?:week\\b|monday|tuesday|wednesday|thursday|friday|saturday|sunday)
    |co tydzien|tygodniow|cotygodn|(?:co|w kazd[yae]) (?:poniedzial|wtor|srod|czwart|piat|sobot|niedziel)
    |щотижн|щопонеділ|щовівтор|щосеред|щочетвер|щоп.?ятниц|щосубот|щонеділ|кожн(?:ого|ої) (?:тижн|понеділ|вівтор|серед|четвер|п.?ятниц|субот|неділ)
    |שבועי(?!\\p{L})|כל שבוע|כל יום (?:ראשון|שני|שלישי|רביעי|חמישי|שישי)|כל שבת`.replace(/\n\s*/g, ""),
  ),
  aspect(
    "daily",
    `daily|(?:every|each) (?:day|morning|evening|night)|codzien|co (?:dzien|rano|wieczor|noc)|kazdego (?:dnia|ranka|wieczor)|dzienn(?:y|ego|ej|e)(?!\\p{L})
    |щодня|щоденн|щоранку|щовечора|кожн(?:ого|ої) (?:дня|ранку|вечора)|כל (?:יום|בוקר|ערב)|יומי(?!\\p{L})`.replace(
      /\n\s*/g,
      "",
    ),
  ),
  aspect(
    "monthly",
    "monthly|(?:every|each) month|co miesiac|miesieczn|comiesieczn|kazdego miesiaca|щомісяч|щомісяця|кожного місяця|חודשי(?!\\p{L})|כל חודש",
  ),
]);
