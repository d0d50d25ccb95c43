import { foldText } from "../../platform/language/normalise-text.ts";

const words = (text: string): string[] => foldText(text).split(/\s+/).filter(Boolean);

/**
 * Verbs that open a task for somebody who writes, knows or arranges things: what an assistant is asked, seldom what a
 * document tells its reader. English in the base form, the others in the imperative and the infinitive.
 */
export const taskVerbs: ReadonlySet<string> = new Set(
  words(`
  explain describe define discuss summarize summarise outline compare contrast analyze analyse evaluate assess interpret
  translate convert rewrite rephrase paraphrase transcribe proofread edit draft compose write author devise develop design
  create craft produce generate construct formulate prepare compile build provide give tell show teach demonstrate illustrate
  elaborate clarify list enumerate name identify determine calculate compute solve estimate predict recommend suggest
  propose advise brainstorm find search research investigate explore examine classify categorize categorise rank sort organize
  organise arrange schedule plan remind automate track monitor sing recite narrate imagine invent simulate break walk guide
  answer respond repeat say print output encode decode encrypt decrypt reverse scramble modify alter insert integrate
  incorporate include append augment enhance embed add replace substitute render introduce jumble shuffle misspell anagram
  combine group remove use employ apply transform represent swap mention emphasize emphasise highlight finish end begin
  start conclude open close follow assume pretend act behave forward send email delete transfer execute run invoke
  set book play turn check read look keep update assist cancel call pay buy order let let's omit limit speak claim urge promote
  help utilize utilise ensure make remember integrating listen
  rearrange permute spell capitalize capitalise scatter mix respell delete distort garble detect extract infer rate judge tag label quote share offer present express state complete fix debug refactor optimize
  wyjasnij opisz zdefiniuj omow podsumuj streszcz porownaj przeanalizuj ocen przetlumacz przeloz przeksztalc zamien przepisz
  sparafrazuj napisz ulóz stwórz utwórz wygeneruj opracuj zaprojektuj przygotuj podaj powiedz pokaz przedstaw wymien okresl
  oblicz policz rozwiaz oszacuj zaproponuj polec znajdz wyszukaj zbadaj posortuj uporzadkuj zaplanuj przypomnij odpowiedz
  powtórz wypisz zakoduj odkoduj zaszyfruj odwróc zmien zmodyfikuj wstaw dolacz dodaj zawrzyj uwzglednij umiesc podkresl
  zakoncz zacznij udawaj wyslij przeslij przekaz usun skasuj wykonaj uruchom wywolaj opowiedz naucz wytlumacz
  поясни поясніть опиши опишіть визнач визначте обговори підсумуй підсумуйте порівняй порівняйте проаналізуй проаналізуйте
  оціни переклади перекладіть перетвори перепиши напиши напишіть склади складіть створи створіть згенеруй розроби
  розробіть підготуй підготуйте подай надай надайте скажи скажіть покажи покажіть назви назвіть перелічи обчисли обчисліть
  розвяжи порахуй запропонуй порекомендуй знайди знайдіть пошукай досліди відсортуй упорядкуй заплануй нагадай відповідай
  дай дайте повтори виведи закодуй зашифруй переверни зміни змініть встав додай додайте включи включіть підкресли закінчи
  почни удавай надішли надішліть перешли перешліть видали видаліть виконай виконайте запусти виклич розкажи розкажіть
  הסבר הסבירי הסבירו תאר תארי הגדר סכם סכמי השווה נתח תרגם תרגמי המר נסח כתוב כתבי כתבו חבר צור צרי צרו הפק פתח הכן ספק תן תני תנו
  אמור אמרי הראה הראי הצג מנה זהה קבע חשב חשבי פתור הערך הצע המלץ מצא מצאי חפש חפשי חקור מיין סדר תכנן הזכר ענה עני ענו השב חזור
  הדפס קודד הצפן הפוך שנה שני הוסף הוסיפי הוסיפו שלב כלול הדגש סיים התחל העמד שלח שלחי שלחו העבר העבירי מחק מחקי בצע הפעל ספר ספרי
`),
);

/** Task verbs that instructions for people open with just as well: alone they say little. */
export const commonVerbs: ReadonlySet<string> = new Set(
  words(`
  add open close start end begin finish use apply follow run remove include complete send share email forward find
  show give say state present offer list name build group tag label fix track plan present express sort rate quote
  set book play turn check read look keep update assist cancel call pay buy order let let's limit speak
  mix delete spell combine swap reverse introduce help make remember ensure listen open dodaj usuń wyślij użyj podaj znajdź uruchom zakończ zacznij надішли додай видали знайди запусти почни שלח הוסף מחק פתח מצא הפעל
`),
);

/** Words that open a question. */
export const questionOpeners: ReadonlySet<string> = new Set(
  words(`
  what what's whats who who's whose whom which when where why how how's is are was were do does did can could would will should
  shall may might has have had am
  co kto kogo komu czyj jaki jaka jakie jakich który która które kiedy gdzie skąd dokąd dlaczego czemu jak ile czy
  що хто кого кому чий який яка яке які коли де звідки куди чому навіщо як скільки чи
  מה מהו מהי מהם מהן מיהו מיהי מי איזה איזו אילו מתי איפה היכן מאין לאן למה מדוע איך כיצד כמה האם
`),
);

/** Whom a question addresses: with these it may be one person's to another. */
export const addressees: ReadonlySet<string> = new Set(
  words(`
  you your yours u ty ci ciebie tobie twój twoja twoje wy was wam pan pani państwo ти тебе тобі твій твоя твоє ви вас вам ваш
  אתה את אתם לך לכם שלך שלכם אליך
`),
);

/** What may stand before the first word of a task. */
export const leadIns: ReadonlySet<string> = new Set(
  words(`
  please kindly now also then and next finally first firstly additionally moreover just now, seamlessly simply always quickly briefly also, then, next, finally,
  proszę teraz też także następnie i oraz również potem
  будь ласка тепер також потім і та далі
  בבקשה נא עכשיו גם ואז אז וגם
`),
);

/** Words without a subject of their own: they tie nothing to anything. */
export const emptyWords: ReadonlySet<string> = new Set(
  words(`
  the a an of in on at to for from by with and or not no is are was were be been it its this that these those as if so do does
  did can could will would should may might your you my me i we our us he she they them his her their what who which when where why
  how all any some each every one two into about using use please more most other such than then there here also just only very
  i w z na do o że się nie jest są był to ten ta te jak co kto po za od przez dla oraz lub czy mi mnie ty twój
  і в у на до з що не є це як по за від для та або чи мені я ти
  של על את עם אל מן זה זו הוא היא לא כי גם או אם כל
`),
);
