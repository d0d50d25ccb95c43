/**
 * Endings of Polish case forms, without diacritics, and what the nominative may end in instead. Rules only propose:
 * whatever is no name in the table is dropped, so they are generous. Longest endings first.
 */
const endings: readonly (readonly [ending: string, ...replacements: readonly string[]])[] = [
  // adjectives: Nowym Sączu, Zielonej Górze, Gorzowie Wielkopolskim, Tarnowskich Górach, Zakopanego
  ["iego", "i", "ie"],
  ["ego", "y", "e"],
  ["emu", "y", "e"],
  ["ich", "ie", "i"],
  ["ych", "e", "y"],
  ["iej", "a", "ia"],
  ["ej", "a"],
  ["im", "i", "ie"],
  ["ym", "y", "e"],
  // nouns, singular
  ["szcie", "szt"],
  ["scie", "st", "sto", "sta"],
  ["dzie", "d", "da", "do"],
  ["cie", "t", "ta", "to"],
  ["rze", "r", "ra", "ro"],
  ["dze", "ga"],
  ["sze", "cha"],
  ["ce", "ka", "ca"],
  ["ie", "", "a", "o", "ia"],
  ["owi", "", "o"],
  ["iem", "", "ie"],
  ["em", "", "o", "e"],
  ["iu", "", "ie", "io"],
  ["u", "", "o", "e"],
  ["ii", "ia"],
  ["ei", "ea", "eja"],
  ["ji", "ja"],
  ["i", "ia", "a", ""],
  ["y", "a", ""],
  ["ia", "", "ie"],
  ["a", "", "o", "e"],
  ["e", "a", ""],
  // plural: Katowicach, Tychach, Helsinek, Katowic, Suwałk
  ["iach", "ie", "ia"],
  ["ach", "e", "y", "i", "a"],
  ["ami", "e", "y", "i"],
  ["om", "e", "y", "i"],
  ["ek", "ki"],
];

/** A vowel that the nominative has and other cases drop: Wiednia → Wieden, Sosnowca → Sosnowiec, Białegostoku stays. */
const withFleetingVowel = (stem: string): readonly string[] =>
  /[^aeiouy][^aeiouy]$/.test(stem)
    ? [`${stem.slice(0, -1)}e${stem.slice(-1)}`, `${stem.slice(0, -1)}ie${stem.slice(-1)}`]
    : [];

/** Nominatives that a folded Polish word may be a case form of, likeliest first; not the word itself. */
export const polishLemmas = (word: string): readonly string[] => {
  const found = new Set<string>();
  for (const [ending, ...replacements] of endings) {
    if (!word.endsWith(ending) || word.length - ending.length < 2) continue;
    const stem = word.slice(0, -ending.length);
    for (const replacement of replacements) found.add(stem + replacement);
    if (replacements.includes("")) for (const lemma of withFleetingVowel(stem)) found.add(lemma);
  }
  if (word.length > 3 && !/[aeiouy]$/.test(word)) for (const vowel of "eyi") found.add(word + vowel); // z Katowic, z Aten, z Suwałk
  // Names that inflect in the middle as well: w Białymstoku, z Krasnegostawu.
  for (const lemma of [word, ...found]) {
    const whole = lemma.replace(/(?:ym|ego)(st)/, "y$1");
    if (whole !== lemma) found.add(whole);
  }
  found.delete(word);
  return [...found];
};
