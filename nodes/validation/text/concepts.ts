import { colourWords } from "./colour-words.ts";
import type { Token } from "./tokens.ts";

/** A word of a closed class: two concepts of one group exclude each other when they are told of the same thing. */
export interface Concept {
  readonly group: string;
  readonly id: string;
}

/** Groups whose words themselves claim something; the others only say what a figure beside them is. */
export const claimGroups: ReadonlySet<string> = new Set([
  "colour",
  "sky",
  "status",
  "phase",
  "access",
  "lock",
  "power",
  "run",
  "charge",
]);

const opposites: Readonly<Record<string, string>> = {
  open: "closed",
  closed: "open",
  locked: "unlocked",
  unlocked: "locked",
  on: "off",
  off: "on",
  running: "stopped",
  stopped: "running",
  charging: "idle",
  idle: "charging",
};

/** The other state of a class of two ("not charging"); undefined of a class of more. */
export const oppositeOf = (id: string): string | undefined => opposites[id];

/** The state that a field of yes or no tells (`charging: false`); undefined when it tells none of a closed class of two. */
export const stateOfFlag = (field: string, value: boolean): Concept | undefined => {
  const name = field.toLowerCase().replace(/^is_?/, "");
  const state = conceptsOf(name).find(({ group, id }) => claimGroups.has(group) && opposites[id] !== undefined);
  return state === undefined || value ? state : { ...state, id: opposites[state.id] ?? state.id };
};

const exact = new Map<string, Concept[]>();
const stems = new Map<string, Concept[]>();
const define = (group: string, id: string, names: string): void => {
  for (const name of names.split(/\s*,\s*/)) {
    const [table, key] = name.endsWith("*") ? ([stems, name.slice(0, -1)] as const) : ([exact, name] as const);
    table.set(key, [...(table.get(key) ?? []), { group, id }]);
  }
};

