import { perWord } from "../../../platform/language/per-word.ts";

/** The alternatives of a pattern's source that stand side by side at its outermost level. */
const alternativesOf = (source: string): string[] => {
  const found: string[] = [];
  let [depth, from] = [0, 0];
  for (let at = 0; at <= source.length; at += 1) {
    const sign = source[at];
    if (sign === "(") depth += 1;
    else if (sign === ")") depth -= 1;
    else if (sign === undefined || (sign === "|" && depth === 0)) {
      found.push(source.slice(from, at));
      from = at + 1;
    }
  }
  return found;
};

/** The letters that each alternative of a pattern's source begins with; a group in brackets at its head is taken apart. */
const headsOf = (source: string): string[] =>
  alternativesOf(source).flatMap((alternative) => {
    const group = /^\(\?:([^()]*)\)/.exec(alternative)?.[1];
    return group === undefined ? [/^\p{L}*/u.exec(alternative)?.[0] ?? ""] : headsOf(group);
  });

/** Letters that a pattern without regard to case takes for others, though none is their small letter. */
const alike = /[\u017f\u1c80-\u1c88]/;

/**
 * Tells by its first letters which of many patterns a word may begin to fit, so that only those are tried on a text: those of
 * whose alternatives one has a beginning that the word has. Hebrew words may have a ו before it.
 */
export const createHeads = <Name>(patterns: readonly (readonly [name: Name, source: string])[]) => {
  const byStart = new Map<string, { head: string; name: Name }[]>();
  const everything: ReadonlySet<Name> = new Set(patterns.map(([name]) => name));
  for (const [name, source] of patterns)
    for (const head of headsOf(source)) {
      if (head.length < 2) throw new Error(`A pattern of '${String(name)}' begins with no letters: ${source}`);
      const start = head.slice(0, 2);
      byStart.set(start, [...(byStart.get(start) ?? []), { head, name }]);
    }
  const ofWord = perWord((written): readonly Name[] => {
    if (alike.test(written)) return [...everything];
    const word = written.toLowerCase();
    const forms = word.startsWith("ו") ? [word, word.slice(1)] : [word];
    return forms.flatMap((form) =>
      (byStart.get(form.slice(0, 2)) ?? []).flatMap(({ head, name }) => (form.startsWith(head) ? [name] : [])),
    );
  });
  /** The patterns that a text may fit. */
  return (text: string): ReadonlySet<Name> => {
    let found: Set<Name> | undefined;
    for (const word of text.match(/\p{L}+/gu) ?? [])
      for (const name of ofWord(word)) {
        found ??= new Set();
        found.add(name);
      }
    return found ?? none;
  };
};
const none: ReadonlySet<never> = new Set();
