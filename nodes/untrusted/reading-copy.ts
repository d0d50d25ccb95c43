/** A text as a model may read it in spite of how it is written, and the way back to the text itself. */
export interface ReadingCopy {
  readonly text: string;
  /** Where the character at `index` of the copy stands in the text; its length for the copy's end. */
  startOf(index: number): number;
}

const ignorable = /\p{Default_Ignorable_Code_Point}/u;
const letters = /[\p{L}\p{M}]+/gu;

const table = (pairs: string): ReadonlyMap<string, string> =>
  new Map([...pairs.matchAll(/(\S)(\S)/gu)].map(([, from = "", to = ""]) => [from, to]));

/** Letters of other scripts that look like Latin ones, each with the one that it looks like; one UTF-16 unit each. */
const toLatin = table(`
  аa еe оo рp сc уy хx іi јj ѕs һh ԁd ԛq ԝw ӏl ɡg ɑa ıi ѵv ԍg кk мm тt вb нh гr пn зz
  АA ВB ЕE КK МM НH ОO РP СC ТT ХX ІI ЈJ ЅS УY ҮY ԌG ԜW ӀI
  αa οo ρp νv ιi κk υu τt γy ηn ωw ςc ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX
  օo սu ցg հh յj ոn զq ѐe ϲc ϳj
`);
const toCyrillic = table("aа eе oо pр cс yу xх iі jј AА BВ EЕ KК MМ HН OО PР CС TТ XХ IІ");

const latin = /\p{Script=Latin}/u;
const cyrillic = /\p{Script=Cyrillic}/u;

/** A word of more than one script, written in the script of most of its letters; others stay as they are. */
const inOneScript = (word: string): string => {
  let latins = 0;
  let cyrillics = 0;
  for (const letter of word) {
    if (latin.test(letter)) latins += 1;
    else if (cyrillic.test(letter)) cyrillics += 1;
  }
  if (latins === word.length || cyrillics === word.length) return word;
  // What cannot be Latin is Cyrillic, and the other way round.
  const asLatin = [...word].map((letter) => (latin.test(letter) ? letter : toLatin.get(letter)));
  const asCyrillic = [...word].map((letter) => (cyrillic.test(letter) ? letter : toCyrillic.get(letter)));
  const [first, second] = latins >= cyrillics ? [asLatin, asCyrillic] : [asCyrillic, asLatin];
  return [first, second].find((copy) => copy.every((letter) => letter !== undefined))?.join("") ?? word;
};

const mixed = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}ıɡɑ]/u;
const mayBeMixed = (text: string): boolean => mixed.test(text) && /[A-Za-z]/.test(text);

/** Words that could be Latin or Cyrillic alike, in a text that is mostly Latin: "сору" is "copy" there. */
const alike = (word: string): string | undefined => {
  let copy = "";
  for (const letter of word) {
    const seen = toLatin.get(letter);
    if (seen === undefined) return undefined;
    copy += seen;
  }
  return copy;
};

const isMostlyLatin = (text: string): boolean => {
  let latins = 0;
  let others = 0;
  for (const { 0: word } of text.matchAll(letters)) {
    if (/^[A-Za-z]/.test(word)) latins += 1;
    else others += 1;
  }
  return latins > others * 4;
};

const unmixed = (text: string): string => {
  if (!mayBeMixed(text)) return text;
  const isLatin = isMostlyLatin(text);
  return text.replace(letters, (word) => {
    if (/^[A-Za-z]+$/.test(word)) return word;
    const single = inOneScript(word);
    return single === word && isLatin && !latin.test(word) ? (alike(word) ?? word) : single;
  });
};

/** Makes the copy: no character that nobody sees, and no letter that only looks like another. Linear in time. */
export const readingCopy = (original: string): ReadingCopy => {
  if (!ignorable.test(original)) return { text: unmixed(original), startOf: (index) => index };
  const starts: number[] = [];
  const kept: string[] = [];
  let at = 0;
  for (const character of original) {
    if (!ignorable.test(character)) {
      for (let unit = 0; unit < character.length; unit += 1) starts.push(at + unit);
      kept.push(character);
    }
    at += character.length;
  }
  starts.push(original.length);
  return { text: unmixed(kept.join("")), startOf: (index) => starts[index] ?? original.length };
};
