/** Kinds of doing that answers claim and tools do. */
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
  | "delete"
  | "update"
  | "restart"
  | "call"
  | "order"
  | "remember"
  | "move"
  | "add"
  | "done";

interface KindWords {
  readonly kind: ActionKind;
  /** What somebody claims to have done, first person or passive, in en, pl, uk and he. */
  readonly claims: string;
  /** Words in the names of tools that do it. */
  readonly tools: string;
}

const rows: readonly KindWords[] = [
  {
    kind: "on",
    claims:
      "turned on|switched on|turned (?:[\\p{L}\\p{N}'-]+ ){1,5}on|switched (?:[\\p{L}\\p{N}'-]+ ){1,5}on|activated|enabled|powered on|lit|włączył[ae]?m|załączył[ae]?m|zapalił[ae]?m|aktywował[ae]?m|włączono|zapalono|(?:został[aoy]?|zostały) (?:\\p{L}+ )?włączon\\p{L}+|увімкнув|увімкнула|ввімкнув|ввімкнула|увімкнено|ввімкнено|включив|включила|הדלקתי|הפעלתי|הודלק\\p{L}*|הופעל\\p{L}*",
    tools: "on activate enable start",
  },
  {
    kind: "off",
    claims:
      "turned off|switched off|shut off|turned (?:[\\p{L}\\p{N}'-]+ ){1,5}off|switched (?:[\\p{L}\\p{N}'-]+ ){1,5}off|deactivated|disabled|wyłączył[ae]?m|zgasił[ae]?m|wyłączono|zgaszono|(?:został[aoy]?|zostały) (?:\\p{L}+ )?wyłączon\\p{L}+|вимкнув|вимкнула|вимкнено|виключив|виключила|погасив|погасила|כיביתי|כובה|כובו|כובתה",
    tools: "off deactivate disable stop",
  },
  {
    kind: "set",
    claims:
      "(?:i've|i have|have|has|was|were|been|i) (?:now |just )?(?:set|adjusted|dimmed|changed|raised|lowered|increased|turned up|turned down|brightened)|dimmed|set to|ustawił[ae]?m|ustawiono|zmienił[ae]?m|ściemnił[ae]?m|przyciemnił[ae]?m|rozjaśnił[ae]?m|podniosł[ae]?m|obniżył[ae]?m|nastawił[ae]?m|zwiększył[ae]?m|zmniejszył[ae]?m|встановив|встановила|встановлено|поставив|поставила|налаштував|налаштувала|змінив|змінила|підняв|підняла|знизив|знизила|приглушив|приглушила|כיוונתי|הגדרתי|קבעתי|שיניתי|עמעמתי|העליתי|הורדתי|הוגדר\\p{L}*|כוונ\\p{L}*",
    tools: "set light climate temperature brightness volume position adjust change turn",
  },
  {
    kind: "open",
    claims:
      "(?:i've|i have|i|have been|has been|was|were) (?:now |just )?(?:opened|raised)|otworzył[ae]?m|odsłonił[ae]?m|uchylił[ae]?m|podniosł[ae]?m rolet|otwarto|відчинив|відчинила|відкрив|відкрила|відчинено|פתחתי|נפתחו|הרמתי",
    tools: "open raise position turn_on turnon",
  },
  {
    kind: "close",
    claims:
      "(?:i've|i have|i|have been|has been|was|were) (?:now |just )?(?:closed|shut|lowered)|zamknął[ae]?m|zamknęłam|zamknąłem|zasłonił[ae]?m|opuścił[ae]?m|zamknięto|зачинив|зачинила|закрив|закрила|зачинено|опустив|опустила|סגרתי|נסגרו",
    tools: "close shut lower position turn_off turnoff",
  },
  {
    kind: "lock",
    claims:
      "(?:i've|i have|i|have been|has been|was|were) (?:now |just )?locked|zablokował[ae]?m|zaryglował[ae]?m|zamknął[ae]?m (?:\\p{L}+ )*na klucz|замкнув|замкнула|заблокував|заблокувала|замкнено|נעלתי|ננעל\\p{L}*",
    tools: "lock turn_on turnon",
  },
  {
    kind: "unlock",
    claims:
      "(?:i've|i have|i|have been|has been|was|were) (?:now |just )?unlocked|odblokował[ae]?m|odryglował[ae]?m|відімкнув|відімкнула|розблокував|розблокувала",
    tools: "unlock turn_off turnoff",
  },
  {
    kind: "start",
    claims:
      "(?:i've|i have|i|have been|has been|was|were) (?:now |just )?(?:started|launched|begun)|started (?:a|the|your)|(?:your|the|a) [\\p{L} ]*timer (?:is|has been|was) (?:now )?(?:set|started|running)|(?:set|started) (?:a|the|your) (?:[\\p{L}\\p{N}-]+ ){0,4}(?:timer|alarm|reminder)|uruchomił[ae]?m|włączył[ae]?m (?:minutnik|odkurzacz)|nastawił[ae]?m|uruchomiono|запустив|запустила|запущено|הפעלתי|התחלתי",
    tools: "start timer run vacuum alarm trigger script reminder launch begin turn_on turnon",
  },
  {
    kind: "stop",
    claims:
      "(?:i've|i have|i|have been|has been|was|were) (?:now |just )?(?:stopped|paused|halted)|zatrzymał[ae]?m|wstrzymał[ae]?m|zatrzymano|зупинив|зупинила|призупинив|призупинила|зупинено|עצרתי|השהיתי|הפסקתי",
    tools: "stop pause cancel halt turn_off turnoff",
  },
  {
    kind: "play",
    claims:
      "(?:i've|i have|i'm|i) (?:now |just |started )?play(?:ed|ing)|now playing|puścił[ae]?m|odtwarzam|gra teraz|увімкнув музику|вмикаю|грає|ניגנתי|מנגן",
    tools: "play media music unpause search resume",
  },
  {
    kind: "send",
    claims:
      "(?:i've|i have|i|have been|has been|was|were|is) (?:now |just |already )?(?:sent|emailed|messaged|texted|forwarded|notified|informed|let .{1,30} know|passed .{1,20} on)|wysłał[ae]?m|wysłano|wysłan[ay]|(?:został[aoy]?|zostały) wysłan\\p{L}+|poszł[aoy]? do|powiadomił[ae]?m|przekazał[ae]?m|надіслав|надіслала|надіслано|відправив|відправила|відправлено|повідомив|повідомила|переслав|переслала|שלחתי|נשלח\\p{L}*|הודעתי|עדכנתי את",
    tools: "send email mail message notify post sms text forward reply slack share",
  },
  {
    kind: "book",
    claims:
      "(?:i've|i have|i|have been|has been|was|were|is|are) (?:now |just |already )?(?:booked|reserved|scheduled|confirmed)|your (?:table|room|booking|reservation|appointment|seat|ticket)s? (?:is|are|has been|have been) (?:booked|confirmed|reserved|made)|zarezerwował[ae]?m|zarezerwowan[aoey]\\p{L}*|umówił[ae]?m|umówion\\p{L}+|zabukował[ae]?m|zaplanował[ae]?m|забронював|забронювала|заброньовано|запланував|запланувала|записав вас|записала вас|призначив|призначила|הזמנתי|הוזמנ\\p{L}*|קבעתי|נקבע\\p{L}*|שמור לך|שריינתי",
    tools: "book reserve reservation schedule calendar appointment event meeting create add",
  },
  {
    kind: "create",
    claims:
      "(?:i've|i have|i|have been|has been|was|were|is) (?:now |just |already )?(?:created|opened a|opened an|filed|raised|logged|made|submitted|drafted|written)|(?:ticket|issue|task|event|reminder|note) (?:[\\p{L}\\p{N}-]+ )?(?:has been |was |is )?(?:created|filed|opened|logged)|created (?:a|the|an)|utworzył[ae]?m|założył[ae]?m|utworzono|utworzon\\p{L}+|stworzył[ae]?m|zgłosił[ae]?m|dodał[ae]?m|створив|створила|створено|завів|завела|יצרתי|נוצר\\p{L}*|פתחתי (?:כרטיס|קריאה|פנייה|תקלה)\\p{L}*|נפתחה",
    tools: "create open file raise new add make submit ticket issue write draft event reminder",
  },
  {
    kind: "add",
    claims:
      "(?:i've|i have|i|have been|has been|was|were|is|are) (?:now |just |already )?(?:added|put|noted|appended)|added (?:it|them|the|to|[\\p{L}]+ to)|dodał[ae]?m|dodano|dopisał[ae]?m|wpisał[ae]?m|dopisano|додав|додала|додано|записав|записала|внесла|вніс|הוספתי|נוסף|נוספה|נוספו|רשמתי",
    tools: "add create insert append item todo list put calendar note event schedule shopping",
  },
  {
    kind: "delete",
    claims:
      "(?:i've|i have|i|have been|has been|was|were|is) (?:now |just |already )?(?:deleted|removed|cancelled|canceled|cleared|erased)|usunął[ae]?m|usunęłam|usunąłem|usunięt\\p{L}+|skasował[ae]?m|anulował[ae]?m|anulowan\\p{L}+|odwołał[ae]?m|видалив|видалила|видалено|скасував|скасувала|скасовано|прибрав|прибрала|מחקתי|ביטלתי|נמחק\\p{L}*|בוטל\\p{L}*|הסרתי",
    tools: "delete remove cancel clear erase drop",
  },
  {
    kind: "update",
    claims:
      "(?:i've|i have|i|have been|has been|was|were|is) (?:now |just |already )?(?:updated|edited|renamed|assigned|closed the ticket|resolved|marked|extended|rescheduled|commented|upgraded|completed)|zaktualizował[ae]?m|zaktualizowan\\p{L}+|przypisał[ae]?m|oznaczył[ae]?m|przedłużył[ae]?m|оновив|оновила|оновлено|призначив|призначила|позначив|позначила|עדכנתי|עודכנ\\p{L}*|שייכתי|סימנתי",
    tools:
      "update edit rename assign close resolve mark extend reschedule set change patch comment complete transition upgrade modify",
  },
  {
    kind: "restart",
    claims:
      "(?:i've|i have|i|have been|has been|was|were) (?:now |just |already )?(?:restarted|rebooted|deployed|rolled back|scaled|redeployed)|zrestartował[ae]?m|zrestartowan\\p{L}+|wdrożył[ae]?m|wdrożono|przeskalował[ae]?m|перезапустив|перезапустила|перезапущено|розгорнув|розгорнула|перезавантажив\\p{L}*|масштабува\\p{L}+|הפעלתי מחדש|אתחלתי|הופעל\\p{L}* מחדש|פרסתי",
    tools: "restart reboot deploy rollback scale run redeploy",
  },
  {
    kind: "call",
    claims:
      "(?:i've|i have|i) (?:now |just |already )?(?:called|phoned|rung|dialled)|zadzwonił[ae]?m|подзвонив|подзвонила|зателефонував|зателефонувала|התקשרתי",
    tools: "call phone dial",
  },
  {
    kind: "order",
    claims:
      "(?:i've|i have|i|have been|has been) (?:now |just |already )?(?:ordered|bought|purchased|paid|transferred)|zamówił[ae]?m|kupił[ae]?m|zapłacił[ae]?m|przelał[ae]?m|замовив|замовила|замовлено|купив|купила|сплатив|оплатив|оплатила|переказав|הזמנתי|קניתי|שילמתי|העברתי",
    tools: "order buy purchase pay transfer checkout create",
  },
  {
    kind: "remember",
    claims:
      "(?:i've|i have|i|have been|has been) (?:now |just |already )?(?:saved|remembered|stored|noted|recorded|booked down)|i'll remember|zapisał[ae]?m|zapamiętał[ae]?m|zapisano|zanotował[ae]?m|запам'ятав|запам'ятала|зберіг|зберегла|записав|записала|збережено|שמרתי|זכרתי|רשמתי|נשמר\\p{L}*",
    tools: "save store remember note add memory write record create",
  },
  {
    kind: "move",
    claims:
      "(?:i've|i have|i|have been|has been|was|were) (?:now |just |already )?(?:moved|shifted|pushed|postponed|brought forward)|przeniosł[ae]?m|przeniesion\\p{L}+|przesunął[ae]?m|przesunęłam|przesunąłem|переніс|перенесла|перенесено|העברתי|דחיתי|הזזתי",
    tools: "move reschedule update change postpone edit set",
  },
  {
    kind: "done",
    claims:
      "^\\W*(?:done|all done|all set|that's done|it's done|gotowe|zrobione|załatwione|zrobiłem|zrobiłam|готово|зроблено|виконано|зробив|зробила|בוצע|נעשה|עשיתי|סיימתי|סודר)(?=\\W|$)",
    tools: "",
  },
];