define(
  "range",
  "min",
  "min, minimum, minima, low, lows, lowest, najniższ*, minimal*, minimum, мінім*, найнижч*, מינימום, מינימלי*, הנמוך, הנמוכה, נמוך, השפל",
);
define(
  "range",
  "max",
  "max, maximum, high, highs, highest, peak, najwyższ*, maksymal*, maksimum, максим*, найвищ*, מקסימום, מקסימלי*, הגבוה, הגבוהה, גבוה, השיא",
);
define(
  "session",
  "open",
  "open, opening, opened, opens, otwarci*, otwarcie, otwiera, відкритт*, відкрився, відкрилася, відкриває*, פתיחה, הפתיחה, נפתח, נפתחה, נפתחת",
);
define(
  "session",
  "close",
  "closing, closed, closes, zamknięci*, zamyka, закритт*, закрився, закрилася, закриває*, סגירה, הסגירה, נסגר, נסגרה, נסגרת",
);
define(
  "leg",
  "departure",
  "depart*, leave, leaves, leaving, takes off, took off, odlot*, odlatuje, odleci, wylot*, wylatuje, wyleci, odjazd*, odjeżdża, odjedzie, wyrusza, startuje, відправл*, виліт*, вилітає, вилетить, вильот*, відбуває, відліт*, המראה, ההמראה, ממריא*, תמריא, ימריא, המריא*, להמריא, ימריאו, לצאת, תצא, ייצא, יצאה, יציאה, יוצא, יוצאת, יצא",
);
define(
  "leg",
  "arrival",
  "arriv*, land, lands, landing, landed, reach, reaches, gets in, get in, touches down, przylot*, przylatuje, przyleci, przyjazd*, przyjeżdża, ląduje, lądowan*, wyląduje, dotrze, dociera, прибу*, приліт*, прилітає, прилетить, прильот*, приземл*, נחיתה, הנחיתה, נוחת*, ינחת, תנחת, ינחתו, לנחות, נחת*, מגיע*, תגיע, יגיע, יגיעו, להגיע, הגעה, ההגעה",
);
define(
  "timing",
  "scheduled",
  "scheduled, planned, originally, original, rozkładow*, planow*, zaplanowan*, розклад*, заплан*, планов*, מתוכנן, מתוכננת, המקורי*, במקור",
);
define(
  "timing",
  "expected",
  "expected, estimated, actual, revised, spodziewan*, przewidywan*, oczekiwan*, szacowan*, очіку*, фактичн*, צפוי, צפויה, משוער*",
);
define("sun", "sunrise", "sunrise, sun rises, wschód, wschodzi, схід, сходить, זריחה, הזריחה");
define("sun", "sunset", "sunset, sun sets, zachód, zachodzi, захід, заходить, שקיעה, השקיעה");
define("measure", "feels", "feels, feels like, feel, apparent, odczuwaln*, відчува*, מורגש*, מרגיש*");
define("measure", "humidity", "humid*, wilgotnoś*, волог*, לחות, הלחות");
define("measure", "wind", "wind, winds, wiatr*, wieje, вітер, вітру, вітром, רוח, רוחות, הרוח");
define("measure", "gust", "gust, gusts, poryw*, порив*, משב*");
define(
  "measure",
  "rain",
  "precipitation, probability, chance, chances, rainfall, opad*, prawdopodobieńst*, szans*, опад*, ймовірн*, імовірн*, шанс*, סיכוי, הסתברות, משקעים",
);
define("measure", "pressure", "pressure, ciśnieni*, тиск*, לחץ");
define(
  "measure",
  "elevation",
  "elevation, altitude, sea level, poziomem morza, n.p.m, wysokoś*, висот*, рівнем моря, גובה, פני הים",
);
define("measure", "runway", "runway*, pas startow*, pasa startowego, смуг*, מסלול");
define("measure", "dewpoint", "dew point, punkt rosy, точка роси");
define("measure", "visibility", "visib*, widocznoś*, widzialnoś*, видиміст*, ראות");
define("measure", "volume", "volume, wolumen*, обсяг*");
define("measure", "played", "played, rozegr*, зіграно, משחקים");
define("measure", "cpu", "cpu, processor, procesor*, процесор*, מעבד");
define("measure", "memory", "memory, ram, pamię*, пам'ят*, זיכרון");
define("measure", "disk", "disk, disc, dysk*, диск*, דיסק");
define("measure", "latency", "latency, opóźnieni* odpowiedzi, затримк* відповіді, השהיה");
define("measure", "errors", "error, errors, błęd*, помил*, שגיאות");
define("percentile", "p50", "median, mediana, p50, медіан*, חציון");
define("percentile", "average", "average, mean, średni*, середн*, ממוצע*");
define(
  "moment",
  "now",
  "now, right now, currently, current, at the moment, obecnie, aktualnie, teraz, w tej chwili, зараз, наразі, כרגע, עכשיו, כעת",
);
define("moment", "later", "forecast, days, daily, prognoz*, прогноз*, תחזית");
define(
  "mood",
  "rise",
  "rise, rises, rising, rose, risen, up, gain, gained, gains, gaining, adding, climb*, increas*, advanc*, rall*, jump*, surg*, soar*, grew, grown, grow*, strengthened, higher, wzrós*, wzroś*, wzrost*, zyska*, zyskuj*, podroża*, rośnie, rosną, skoczy*, wzmocni*, umocni*, zwiększy*, зріс, зросл*, зрост*, піднял*, піднявся, додав, додала, додало, підскоч*, зміцни*, збільшив*, збільшил*, подорожча*, подорожчав, виріс, виросл*, עלה, עלתה, עלו, עולה, עולים, עלייה, התחזק*, זינק*, טיפס*, התייקר*",
);
define(
  "mood",
  "fall",
  "fall, falls, falling, fell, fallen, down, drop, drops, dropped, dropping, lost, losing, shed, shedding, slipped, slips, slipping, decreas*, declin*, slid, slump*, tumbl*, plung*, weakened, lower, spad*, straci*, trac*, potania*, obniży*, osłabi*, zmniejszy*, staniał*, зниз*, впав, впала, впало, упав, упала, падін*, падає, втрати*, втрача*, подешев*, просів, просіл*, скоротив*, скоротил*, зменшив*, зменшил*, послаб*, ירד, ירדה, ירדו, יורד, יורדת, ירידה, נחלש*, צנח*, הוזל*, איבד*, below zero, poniżej zera, нижче нуля, מתחת לאפס",
);
define(
  "result",
  "win",
  "won, win, wins, beat, beats, defeated, winning, leads, lead, ahead, wygra*, pokona*, prowadz*, zwycięż*, виграл*, виграв, переміг, перемогл*, обіграл*, обіграв, ניצח*, ניצחון, גבר*, מוביל*",
);
define(
  "result",
  "loss",
  "lost to, loses, losing, loss, trail, trails, trailing, behind, beaten, defeat, przegra*, przegryw*, uleg*, програ*, поступи*, הפסיד*, מפסיד*, הפסד",
);
define("result", "draw", "draw, drew, drawn, tied, tie, remis*, zremis*, нічи*, תיקו");
for (const [id, names] of colourWords) define("colour", id, names);
define("sky", "clear", "clear, sunny, sunshine, bezchmurn*, słoneczn*, ясн*, сонячн*, безхмарн*, בהיר*, שמשי*");
define("sky", "cloud", "cloudy, clouds, overcast, pochmurn*, zachmurz*, хмар*, מעונן*, עננים");
define(
  "sky",
  "partly",
  "partly cloudy, partly_cloudy, partly-cloudy, partlycloudy, partly sunny, scattered clouds, broken clouds, мінлива хмарність, מעונן חלקית, הפוגות שמש",
);
define(
  "sky",
  "mostly",
  "mostly clear, mostly_clear, mainly clear, mainly_clear, mostly sunny, nearly clear, few clouds, fair",
);
define(
  "sky",
  "rain",
  "rain, rainy, sleet, light_rain, heavy_rain, showers, shower, drizzle, deszcz*, mżawk*, pada deszcz, дощ*, мряк*, גשם, גשום, גשמים, טפטוף",
);
define("sky", "snow", "snow, snowy, snowfall, light_snow, heavy_snow, sleet, śnieg*, сніг*, снігопад*, שלג");
define("sky", "thunder", "thunder*, storm, storms, burz*, гроз*, סופ*");
define("sky", "fog", "fog, foggy, mist, mgł*, mgla, туман*, ערפל");
define(
  "status",
  "progress",
  "in progress, in_progress, underway, w toku, w trakcie, у роботі, в роботі, בטיפול, בתהליך",
);
define("status", "resolved", "resolved, solved, fixed, rozwiązan*, вирішен*, נפתר*, תוקן*");
define("status", "scheduled", "scheduled, zaplanowan*, заплановано, заплановане, מתוכנן, מתוכננת");
define(
  "phase",
  "live",
  "live, washing, drying, pranie, pierze, pierzą, suszy, пере, прання, сушить, מכבס*, underway, in play, na żywo, наживо, триває, שידור חי, in_progress",
);
define(
  "phase",
  "finished",
  "finished, ended, final, full time, full-time, zakończył*, zakończon*, skończył*, skończon*, закінчив*, закінчила*, закінчило*, закінчен*, завершен*, завершив*, נגמר*, הסתיים, הסתיימה, סיים, סיימה",
);
define("status", "delayed", "delayed, late, opóźnion*, затриму*, затриман*, запізн*, מתעכב*, באיחור, מאחר*");
define("status", "ontime", "on time, on schedule, on_time, punktualn*, o czasie, planowo, вчасно, за розкладом, בזמן");
define("status", "cancelled", "cancelled, canceled, odwołan*, anulowan*, скасован*, בוטל*, מבוטל*");
define("status", "landed", "landed, has landed, wylądował*, приземлився, נחת, נחתה");
define("access", "open", "open, opened, otwart*, uchylon*, відчинен*, відкрит*, פתוח*");
define("access", "closed", "closed, shut, zamknięt*, зачинен*, закрит*, סגור*");
define("lock", "locked", "locked, zamknięt* na klucz, zaryglowan*, zablokowan*, замкнен*, заблокован*, נעול*");
define("lock", "unlocked", "unlocked, odblokowan*, odryglowan*, відімкнен*, розблокован*, לא נעול*");
define(
  "power",
  "on",
  "on, włączon*, zapalon*, świeci, świecą, увімкнен*, ввімкнен*, включен*, горить, דולק*, דלוק*, מופעל*, פועל*",
);
define("power", "off", "off, wyłączon*, zgaszon*, вимкнен*, виключен*, כבוי*, כבויה");
define(
  "run",
  "running",
  "running, works, working, działa, działają, uruchomion*, pracuje, працює, працюють, запущен*, רץ, רצה, עובד, עובדת, עובדים, פועל*",
);
define("run", "stopped", "stopped, idle, zatrzyman*, bezczynn*, зупинен*, נעצר*, מושבת*");
define("charge", "charging", "charging, is charging, ładuje, ładują, ładowan*, заряджає*, בטעינה, נטען, נטענת");
define("charge", "idle", "discharging, unplugged, odłączon*, rozładow*, від'єднан*, розряджа*, מתרוקן");

