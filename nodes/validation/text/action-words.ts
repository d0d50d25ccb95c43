import { createHeads } from "./word-heads.ts";

/** Kinds of doing that answers claim and tools do; `any` is a deed that no word here names. */
export type ActionKind =
  | "on"
  | "off"
  | "set"
  | "open"
  | "close"
  | "lock"
  | "unlock"
  | "start"
  | "stop"
  | "play"
  | "send"
  | "book"
  | "create"
  | "add"
  | "delete"
  | "update"
  | "restart"
  | "call"
  | "order"
  | "remember"
  | "move"
  | "any"
  | "done";

interface KindWords {
  readonly kind: ActionKind;
  /** English past participles. */
  readonly en: string;
  /** Polish: stems before -łem, -łam, -no, -ny and their like. */
  readonly pl: string;
  /** Ukrainian: stems before -в, -ла, -но, -ний and their like. */
  readonly uk: string;
  /** Hebrew: whole words in the first person, and passives. */
  readonly he: string;
  /** Words in the names of tools that do it. */
  readonly tools: string;
}

const rows: readonly KindWords[] = [
  {
    kind: "on",
    en: "turned on|switched on|(?:turned|switched) (?:[\\p{L}\\p{N}'-]+ ){1,8}on|activated|enabled|powered on|lit|armed",
    pl: "włącz|załącz|zapal|aktywowa|uzbroi|uzbroj",
    uk: "увімкну|ввімкну|включи|увімкн|ввімкн|запали",
    he: "הדלקתי|הפעלתי|הודלק\\p{L}*|הופעל\\p{L}*|דרכתי|נדרכ\\p{L}*",
    tools: "on activate enable start arm light climate temperature hvac",
  },
  {
    kind: "off",
    en: "turned off|switched off|shut off|(?:turned|switched) (?:[\\p{L}\\p{N}'-]+ ){1,8}off|deactivated|disabled|disarmed",
    pl: "wyłącz|zgasi|zgaszo|rozbroi",
    uk: "вимкну|вимкн|виключи|погаси|загаси",
    he: "כיביתי|כובה|כובו|כובתה|כבו",
    tools: "off deactivate disable stop disarm",
  },
  {
    kind: "set",
    en: "set|adjusted|dimmed|changed|raised|lowered|increased|decreased|brightened|turned up|turned down|turned (?:[\\p{L}\\p{N}'-]+ ){1,4}(?:up|down)",
    pl: "ustawi|zmieni|ściemni|przyciemni|rozjaśni|podnios|podniesi|obniży|obniżo|nastawi|zwiększy|zmniejszy|podkręci",
    uk: "встанови|встановл|постави|налаштува|зміни|зміне|підня|знизи|приглуши|збільши|зменши|виставл|вистави",
    he: "כיוונתי|הגדרתי|קבעתי|שיניתי|עמעמתי|העליתי|הורדתי|הוגדר\\p{L}*|כוונ\\p{L}*|הנמכתי|הגברתי|נקבע\\p{L}*|עומעמ\\p{L}*",
    tools: "set light climate temperature brightness volume position adjust change turn fan speed",
  },
  {
    kind: "open",
    en: "opened|raised",
    pl: "otworzy|odsłoni|uchyli|podnios|podniesi|otwar",
    uk: "відчини|відкри|підня|відчине",
    he: "פתחתי|נפתח|נפתחה|נפתחו|הרמתי|הורמ\\p{L}*",
    tools: "open raise position turn_on turnon cover",
  },
  {
    kind: "close",
    en: "closed|shut|lowered",
    pl: "zamkną|zamknę|zasłoni|opuści|zamknię|opuszczo",
    uk: "зачини|закри|опусти|опуще|зачине",
    he: "סגרתי|נסגר|נסגרה|נסגרו|הורדתי",
    tools: "close shut lower position turn_off turnoff cover",
  },
  {
    kind: "lock",
    en: "locked",
    pl: "zablokowa|zaryglowa",
    uk: "замкну|замкн|заблокува|зачини|замкне",
    he: "נעלתי|ננעל\\p{L}*",
    tools: "lock turn_on turnon",
  },
  {
    kind: "unlock",
    en: "unlocked",
    pl: "odblokowa|odryglowa",
    uk: "відімкну|відімкн|розблокува",
    he: "שחררתי|פתחתי",
    tools: "unlock turn_off turnoff",
  },
  {
    kind: "start",
    en: "started|launched|begun|set (?:a|an|the|your|up) (?:[\\p{L}\\p{N}-]+ ){0,5}(?:timer|alarm|reminder|countdown)|kicked off",
    pl: "uruchomi|rozpoczą|wystartowa|nastawi|włączy",
    uk: "запусти|запуще|почав|почала|поставив|поставила|увімкну",
    he: "הפעלתי|התחלתי|הופעל\\p{L}*|הגדרתי|כיוונתי",
    tools: "start timer run vacuum alarm trigger script reminder launch begin turn_on turnon clean",
  },
  {
    kind: "stop",
    en: "stopped|paused|halted",
    pl: "zatrzyma|wstrzyma|spauzowa",
    uk: "зупини|призупини|зупине",
    he: "עצרתי|השהיתי|הפסקתי|נעצר\\p{L}*",
    tools: "stop pause cancel halt turn_off turnoff dock",
  },
  {
    kind: "play",
    en: "played|put on|put (?:[\\p{L}\\p{N}'-]+ ){1,4}on|queued",
    pl: "puści|odtworzy",
    uk: "увімкну|запусти",
    he: "ניגנתי|השמעתי",
    tools: "play media music unpause search resume queue",
  },
  {
    kind: "send",
    en: "sent|told (?!you|me|us|that)\\p{L}+|emailed|messaged|texted|forwarded|notified|informed|paged|alerted|replied|shared|passed (?:[\\p{L}\\p{N}'-]+ ){1,4}on|let (?:[\\p{L}\\p{N}'-]+ ){1,4}know",
    pl: "wysła|powiadomi|przekaza|poinformowa|odpisa|udostępni",
    uk: "надісла|відправи|відправле|повідоми|пересла|поінформува",
    he: "שלחתי|נשלח\\p{L}*|הודעתי|העברתי|השבתי",
    tools: "send email mail message notify post sms text forward reply slack share page alert",
  },
  {
    kind: "book",
    en: "booked|reserved|scheduled|confirmed|arranged",
    pl: "zarezerwowa|umówi|zabukowa|zaplanowa|potwierdzi",
    uk: "заброньова|забронюва|запланува|призначи|записа",
    he: "הזמנתי|הוזמנ\\p{L}*|קבעתי|נקבע\\p{L}*|שריינתי|תיאמתי",
    tools: "book reserve reservation schedule calendar appointment event meeting create add",
  },
  {
    kind: "create",
    en: "created|filed|raised|logged|made|submitted|drafted|opened an?|opened (?:[\\p{L}\\p{N}'-]+ ){0,3}(?:ticket|issue|case)|generated",
    pl: "utworzy|utworzo|założy|założo|stworzy|stworzo|zgłosi|zgłoszo|doda",
    uk: "створи|створе|завів|завел|заведе|подав|подала",
    he: "יצרתי|נוצר\\p{L}*|פתחתי|נפתח\\p{L}*|הגשתי",
    tools: "create open file raise new add make submit ticket issue write draft event reminder list item timer alarm",
  },
  {
    kind: "add",
    en: "added|put|noted|appended|written down",
    pl: "doda|dopisa|wpisa|wrzuci",
    uk: "додав|додала|додано|дода|записа|вніс|внесл|внесе",
    he: "הוספתי|נוסף|נוספה|נוספו|רשמתי",
    tools: "add create insert append item todo list put calendar note event schedule shopping",
  },
  {
    kind: "delete",
    en: "deleted|removed|cancelled|canceled|cleared|erased",
    pl: "usuną|usunę|usunię|skasowa|anulowa|odwoła",
    uk: "видали|видале|скасува|скасова|прибра|стер",
    he: "מחקתי|ביטלתי|נמחק\\p{L}*|בוטל\\p{L}*|הסרתי",
    tools: "delete remove cancel clear erase drop decrease",
  },
  {
    kind: "update",
    en: "updated|edited|renamed|assigned|reassigned|resolved|closed|marked|extended|rescheduled|commented|upgraded|completed|changed|escalated",
    pl: "zaktualizowa|przypisa|oznaczy|przedłuży|rozwiąza|zamkną|zamknę|zamknię|skomentowa|zmieni",
    uk: "онови|оновле|призначи|позначи|закри|виріши|виріше|прокоментува|змінив|змінила|перевів|перевел",
    he: "עדכנתי|עודכנ\\p{L}*|שייכתי|סימנתי|סגרתי|שיניתי|הקציתי",
    tools:
      "update edit rename assign close resolve mark extend reschedule set change patch comment complete transition upgrade modify ticket",
  },
  {
    kind: "restart",
    en: "restarted|rebooted|deployed|rolled back|scaled|redeployed|rolled (?:[\\p{L}\\p{N}'-]+ ){1,3}back",
    pl: "zrestartowa|wdroży|wdrożo|przeskalowa|wycofa|uruchomi",
    uk: "перезапусти|перезапуще|розгорну|перезавантаж|масштабува|відкоти|відкоче",
    he: "הפעלתי מחדש|אתחלתי|הופעל\\p{L}*|פרסתי|אותחל\\p{L}*|גלגלתי",
    tools: "restart reboot deploy rollback scale run redeploy",
  },
  {
    kind: "call",
    en: "called|phoned|rung|dialled",
    pl: "zadzwoni",
    uk: "подзвони|зателефонува",
    he: "התקשרתי|צלצלתי",
    tools: "call phone dial",
  },
  {
    kind: "order",
    en: "ordered|bought|purchased|paid|transferred",
    pl: "zamówi|kupi|zapłaci|przela|opłaci",
    uk: "замови|замовл|купл|купи|сплати|оплати|переказа",
    he: "הזמנתי|קניתי|שילמתי|העברתי|רכשתי",
    tools: "order buy purchase pay payment transfer checkout",
  },
  {
    kind: "remember",
    en: "saved|remembered|stored|recorded|memorised|memorized",
    pl: "zapisa|zapamięta|zanotowa",
    uk: "запам'ята|зберіг|зберегл|записа|занотува|збереже",
    he: "שמרתי|זכרתי|רשמתי|נשמר\\p{L}*",
    tools: "save store remember note add memory write record create",
  },
  {
    kind: "move",
    en: "moved|shifted|pushed|postponed|brought forward|swapped|replaced",
    pl: "przenios|przeniesi|przesuną|przesunę|przesunię|przełoży|przełożo|wymieni",
    uk: "переніс|перенесл|перенесе|зсуну|заміни",
    he: "העברתי|דחיתי|הזזתי|הקדמתי|החלפתי",
    tools: "move reschedule update change postpone edit set replace swap",
  },
];

