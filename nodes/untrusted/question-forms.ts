import { foldText } from "../../platform/language/normalise-text.ts";
import { foldedPattern as pattern } from "./folded-pattern.ts";
import { questionOpeners } from "./instruction-words.ts";

// All of these run on folded words with one space between them, and on one sentence each.
const end = "(?![\\p{L}\\p{N}])";
const any = (...parts: readonly string[]): string => parts.join("|");

/** What may stand before what is said. */
const greeting = pattern(
  `^(?:${any(
    "hey there|hey|hi|hello|okay|ok|so|and|well|um|uh|oh|now|please|pls|sorry|excuse me|thanks|thank you|by the way|btw|just|quick question|question|good (?:morning|afternoon|evening)|then|also",
    "hej|cześć|halo|dzień dobry|dobry wieczór|siema|słuchaj|proszę|przepraszam|dzięki|więc|ej|(?:no to|no|a|i|to)(?= (?:czy|co|jak|jaki|jaka|jakie|gdzie|kiedy|kto|który|która|które|ile|sprawdź|powiedz|hej)(?!\\p{L}))|mam pytanie|pytanie",
    "привіт|агов|алло|добрий день|добрий вечір|доброго ранку|слухай|будь ласка|вибач|вибачте|дякую|а|і|та|ну|то|отже|питання|є питання",
    "היי|הי|שלום|אהלן|בוקר טוב|ערב טוב|תקשיב|תקשיבי|סליחה|בבקשה|תודה|אז|ו|נו|שאלה|יש לי שאלה",
  )})${end} ?`,
);

/** A request in the form of a question or a wish; what is asked for stands behind it. */
const request = pattern(
  `^(?:${any(
    "(?:would|do) you mind(?: if)?|(?:can|could|would|will|won t|can t|couldn t) (?:you|u|we|i have|i get)(?: (?:please|kindly|maybe|possibly|just|quickly|also|then))*|why don t you|(?:how about|what about)(?: you)?(?= \\p{L}+ing)|do me a favou?r and|would it be possible(?: for you)? to|(?:i wanted|i want|i need|i d like|i would like|i d love)(?: you)?(?: to)?|let s|let us|let me(?! know)|(?:(?:i |i am |i m |i was )?wonder(?:ing|ed)? |see |check )?if you (?:can|could|would|will)|be so kind (?:as to|and)",
    "(?:czy )?(?:możesz|mógłbyś|mogłabyś|możecie|zechcesz|zechciałbyś|można|możemy|mógł byś|byłbyś|dasz radę|da się)(?: (?:mi|nam|proszę))*|(?:chcę|chciałbym|chciałabym|potrzebuję)(?: się)?(?: żebyś| abyś)?|poproszę o|proszę o",
    "(?:чи )?(?:можеш|можете|міг би|могла б|могли б|можна|можемо|зможеш|зможете)(?: (?:ти|ви|мені|нам|будь ласка))*|(?:хочу|я хочу|хотів би|хотіла б|я хотів би|я хотіла б|мені треба|прошу)(?: щоб ти)?",
    "(?:האם )?(?:תוכל|תוכלי|תוכלו|אתה יכול|את יכולה|אתם יכולים|אפשר|ניתן)(?: (?:בבקשה|לי|לנו))*|(?:אני )?(?:רוצה|צריך|צריכה)|הייתי רוצה|אשמח",
  )})${end} ?`,
);

const politely = "(?: (?:please|for me|again|proszę|ласка|будь ласка|בבקשה|נא))*";

/** Words by which somebody wants to be told something, whatever follows. */
const wantsToKnow = pattern(
  `^(?:${any(
    "(?:tell|show|explain to) (?:me|us)|check(?! (?:out|off|in)(?![\\p{L}]))|double check|recheck|look(?! after)|see|know|find out|figure out|wonder|let (?:me|us) know(?! when| once| as soon)|(?:i|we) (?:wonder|wondered|am wondering|m wondering|was wondering|am curious|m curious|am not sure|m not sure|don t know|do not know|can t tell)|wondering|curious|not sure|no idea|any idea|any clue|checking|looking|seeing|finding out|(?:telling|showing) (?:me|us)",
    "sprawdź|sprawdzić|sprawdzisz|powiedz (?:mi|nam)|(?:mi |nam )?(?:powiedzieć|powiesz|pokazać|pokażesz|opisać|wyjaśnić)|pokaż (?:mi|nam)|zobacz|zobaczyć|zobaczysz|dowiedzieć(?: się)?|dowiedz się|wiesz|wiedzieć|daj (?:mi |nam )?znać(?! kiedy| jak| gdy)|zastanawiam się|ciekawe|ciekawi mnie|ciekaw jestem|jestem ciekaw\\p{L}*|nie wiem|zerknij|zerknąć|zapytać|pytam|informacj\\p{L}+",
    "перевір|перевірте|перевірити|перевіриш|(?:скажи|скажіть|підкажи|підкажіть|покажи|покажіть) (?:мені|нам|будь ласка)|(?:мені |нам )?(?:сказати|скажеш|підказати|показати|покажеш|пояснити|описати)|подивись|подивися|подивитися|подивитись|глянь|глянути|дізнайся|дізнатися|дізнатись|знаєш|знати|дай (?:мені |нам )?знати(?! коли| як)|цікаво|мені цікаво|не знаю|я не знаю|спитати|запитати",
    "(?:תגיד|תגידי|תגידו|אמור|אמרי|תראה|תראי|תסביר|תסבירי) (?:לי|לנו|בבקשה)|(?:לי |לנו )?(?:להגיד|לומר|להראות|להסביר|לתאר)|תבדוק|תבדקי|בדוק|בדקי|לבדוק|לראות|לדעת|יודע|יודעת|אתה יודע|את יודעת|לברר|תברר|ברר|מעניין(?: אותי)?|אני תוהה|תוהה|אני לא יודע|אני לא יודעת|לא יודע|סקרן|סקרנית|לשאול",
  )})${politely}${end} ?`,
);

