import { foldText } from "../../../platform/language/normalise-text.ts";

// Words that frame a request in the four languages, folded; what is left of a request without them is its subject.
const frame = new Set(
  `a an the is are was were be been do does did has have had can could will would should may might must i me my mine we us our you your
  it its he she they them this that these those there here what whats which who whos whom when where why how much many any some of in on
  at to for from with by about into and or not please tell show give get find let lets know want need like there's im ive right now latest
  say says said up go going happen happened happening out new just so also then today tomorrow yesterday tonight week weekend month year
  next last this morning evening afternoon currently current
  co czy jak jaka jaki jakie jakiego jest sa byl byla bylo byly bedzie beda ile kiedy gdzie kto ktory ktora ktore ktorej z w we na o od do
  po za przez przy dla u i oraz a ale sie mi mnie mam moj moja moje ja ty ci cie to tego tym te ten ta prosze podaj pokaz powiedz daj
  znajdz teraz dzis dzisiaj jutro wczoraj nowego najnowsze ostatnie slychac dzieje stalo tydzien tygodniu weekend miesiacu przyszlym
  що чи як яка який які якого є був була було були буде будуть скільки коли де хто з із зі у в на про від до по за для та і й а але
  мені мене мій моя моє я ти тобі це цього цьому той та те будь ласка скажи покажи дай знаиди зараз сьогодні завтра вчора учора
  нового останні відбувається сталося тижня тиждень місяця вихідних наступного якии яких
  מה מי מתי איפה איך כמה האם יש של על את עם אל מן לא אני אתה זה זו היום מחר אתמול עכשיו בבקשה תגיד תראה לי תן איזה אילו איזו
  קורה קרה חדש הבא הבאה השבוע החודש הערב הלילה`
    .split(/\s+/)
    .map(foldText),
);

const longestText = 400;

/**
 * What a request is about: the words between the first and the last one that neither frame a request nor match `carriers`
 * (the words of the subject itself, "news", "score", folded). As written; undefined when nothing is left.
 */
export const restOfPhrase = (text: string, carriers: RegExp): string | undefined => {
  const clipped = text.slice(0, longestText);
  const words = [...clipped.matchAll(/[\p{L}\p{N}][\p{L}\p{N}\p{M}'’ʼ״׳".&+-]*/gu)];
  const isSubject = (word: string): boolean => {
    const folded = foldText(word).replace(/['’ʼ׳״".]/gu, "");
    return folded !== "" && !frame.has(folded) && !carriers.test(folded);
  };
  const first = words.findIndex((match) => isSubject(match[0]));
  const last = words.findLastIndex((match) => isSubject(match[0]));
  if (first < 0) return undefined;
  const start = words[first]!.index;
  const end = words[last]!.index + words[last]![0].length;
  return (
    clipped
      .slice(start, end)
      .replace(/['’]s$|[.'’"-]+$/u, "")
      .trim() || undefined
  );
};

/** A pattern for `restOfPhrase`: words that begin like one of the stems. */
export const stems = (list: string): RegExp =>
  new RegExp(`^(?:${list.trim().split(/\s+/).map(foldText).join("|")})`, "u");
