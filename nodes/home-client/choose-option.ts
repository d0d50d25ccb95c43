import type { HomeSigns } from "../home/read-signs.ts";
import type { HomeWords } from "./home-words.ts";
import { isSameWord, wordsOf } from "./same-word.ts";

const wordSet = (words: string): ReadonlySet<string> => new Set(words.split(" "));

const everything = wordSet(
  "all both everything every każde wszystkie wszystko oba obie obydwa obydwie обидва обидві усі всі все усе כולם כולן הכל הכול שניהם שתיהן",
);

/** Words that an answer is wrapped in, in any of the languages; whatever else is in it may turn it round. */
const wrapping = wordSet(
  [
    "yes yeah yep sure i mean meant guess think believe would say want take choose pick prefer like one ones number option them lamp light room side",
    "tak jasne pewnie chcę wolę wybieram myślę chodzi o mi poproszę numer opcja ten ta to tę tą jedno jeden jedna",
    "так авжеж звісно хочу обираю вибираю думаю мабуть номер варіант той та те ту їх один одна мене",
    "כן בטח אני רוצה בוחר בוחרת מעדיף מעדיפה חושב חושבת התכוונתי אפשרות מספר זה זו הזה הזאת אחד אחת של את",
  ].join(" "),
);

/** What the first, second, third … and last of a list is called, as beginnings of words. */
const ordinals: readonly RegExp[] = [
  /^(?:first|pierwsz|перш|ה?ראשו[נן])/u,
  /^(?:second|drug|друг|ה?שני(?:י?ה)?$)/u,
  /^(?:third|trzeci|трет|ה?שלישי)/u,
  /^(?:fourth|czwart|четверт|ה?רביעי)/u,
  /^(?:fifth|piąt|п[’'ʼ]?ят|ה?חמישי)/u,
];
const last = /^(?:last|ostatn|останн|ה?אחרו[נן])/u;

/**
 * Which of the options an answer means: by words that only they have ("the ceiling one"), by place ("the second"), or all
 * of them ("both"). Empty when it means none of them, or more than one by the same words.
 */
export const chooseOption = (
  answer: string,
  options: readonly string[],
  isSmall: HomeWords["isSmall"] = () => false,
): readonly string[] => {
  const said = wordsOf(answer);
  if (said.length === 0 || said.length > 12) return [];
  const optionWords = options.map(wordsOf);
  const scores = optionWords.map(
    (words) =>
      words.filter((name) => said.some((spoken) => isSameWord(spoken, name)) && !isShared(name, optionWords)).length,
  );
  const best = Math.max(...scores);
  if (best > 0) {
    const chosen = options.filter((_, index) => scores[index] === best);
    return chosen.length === 1 ? chosen : [];
  }
  const whole = options.filter((_, index) => optionWords[index]!.join(" ") === said.join(" "));
  if (whole.length === 1) return whole;
  const isAside = (word: string) =>
    everything.has(word) || wrapping.has(word) || isSmall(word) || isShared(word, optionWords);
  if (said.some((spoken) => everything.has(spoken))) return said.every(isAside) ? options : [];
  const place = ordinals.findIndex((ordinal) => said.some((spoken) => ordinal.test(spoken)));
  if (place >= 0 && place < options.length) return [options[place]!];
  return said.some((spoken) => last.test(spoken)) ? options.slice(-1) : [];
};

const isShared = (name: string, options: readonly (readonly string[])[]): boolean =>
  options.every((words) => words.some((word) => isSameWord(word, name)));

/**
 * Whether an answer is a plain one: no question, nothing forbidden or excepted, no other order than the one before (`about`),
 * and no words that neither name an option nor wrap its name, because they may say anything ("forget the ceiling lamp").
 */
export const isPlainAnswer = (signs: HomeSigns, about: HomeSigns, options: readonly string[]): boolean => {
  if (signs.asked || signs.negated || signs.conditional) return false;
  if ([...signs.actions].some((action) => !about.actions.has(action))) return false;
  const names = options.flatMap(wordsOf);
  return signs.unknown
    .flatMap(wordsOf)
    .every(
      (word) =>
        names.some((name) => isSameWord(word, name)) ||
        everything.has(word) ||
        wrapping.has(word) ||
        [...ordinals, last].some((ordinal) => ordinal.test(word)),
    );
};