const boundary = (pattern: string): RegExp => new RegExp(`(?<![\\p{L}])(?:[ושה]?)(?:${pattern})(?![\\p{L}])`, "iu");
/** Claims by kind; tested on single clauses, never on whole texts. */
export const claimPatterns: readonly { readonly kind: ActionKind; readonly pattern: RegExp }[] = rows.map(
  ({ kind, claims }) => ({ kind, pattern: kind === "done" ? new RegExp(claims, "iu") : boundary(claims) }),
);
const toolWords = new Map(rows.map(({ kind, tools }) => [kind, new Set(tools.split(" "))] as const));

/** Whether a tool of this name can do such a thing. */
export const toolDoes = (tool: string, kind: ActionKind): boolean => {
  if (kind === "done") return true;
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

/** Clauses with these claim nothing: offers, questions, negations, futures, conditions, plans and what others did. */
export const noClaim =
  /\?|(?<!\p{L})(?:can|could|can't|cannot|couldn't|won't|would|will|shall|should|may|might|must|going to|want|if|unless|once|when|try|trying|tried|not|n't|didn't|don't|doesn't|haven't|hasn't|wasn't|weren't|isn't|aren't|unable|failed|fails|never|no|without|please|to|let me|ready to|about to|need|nothing|yet|unfortunately|mogę|możesz|można|mógłbym|mogłabym|czy|nie|jeśli|jeżeli|gdy|będę|zostanie|zostaną|spróbuję|próbował[ae]m|chcesz|chętnie|udało|niestety|może|zamierzam|ani|можу|можете|може|чи|не|якщо|коли|буду|буде|хочете|хочеш|спробую|намагався|намагалася|вдалося|на жаль|ні|אני יכול|יכול|יכולה|אפשר|האם|לא|אם|אוכל|רוצה|כדי|אנסה|ניסיתי|אין|טרם|עדיין|נכשל\p{L}*)(?!\p{L})/iu;

/** A clause of an answer may begin anew behind these. */
export const clauseBreak = /[,;:.!]\s|\s[–—-]\s|\n|\s(?:but|ale|lecz|але|проте|אבל|אך)\s/u;