const start = "(?<![\\p{L}\\p{M}])";
const end = "(?![\\p{L}\\p{M}])";
const lead = "(?:now |just |already |also |successfully |both |all )*";
/** In the first person: "I've turned", "włączyłem", "я увімкнув", "הדלקתי". */
const hebrew = (he: string, isFirst: boolean): string =>
  he
    .split("|")
    .filter((word) => word.endsWith("תי") === isFirst || (isFirst && / /.test(word)))
    .join("|") || "(?!)";
const firstPerson = ({ en, pl, uk, he }: KindWords): RegExp =>
  new RegExp(
    `${start}(?:(?:i|we|i've|we've|i have|we have) ${lead}(?:${en})|(?:${pl})\\p{L}{0,4}[łe](?:em|am|liśmy)|(?:я|ми) (?:\\p{L}+ ){0,2}(?:${uk})\\p{L}{0,4}|(?:${uk})(?:\\p{L}{0,3}(?:в|ла|ли))|ו?(?:${hebrew(he, true)}))${end}`,
    "iu",
  );
/** Without a doer: "has been turned on", "włączone", "увімкнено", "הודלק". */
const passive = ({ en, pl, uk, he }: KindWords): RegExp =>
  new RegExp(
    `${start}(?:(?:is|are|was|were|been|be|it's|that's|'s|gets?|got) ${lead}(?:${en})|^[^\\p{L}]*(?:${en})|(?:${pl})\\p{L}{0,3}(?:no|to|ny|na|ne|ni|ty|ta|te|ci|ną|nych|nego)|(?:${uk})\\p{L}{0,3}(?:но|то|ний|на|не|ні|тий|та|те|ті)|(?:${hebrew(he, false)}))${end}`,
    "iu",
  );

