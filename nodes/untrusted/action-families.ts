import { foldText } from "../../platform/language/normalise-text.ts";

/** Kinds of action that change something. What a user asks for and what a tool does are compared by them. */
export type ActionFamily = "send" | "create" | "change" | "switch" | "delete" | "pay";

const list = (text: string): string[] => foldText(text).split(/\s+/).filter(Boolean);

/** English verbs in the base form. */
const english: Readonly<Record<ActionFamily, ReadonlySet<string>>> = {
  send: new Set(
    list(
      "send email mail message text reply respond forward notify post publish tweet share submit upload call phone dial announce broadcast invite export dm ping alert tell",
    ),
  ),
  create: new Set(
    list(
      "create add make new insert append register write save store remember note record log book reserve schedule plan set remind put open start generate draft upload import file",
    ),
  ),
  change: new Set(
    list(
      "set change update edit modify rename move assign adjust increase decrease raise lower dim brighten warm cool configure replace patch put mark complete approve reject accept merge reset restore rotate reschedule",
    ),
  ),
  switch: new Set(
    list(
      "turn switch toggle open close lock unlock start stop pause resume play skip mute unmute activate deactivate enable disable run restart reboot deploy execute launch trigger press arm disarm shut power heat cool vacuum clean dock return boil kill scale rollback roll",
    ),
  ),
  delete: new Set(
    list("delete remove cancel clear erase drop discard unsubscribe archive destroy purge wipe revoke uninstall trash"),
  ),
  pay: new Set(
    list(
      "buy order pay transfer purchase checkout refund donate subscribe tip wire withdraw deposit invest sell trade rent",
    ),
  ),
};

/** English verbs that are nouns or adjectives just as well: they count only where a verb stands. */
export const nounLike: ReadonlySet<string> = new Set(
  list(
    "email mail message text post tweet share call phone ping alert export make note record log book schedule plan set file draft import update change move patch mark approve merge reset open close lock start stop play run power heat cool clean dock return boil scale roll trash order pay transfer purchase tip wire deposit trade rent press order refund warm lower reply remind project register notice light shut",
  ),
);

/** Beginnings of Polish, Ukrainian and Hebrew verbs, folded: they inflect. */
const stems: Readonly<Record<ActionFamily, readonly string[]>> = {
  send: list(
    "wyśl wysył prześl przesył napisz napisać odpisz odpowiedz powiadom opublik udostępn zadzwoń zaproś zgłoś надішл надісл відправ перешл пересл напиши напис повідом опубл поділ зателефон подзвон запрос שלח לשלוח תשלח העבר להעביר תעביר פרסם לפרסם השב להשיב תגיב הודע להודיע תודיע התקשר להתקשר תתקשר הזמן",
  ),
  create: list(
    "utwórz utworz stwórz stworz dodaj dodać załóż założ zapisz zapisać zanotuj zarezerw rezerwuj umów umówi zaplanuj przypomnij zapamiętaj nastaw ustaw створ додай додат запиши записат заброн забронюй замов заплан нагадай запамят постав צור ליצור תיצור הוסף להוסיף תוסיף רשום לרשום תרשום קבע לקבוע תקבע תזכיר הזכר שמור לשמור תשמור הזמן להזמין תזמין כוון",
  ),
  change: list(
    "zmień zmien ustaw popraw zaktualiz edytuj przenieś przesuń przypisz zwiększ zmniejsz podnieś obniż przyciemn rozjaśn зміни змінит онови оновит перенес перемі признач збільш зменш підвищ знизь встанов постав שנה לשנות תשנה עדכן לעדכן תעדכן הזז להזיז העלה להעלות תעלה הורד להוריד תוריד הגבר הנמך כוון קבע עמעם",
  ),
  switch: list(
    "włącz wyłącz zapal zgaś przełącz otwórz otwor zamknij zamkn zablokuj odblokuj uruchom zatrzymaj wstrzymaj wznów odtwórz puść wycisz aktywuj zrestart wdróż odsłoń zasłoń увімкн ввімкн вмикн вимкн вимик перемкн відчин відкри закри зачин заблок розблок запуст зупин віднов відтвор грай перезапуст активуй הדלק להדליק תדליק כבה לכבות תכבה הפעל להפעיל תפעיל עצור לעצור תעצור פתח לפתוח תפתח סגור לסגור תסגור נעל לנעול תנעל נגן לנגן תנגן השתק",
  ),
  delete: list(
    "usuń usun skasuj anuluj odwołaj wyczyść wyrzuć wykreśl wypisz видал скасу очист викин викресл прибер מחק למחוק תמחק בטל לבטל תבטל הסר להסיר תסיר נקה",
  ),
  pay: list(
    "kup zamów zapłać opłać przelej wpłać сплат заплат купи замов перека оплат קנה לקנות תקנה שלם לשלם תשלם העבר הזמן",
  ),
};

const families = Object.keys(english) as ActionFamily[];
const latin = /^[a-z]+$/;
// Forms that tell of a state or of the past ask for nothing: "włączone", "увімкнено".
const stateForm =
  /(?:on[eayio]|en[iay]|eni|l[aeiouy]?|lem|lam|les|las|lismy|ty|te|ta|ено|ене|ении|ена|ені|ано|ане|ана|ані|то|те|та|ті|в|ла|ли|ло)$/u;

/** The families that one folded word belongs to; none for a word that names no action. */
export const familiesOf = (word: string): ActionFamily[] =>
  families.filter(
    (family) =>
      (latin.test(word) && english[family].has(word)) ||
      (word.length > 2 &&
        stems[family].some((stem) => stem.length > 2 && word.startsWith(stem) && !isState(word, stem))),
  );

const isState = (word: string, stem: string): boolean =>
  word.length > stem.length + 1 && stateForm.test(word.slice(stem.length));
