import type { Token } from "./tokens.ts";

/** What a sentence may do with figures that it does not tell as they are known. */
export type Derivation =
  | "difference"
  | "sum"
  | "part"
  | "share"
  | "each"
  | "rest"
  | "past"
  | "rate"
  | "side"
  | "except";

// Words by what they call for; `*` at the end stands for any ending. Languages: en, pl, uk, he.
const rows: Readonly<Record<Derivation, string>> = {
  difference: `
    difference different gap range ranges ranged span spread margin more less fewer higher lower warmer colder cooler hotter taller shorter longer cheaper dearer faster
    slower older younger than ahead behind apart by lead leads leading led trail trails trailing increase* decrease* later earlier extra additional another remaining
    left bigger smaller larger deeper heavier lighter stronger weaker windier drier wetter closer further farther missing short spare save saves saving savings
    target* goal go instead advantage discount* off recover* reduc* recoup* rose rise rises risen fell fall falls fallen gain* lost loses drop* change* swing jump* grew grow* climb* exceed*
    celu docelow* różnic* różni różnią rozpiętoś* zakres* więcej mniej wyższ* niższ* wyżej niżej cieplej zimniej chłodniej drożej taniej dłużej krócej szybciej wolniej dalej bliżej
    niż wzrost* wzros* wzroś* spad* zmian* zmienił* przewag* prowadz* później wcześniej pozosta* zostało zostanie zostaje zapas* brak* zabrak* zamiast oszczęd* zniż* obniż* przecen* rabat* nadrob* nadrab* odrob* straci* trac* droż* podroż* zdroż*
    tanie* stania* potania* wyprzedz* dodatkow* zwiększ* zmniejsz* skróc* wydłuż* przybył* ubył* grubsz* większ* mniejsz* starsz* młodsz* dłuższ* krótsz* tańsz* droższ*
    цілі мети цільов* різниц* розмах* діапазон* більш* менш* вищ* нижч* тепліш* холодніш* прохолодніш* дорожч* дешевш* довш* коротш* швидш* повільніш* ніж зріс зросл* зрост* впав впал* впаде упав упал* змін*
    пізніш* раніш* переваг* попереду відста* залиш* лиш* бракує запас* замість економ* знижк* надолуж* скорот* скороч* додатков* подорожч* подешевш* здорожч* збільш* зменш* знизи* підвищ* втрат* додал* додав межах старш* молодш* важч* легш* перевищ* випередж*
    יעד* הפרש* הבדל* צמצ* לצמצם הנחה הנחת פער* יותר פחות מאשר לעומת עלה עלתה עלו תעלה יעלה יעלו ירד ירדה ירדו יירד תרד מאוחר* מוקדם* שינוי נותר* נשאר* חסר* במקום יתרון חוסכ* חיסכון עודף יקר יקרה יקרים זול זולה זולים
    התייקר* תתייקר* יתייקר* מתייקר* הוזל* יוזל* תוזל* גבוה* נמוך* ארוך ארוכה קצר קצרה חם חמה קר קרה מהיר* איטי* מוביל* מקדימ* גדל* קטן קטנה הקדים איחר נוספ* טווח`,
  sum: `
    total totals totalling altogether combined sum together overall all plus add adds added another entire
    razem łączn* sum* ogółem wszystkich wszystkie całość całości dodatkowo jeszcze plus dodając łącząc
    разом загал* усього всього сум* разом ще плюс додати
    סך סה"כ הכל הכול יחד ביחד ובסך בסך כולל ועוד עוד פלוס`,
  part: `
    half halve* twice double* triple* treble* tripl* quarter third two-thirds portion* serving* scale* scaling
    połow* podwój* podwaja* potrój* dwukrot* trzykrot* ćwier* porcj* pół
    половин* удвічі вдвічі подвій* подвоє* потрій* втричі утричі удвоє вдвоє порці* пів
    מחצי* חצי מחצית כפול* פי משולש* מנה מנות`,
  share: `
    of full used taken occupied share ready
    z ze spośród zajęt* pełn* wykorzyst* stanow*
    із з зайнят* заповн* використ* станов*
    מתוך מהן מהם מלא מלאה תפוס* מ מהווה`,
  each: `
    each every per apiece both all average averages averaging mean altogether total piece split everyone person head couple pair
    każd* po na za obie oba obu oboje obojga obydw* średni* przeciętn* wszystk* sztuk* łączn* razem osob* suma sumie
    кожн* кожен по на за обидв* обоє обох середн* усі всі всіх усього всього разом особ* штук* загал*
    כל לכל שניהם שתיהן שני שתי בממוצע ממוצע יחד ביחד סה"כ הכל הכול בסך אחד אחת לאדם ליחידה`,
  rest: `
    not no without rest remaining remain* left other others unused free missing fail* miss* idle inactive offline non- never unavailable outstanding unread
    nie bez reszt* pozosta* inn* woln* brak* zostaj* został* nieudan* nieczynn* nieaktywn* niedostępn*
    не без решт* інш* залиш* вільн* бракує поза невдал* недоступн* неактивн*
    לא אין אינן אינם אינו אינה ללא בלי היתר שאר נותר* נשאר* אחר* פנוי* חסר* יתר`,
  past: `
    ago before previously earlier was were used former last until yesterday prior
    temu wcześniej poprzedni* przedtem był* kosztował* wynosił* dotąd dotychczas wczoraj minion* zeszł*
    тому раніше попередн* досі перед був було була були коштува* становив вчора учора минул*
    לפני קודם הקודם הקודמת היה היתה הייתה היו אתמול שעבר שעברה עד עלה עלתה`,
  rate: `
    after reach* within take* last* enough for need* lasts until per
    po starcz* wystarcz* zajm* potrw* potrzeb* osiąg* przez w
    після вистач* триват* потріб* досяг* за протягом через
    אחרי לאחר מושג* תוך יספיק* מספיק* ייקח לוקח נדרש* יידרש* במשך מגיע* למשך`,
  side: `
    above below up down under over off
    powyżej poniżej ponad
    понад вище нижче
    מעל מתחת`,
  except: `
    except excluding closed besides apart
    oprócz prócz poza wyjątk* zamknięt* nieczynn* wyłącz* wolne
    крім окрім виняток винятком вихідн* зачинен* закрит*
    חוץ למעט מלבד סגור* פרט`,
};