/** How deeds of one kind are claimed. */
export interface ClaimPattern {
  readonly kind: ActionKind;
  readonly first: RegExp;
  readonly passive: RegExp;
  readonly english: RegExp;
}

const compileClaims = (row: KindWords): ClaimPattern => ({
  kind: row.kind,
  first: firstPerson(row),
  passive: passive(row),
  english: new RegExp(`^${lead}(?:${row.en})${end}`, "iu"),
});
const compiled = new Map<KindWords, ClaimPattern>();
/** Made when a deed of the kind is first claimed: compiling all of them is felt at every start. */
const claimsOf = (row: KindWords): ClaimPattern => {
  const known = compiled.get(row) ?? compileClaims(row);
  compiled.set(row, known);
  return known;
};

const headsIn = createHeads(rows.map(({ kind, en, pl, uk, he }) => [kind, [en, pl, uk, he].join("|")] as const));
const noPatterns: readonly ClaimPattern[] = [];

/** The patterns of the deeds whose verbs a clause may have, in order; most clauses have none. Never for whole texts. */
export const claimPatternsFor = (clause: string): readonly ClaimPattern[] => {
  const kinds = headsIn(clause);
  return kinds.size === 0 ? noPatterns : rows.filter(({ kind }) => kinds.has(kind)).map(claimsOf);
};

