/** Folded words for days in the four languages, as whole words of a folded text (Hebrew: with its one-letter prefixes). */

const words = (pattern: string): RegExp =>
  new RegExp(`(?<![\\p{L}\\p{N}])[בלמהוש]?(?:${pattern})(?![\\p{L}\\p{N}])`, "u");

/** Days counted from today. */
export const relativeDays: readonly (readonly [RegExp, number])[] = [
  [words("day after tomorrow|pojutrze|післязавтра|מחרתיים"), 2],
  [words("day before yesterday|przedwczoraj|позавчора|שלשום"), -2],
  [words("tomorrow|jutro|jutra|jutrzejsz(?:y|a|ego|ej)|завтра|завтрашн(?:іи|я|ього)|מחר"), 1],
  [words("yesterday|last night|wczoraj|wczorajsz(?:y|a|ego|ej)|вчора|учора|אתמול"), -1],
  [
    words(
      "today|tonight|this (?:morning|afternoon|evening)|dzis|dzisiaj|dzisiejsz(?:y|a|ego|ej)|сьогодні|היום|הערב|הלילה",
    ),
    0,
  ],
];

/** Sunday first. */
export const weekdays: readonly RegExp[] = [
  words("sundays?|niedziel[aei]|неділ[яюі]|יום ראשון"),
  words("mondays?|poniedzial(?:ek|ku)|понеділ(?:ок|ка)|יום שני"),
  words("tuesdays?|wtor(?:ek|ku)|вівтор(?:ок|ка)|יום שלישי"),
  words("wednesdays?|srod[aey]|середа|середу|середи|יום רביעי"),
  words("thursdays?|czwart(?:ek|ku)|четвер|четверга|יום חמישי"),
  words("fridays?|piat(?:ek|ku)|пятниц[яюі]|(?:יום )?שישי"),
  words("saturdays?|sobot[aey]|субот[аиу]|שבת"),
];

/** January first; folded, in the forms that dates use. */
export const months: readonly RegExp[] = [
  words("january|jan|stycz(?:en|nia|niu)|січ(?:ень|ня|ні)|ינואר"),
  words("february|feb|lut(?:y|ego|ym)|лют(?:ии|ого|ому)|פברואר"),
  words("march|marzec|marca|marcu|берез(?:ень|ня|ні)|מרץ|מרס"),
  words("april|apr|kwie(?:cien|tnia|tniu)|квіт(?:ень|ня|ні)|אפריל"),
  words("may|maj[au]?|трав(?:ень|ня|ні)|מאי"),
  words("june|czerw(?:iec|ca|cu)|черв(?:ень|ня|ні)|יוני"),
  words("july|lip(?:iec|ca|cu)|лип(?:ень|ня|ні)|יולי"),
  words("august|aug|sierp(?:ien|nia|niu)|серп(?:ень|ня|ні)|אוגוסט"),
  words("september|sept?|wrze(?:sien|snia|sniu)|верес(?:ень|ня|ні)|ספטמבר"),
  words("october|oct|pazdziernik[au]?|жовт(?:ень|ня|ні)|אוקטובר"),
  words("november|nov|listopad(?:a|zie)?|листопад[аиі]?|נובמבר"),
  words("december|dec|grud(?:zien|nia|niu)|груд(?:ень|ня|ні)|דצמבר"),
];

export const weekend = words("weekend|weekendy?|weekendu|вихідн(?:і|их)|вікенд|סוף השבוע|סופש");
export const nextWord = words(
  "next|coming|nastepn(?:y|a|ym|ej|ego)|przyszl(?:y|a|ym|ej|ego)|наступн(?:ии|а|ого|ому|ої|іи|оі)|הבאה?",
);
export const lastWord = words(
  "last|previous|ostatni(?:a|ego|ej|m)?|zeszl(?:y|a|ym|ej|ego)|poprzedni(?:a|ego|ej|m)?|минул(?:ии|а|ого|ому|оі|іи)|שעבר|האחרון|הקודם",
);
export const week = words("week|tydzien|tygodniu|tygodnia|тиж(?:день|ня|ні)|שבוע");
export const month = words("month|miesiac|miesiacu|miesiaca|місяц(?:ь|я|і)|חודש");
export const inDays =
  /(?<![\p{L}\p{N}])(?:in|za|через|за|בעוד) (\d{1,3}) (?:days?|dni|dzien|дн(?:і|ів)|день|ימים|יום)(?![\p{L}\p{N}])/u;
export const inWeeks =
  /(?<![\p{L}\p{N}])(?:in|za|через|за|בעוד) (\d{1,2}|a|an)? ?(?:weeks?|tydzien|tygodnie|tygodni|тиждень|тижні|тижнів|שבועות|שבוע)(?![\p{L}\p{N}])/u;