interface WordSet {
  readonly exact: ReadonlySet<string>;
  readonly stems: ReadonlySet<string>;
}

const sets = new Map<string, WordSet>(
  Object.entries(rows).map(([key, words]) => {
    const all = words.trim().split(/\s+/);
    const stems = all.flatMap((word) => (word.endsWith("*") ? [word.slice(0, -1)] : []));
    return [key, { exact: new Set([...all.filter((word) => !word.endsWith("*")), ...stems]), stems: new Set(stems) }];
  }),
);
const longestStem = Math.max(...[...sets.values()].flatMap(({ stems }) => [...stems].map((stem) => stem.length)));

const holds = ({ exact, stems }: WordSet, word: string): boolean => {
  if (exact.has(word)) return true;
  for (let length = Math.min(word.length, longestStem); length >= 2; length -= 1)
    if (stems.has(word.slice(0, length))) return true;
  return false;
};

/** Whether one of the tokens calls for a derivation; Hebrew words also behind a prefix. */
export const callsFor = (derivation: Derivation, tokens: readonly Token[]): boolean => {
  const set = sets.get(derivation);
  return (
    set !== undefined &&
    tokens.some(
      ({ kind, lower }) =>
        kind === "word" &&
        (holds(set, lower) ||
          (/^[בולמהש][א-ת]{2}/.test(lower) && holds(set, lower.slice(1))) ||
          (derivation === "difference" && comparative.test(lower))),
    )
  );
};

const comparative = /^\p{L}{3,}(?:niejsz|iejsz)(?:y|a|e|ej|ych|ym|ą)$|^\p{L}{3,}іш(?:ий|а|е|ої|і|ою)$/u;