/** "Done", "Gotowe", "Готово", "בוצע" at the head of a clause. */
export const donePattern =
  /^[^\p{L}]*(?:done|all done|(?:it['’]s |it is |that['’]s )?(?:all )?(?:taken care of|sorted|arranged|handled)|all set|that's done|it's done|it is done|gotowe|zrobione|załatwione|zrobił[ae]m|готово|зроблено|виконано|зробив|зробила|בוצע|נעשה|עשיתי|סיימתי|סודר|סידרתי|טופל)(?![\p{L}\p{M}])/iu;

/** A deed in the first person that no row names; what one does in one's head is none. */
const thought =
  "found|checked|looked|read|noticed|seen|saw|listed|included|calculated|converted|rounded|assumed|gathered|compared|heard|understood|learned|missed|used|based|answered|given|got|had|been|was|were|am|know|knew|thought|think|see|mean|meant|believe|hope|searched|mentioned|said|told|counted|tried|could|couldn't|can|can't|cannot|will|would|don't|didn't|need|want|need|have|haven't|suggest|recommend|understand|only|still|also|just|do|did|left|kept|summarised|summarized|translated|wrote|written|explained|described|picked|chosen|chose|covered|worked|computed|added up|taken|took|asked|spotted|come|came|managed|reviewed|confirmed that|verified|double-checked|collected|pulled|drawn|estimated|interpreted|love|like|wish|wonder|guess|recall|remember|apologise|apologize|cited|quoted|sorted|ranked|shortened|skipped|ignored|excluded";
