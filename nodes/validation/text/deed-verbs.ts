/** Imperatives that ask for a deed, not for words, by language. */
const imperatives = {
  en: `turn switch set open close shut lock unlock start stop play pause resume send email text message forward reply book reserve schedule order buy purchase add put remove delete
    cancel remind call phone ring water mow vacuum hoover dim brighten arm disarm pay transfer post move rename assign reassign restart reboot deploy lower raise increase decrease feed charge heat
    cool warm wake print upload share invite file submit activate deactivate enable disable mute unmute skip notify reschedule postpone extend roll launch boil preheat sweep`,
  pl: `włącz wyłącz zapal zgaś ustaw nastaw otwórz zamknij odsłoń zasłoń opuść podnieś uchyl zablokuj odblokuj zarygluj uruchom zatrzymaj wstrzymaj puść odtwórz zagraj wyślij prześlij odpisz
    zarezerwuj umów zamów kup zapłać przelej dodaj dopisz wpisz usuń skasuj odwołaj anuluj przypomnij zadzwoń podlej skoś posprzątaj odkurz ściemnij rozjaśnij przyciemnij uzbrój rozbrój przenieś
    przesuń przełóż przypisz zrestartuj wdróż zwiększ zmniejsz nakarm naładuj wydrukuj zapisz powiadom zaproś wycisz pomiń nagraj utwórz załóż zgłoś zaplanuj obniż podkręć zmień`,
  uk: `увімкни ввімкни вимкни запали погаси постав встанови налаштуй відчини зачини відкрий закрий опусти підніми замкни відімкни заблокуй розблокуй запусти зупини призупини надішли відправ перешли
    забронюй замов купи сплати оплати перекажи додай запиши допиши видали скасуй прибери нагадай подзвони зателефонуй полий скоси пропилососи приглуши перенеси признач перезапусти розгорни
    збільш зменш нагодуй заряди роздрукуй збережи повідом запроси створи заплануй поклич заведи зміни`,
  he: `תדליק הדלק תכבה כבה תפעיל הפעל תכוון כוון תגדיר תפתח פתח תסגור תנעל נעל תשחרר תפסיק תעצור תשהה תנגן תשמיע תשלח שלח תעביר תזמין הזמן תקבע קבע תשריין תקנה תשלם תוסיף הוסף תמחק תבטל תזכיר
    תתקשר תשקה תכסח תשאב תנקה תעמעם תדרוך תנטרל תזיז תדחה תקצה תאתחל תגביר תנמיך תעלה תוריד תרים תאכיל תטעין תדפיס תשמור תודיע תרשום שים תשים תפתחי תיצור תחליף תשנה`,
} as const;

const forms = new Set(
  Object.values(imperatives)
    .join(" ")
    .split(/\s+/)
    .flatMap((form) => (/^[א-ת]/.test(form) ? [form, `${form}י`, `ו${form}`, `ו${form}י`] : [form])),
);
const stems = [...forms].filter((form) => /[^a-zא-ת]/.test(form) || form.length > 4);

/** Whether a lower-case word is an imperative that asks for a deed. */
export const isDeedImperative = (word: string): boolean => forms.has(word);

/** As above, or another form of such a verb in a language with endings ("włączyć", "увімкнути"). */
export const isDeedVerb = (word: string): boolean =>
  forms.has(word) ||
  (/^[^a-zא-ת]|[ąćęłńóśźż]/.test(word) &&
    stems.some((stem) => word.startsWith(stem) && word.length - stem.length <= 4 && /(?:ć|ти)$/.test(word)));