/** The concepts of a name in tokens joined by spaces or of one word; a word may have several ("open"). */
const lookUp = (name: string): readonly Concept[] => {
  const found: Concept[] = [...(exact.get(name) ?? [])];
  for (let length = Math.min(name.length, 14); length >= 3; length -= 1) {
    const stem = stems.get(name.slice(0, length));
    if (stem && name.length - length <= 6 && !name.includes(" ", length)) {
      found.push(...stem.filter(({ group }) => !found.some((other) => other.group === group)));
      break;
    }
  }
  return found;
};

const remember = new Map<string, readonly Concept[]>();

/** The concepts that begin at a token, longest name first, and how many tokens they take. */
export const conceptsAt = (
  tokens: readonly Token[],
  at: number,
): { concepts: readonly Concept[]; length: number } | undefined => {
  const first = tokens[at];
  if (first?.kind !== "word") return undefined;
  const second = tokens[at + 1];
  if (second?.kind === "word") {
    // "up to 19 mph" rises nothing.
    if (first.lower === "up" && second.lower === "to") return undefined;
    const pair = conceptsOf(`${first.lower} ${second.lower}`);
    if (pair.length > 0 && `${first.lower} ${second.lower}`.length > 5) return { concepts: pair, length: 2 };
  }
  const concepts = conceptsOf(first.lower);
  return concepts.length > 0 ? { concepts, length: 1 } : undefined;
};

/** The concepts of a word or pair of words. */
export const conceptsOf = (name: string): readonly Concept[] => {
  const known = remember.get(name);
  if (known) return known;
  const bare = /^[והבלמכ][א-ת]{3}/.test(name) ? lookUp(name.slice(1)) : [];
  const plain = lookUp(name);
  const found = plain.length > 0 ? plain : bare;
  if (remember.size < 20_000) remember.set(name, found);
  return found;
};