const anyFirst = new RegExp(
  `${start}(?:(?:i've|we've|i have|we have|so i|i) ${lead}(?!(?:${thought})${end})\\p{L}{2,12}(?:ed|pt|nt)${end}` +
    "|(?!znala|sprawdzi|widzia|policzy|przeliczy|zrozumia|pomyli|mia|by|mog|zobaczy|odczyta|wzią|przeczyta|zaokrągli|wybra|obliczy|napisa|powiedzia|poda|myśla|zna|wiedzia|chcia|opar|próbowa|spróbowa|zapomnia|szuka|przetłumaczy|podsumowa|uda|dosta|otrzyma|słysza|zebra|doda|zauważy|uzna)\\p{L}{2,14}(?:łem|łam)(?![\\p{L}])" +
    "|я (?:\\p{L}+ )?(?!знай|перевір|бач|зрозумі|порах|помили|мав|мала|був|була|міг|могла|прочита|округли|вибра|обчисли|написа|сказа|дума|зна|хоті|спробува|намага|забу|шука|переклав|отрима|почу|зібра|помітив)\\p{L}{2,14}(?:ав|ив|ув|ів|яв|їв|ала|ила|ула|яла|їла)(?![\\p{L}])" +
    "|(?!מצאתי|בדקתי|ראיתי|חשבתי|הבנתי|חישבתי|הצלחתי|ידעתי|הייתי|רציתי|קיבלתי|אמרתי|שמעתי|קראתי|עיגלתי|ספרתי|ניסיתי|כתבתי|חיפשתי|שכחתי|טעיתי|בחרתי|תרגמתי|סיכמתי|ציינתי|התכוונתי|זיהיתי|השתמשתי|יכולתי|אספתי|המרתי|אחותי|אמיתי|תרבותי|זולתי|איתי|ביתי|בלתי|אותי|מתי|שלוותי|משמעותי|תקופתי|איכותי|חברתי|ענייני|פרטי|בעיתי|הבנתי|לקחתי|נתתי)[א-ת]{3,8}תי(?![א-ת]))",
  "iu",
);
/** What every such deed has: who does it, or the ending that tells it. */
const mayBeFirst = /(?<!\p{L})(?:i|we|so|я)(?!\p{L})|ł[ea]m(?!\p{L})|תי/iu;
/** Whether a clause claims some deed in the first person. */
export const claimsAnyDeed = (clause: string): RegExpExecArray | null =>
  mayBeFirst.test(clause) ? anyFirst.exec(clause) : null;

const toolWords = new Map(rows.map(({ kind, tools }) => [kind, new Set(tools.split(" "))] as const));

/** Whether a tool of this name can do such a thing. */
export const toolDoes = (tool: string, kind: ActionKind): boolean => {
  if (kind === "done" || kind === "any") return true;
  const words = tool
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter(Boolean);
  const known = toolWords.get(kind);
  const joined = words.join("_");
  if (kind === "on" && /turn_off|unlock|stop|off$/.test(joined)) return false;
  if (kind === "off" && /turn_on|on$/.test(joined)) return false;
  return (
    words.some((word) => known?.has(word)) ||
    [...(known ?? [])].some((word) => word.includes("_") && joined.includes(word))
  );
};

/** A bare participle, as in "alarm set for six". */
const participle = new RegExp(`${start}(?:${rows.map(({ en }) => en).join("|")})${end}`, "iu");
/** Whether a text tells that something was done, without a doer. */
export const tellsDone = (text: string): boolean => {
  const patterns = claimPatternsFor(text);
  return patterns.length > 0 && (participle.test(text) || patterns.some(({ passive }) => passive.test(text)));
};

/** Before the verb, these take the claim back: negations, offers, futures, conditions, what others did. */
export const noClaim =
  /(?<!\p{L})(?:can|could|can't|cannot|couldn't|won't|would|will|shall|should|may|might|must|if|unless|once|when|while|after|until|before|try|trying|tried|not|didn't|don't|doesn't|haven't|hasn't|wasn't|weren't|isn't|aren't|unable|failed|fails|never|nothing|no|without|please|let me|ready to|about to|going to|need|want|you|they|he|she|mogę|możesz|można|mógłbym|mogłabym|czy|nie|jeśli|jeżeli|gdy|kiedy|będę|będzie|będą|zostanie|zostaną|próbował[ae]m|chcesz|niestety|zamierzam|ani|możemy|można|można|можу|можете|може|чи|не|якщо|коли|буду|буде|будуть|хочете|хочеш|намагався|намагалася|жаль|ні|аби|щоб|ви|він|вона|вони|יכול|יכולה|אפשר|האם|לא|אם|אוכל|רוצה|כדי|אנסה|ניסיתי|אין|טרם|כאשר|כש\p{L}+|יהיה|תהיה|יהיו)(?!\p{L})/iu;

/** A clause of an answer may begin anew behind these. */
export const clauseBreak = /[,;:.!]\s|\s[–—-]\s|\n|\s(?:but|so|ale|lecz|więc|але|проте|тож|אבל|אך|אז)\s/u;