/** Others that do so only where a question follows: "confirm whether", "powiedz, czy". */
const mayWantToKnow = pattern(
  `^(?:${any(
    "tell|say|show|explain|describe|confirm|verify|ask(?: you| about)?|remember|recall|list|read(?: me)?|give me",
    "powiedz|pokaż|wyjaśnij|opisz|upewnij się|potwierdź|podaj|przypomnij sobie",
    "скажи|скажіть|підкажи|підкажіть|покажи|покажіть|поясни|опиши|переконайся|підтверди|назви",
    "תגיד|תגידי|תגידו|אמור|אמרי|תראה|תראי|תסביר|הסבר|תאר|ודא|תוודא|תודיע לי|תזכיר לי",
  )})${politely}${end} ?`,
);

/** The same in a polite form: "could you explain the heating". */
const toldPolitely = pattern(`^(?:explain|describe|say|tell|show|remember what)${end} ?`);

const indirect: ReadonlySet<string> = new Set([
  ...questionOpeners,
  ...foldText("if whether about czy чи אם האם מה איך באיזה באיזו").split(" "),
]);

/** Things that one asks about by naming them: "status of the hall lamp", "stan lampy". */
const thing =
  "status|state|condition|temperature|humidity|brightness|level|value|forecast|weather|price|time|date|status|stan|temperatura|wilgotność|jasność|poziom|pogoda|prognoza|godzina|data|cena|статус|стан|температура|вологість|яскравість|рівень|погода|прогноз|час|дата|ціна|מצב|סטטוס|טמפרטורת?|הטמפרטורה|לחות|בהירות|רמת|מזג האוויר|תחזית|השעה|מחיר";
const namesThing = pattern(
  `^(?:the |a |current |actual |present |obecn\\p{L}+ |aktualn\\p{L}+ |поточн\\p{L}+ )*(?:${thing})(?: (?:of|in|for|at|from|inside|outside) .*| (?!is|are|to|as|on|jest|na|на|-)[\\p{L} ]*)?$|^(?:the )?(?:(?!the |my |a |an |to )[\\p{L}]+ ){1,3}(?:status|state|temperature|humidity|brightness|level|forecast|weather|price)$`,
);

/** What a sentence wants, with what stands before it taken off. All strings are folded words, one space between them. */
export interface AskedForm {
  /** It is in the form of a question: it opens with a question word, wants to be told something, or names a thing to be told of. */
  readonly asks: boolean;
  /** The form of a request: nothing says yet what it asks for. */
  readonly requests: boolean;
  /** What stands behind greetings and courtesies. */
  readonly rest: string;
}

const strip = (text: string, pattern: RegExp): string => text.replace(pattern, "");

const stripGreetings = (plain: string): string => {
  let rest = plain;
  for (let count = 0; count < 6; count += 1) {
    const shorter = strip(rest, greeting);
    if (shorter === rest || shorter === "") break;
    rest = shorter;
  }
  return rest;
};

/** Reads the form of one sentence. */
export const readForm = (plain: string, isAction: (word: string) => boolean): AskedForm => {
  let rest = stripGreetings(plain);
  const words = rest.split(" ");
  const opens = (word: string | undefined) => word !== undefined && questionOpeners.has(word);
  // "Hey Athena, is it on": whoever is addressed stands between.
  if (rest !== plain && !opens(words[0]) && !isAction(words[0] ?? "") && opens(words[1]))
    rest = words.slice(1).join(" ");
  let requests = false;
  for (let count = 0; count < 3; count += 1) {
    const shorter = strip(rest, request);
    if (shorter === rest) break;
    requests = true;
    rest = stripGreetings(shorter);
  }
  const opensAs = (pattern: RegExp) => strip(rest, pattern) !== rest;
  const asked = strip(rest, mayWantToKnow);
  const asks =
    opensAs(wantsToKnow) ||
    (asked !== rest && (indirect.has(asked.split(" ")[0] ?? "") || namesThing.test(asked))) ||
    (requests && opensAs(toldPolitely)) ||
    (!requests && opens(rest.split(" ")[0])) ||
    namesThing.test(rest);
  return { asks, requests, rest };
};

/** Whether a word alone opens what somebody wants to be told: "check", "powiedz". */
export const isAskVerb = (word: string): boolean => [wantsToKnow, mayWantToKnow].some((verb) => verb.test(word));
