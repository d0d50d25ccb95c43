import { isSameWord, wordsOf } from "./same-word.ts";

const everything = new Set(
  "all both everything every każde wszystkie wszystko oba obie obydwa obydwie обидва обидві усі всі все усе כולם כולן הכל הכול שניהם שתיהן".split(
    " ",
  ),
);

/** What the first, second, third … and last of a list is called, as beginnings of words. */
const ordinals: readonly RegExp[] = [
  /^(?:first|pierwsz|перш|ה?ראשו[נן])/u,
  /^(?:second|drug|друг|ה?שני(?:י?ה)?$)/u,
  /^(?:third|trzeci|трет|ה?שלישי)/u,
  /^(?:fourth|czwart|четверт|ה?רביעי)/u,
];
const last = /^(?:last|ostatn|останн|ה?אחרו[נן])/u;

/**
 * Which of the options an answer means: by words that only they have ("the ceiling one"), by place ("the second"), or all
 * of them ("both"). Empty when it means none of them, or more than one by the same words.
 */
export const chooseOption = (answer: string, options: readonly string[]): readonly string[] => {
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
  if (said.some((spoken) => everything.has(spoken))) return options;
  const place = ordinals.findIndex((ordinal) => said.some((spoken) => ordinal.test(spoken)));
  if (place >= 0 && place < options.length) return [options[place]!];
  return said.some((spoken) => last.test(spoken)) ? options.slice(-1) : [];
};

const isShared = (name: string, options: readonly (readonly string[])[]): boolean =>
  options.every((words) => words.some((word) => isSameWord(word, name)));
