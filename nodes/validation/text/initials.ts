const joining = /^(?:of|the|and|for|in|de|la|du|i|w|we|z|ze|do|na|dla|im|та|і|й|у|в|з|для|на)$/u;
const mostWords = 12;

/** The initials of a name's words in lower case, with and without the small ones: "Narodowe Forum Muzyki" gives `nfm`. */
export const initialsOf = (words: readonly string[]): readonly string[] => {
  const first = (list: readonly string[]) =>
    list
      .map((word) => word[0] ?? "")
      .join("")
      .toLowerCase();
  const all = words.slice(0, mostWords);
  return [first(all), first(all.filter((word) => !joining.test(word.toLowerCase())))];
};

/** Names of several words in a text: runs of capitalised ones with small ones between them, and the whole of a short text. */
export const namesOfWords = (text: string): readonly (readonly string[])[] => {
  const names: string[][] = [];
  let run: string[] = [];
  let end = 0;
  const close = () => {
    if (run.length > 1) names.push(run);
    run = [];
  };
  const words: string[] = [];
  for (const { 0: word, index } of text.slice(0, 20_000).matchAll(/\p{L}[\p{L}\p{M}'’]*/gu)) {
    const isClose = /^[\s"„“«(-]{1,3}$/u.test(text.slice(end, index));
    if (!isClose) close();
    end = index + word.length;
    words.push(word);
    if (/^\p{Lu}/u.test(word) || (run.length > 0 && joining.test(word))) run.push(word);
    else close();
  }
  close();
  return text.length <= 80 && words.length > 1 ? [...names, words] : names;
};
