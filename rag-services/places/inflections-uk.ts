/** Endings of Ukrainian case forms and what the nominative may end in instead; see the Polish table for how they are used. */
const endings: readonly (readonly [ending: string, ...replacements: readonly string[]])[] = [
  // adjectives: Білій Церкві, Хмельницькому, Рівному, Нового Орлеана
  ["ього", "ій", "є"],
  ["ого", "ий", "е"],
  ["ому", "ий", "е"],
  ["ій", "а", "я"],
  ["ої", "а"],
  ["им", "ий", "е"],
  ["их", "і"],
  // і in a closed syllable turns о, е: Львова, Тернополя, Кривого Рогу, Канева
  ["овом", "ів"],
  ["овах", "ови"],
  ["ову", "ів", "ов"],
  ["ова", "ів", "ов", "ове"],
  ["ові", "ів", "ов", "о", ""],
  ["євом", "їв"],
  ["єву", "їв"],
  ["єва", "їв"],
  ["єві", "їв"],
  ["еві", "ів", "ев", ""],
  ["ева", "ів", "ев", "еве"],
  ["олі", "іль", "оль"],
  ["олю", "іль", "оль"],
  ["оля", "іль", "оль"],
  ["олем", "іль", "оль"],
  ["огу", "іг"],
  ["озі", "іг"],
  // consonants that soften
  ["зі", "га", "г"],
  ["ці", "ка", "ця", "ки"],
  ["сі", "ха"],
  // fleeting е: у Відні
  ["дня", "день"],
  ["дні", "день"],
  ["дню", "день"],
  ["жжі", "жжя"],
  ["ях", "і"],
  ["ями", "і"],
  ["ах", "и", "а", "і"],
  ["ами", "и", "а"],
  ["ів", "і", "и"],
  ["ою", "а"],
  ["ею", "я", "а"],
  ["єю", "я"],
  ["ом", "", "о"],
  ["ем", "ь", "е"],
  ["лі", "ль", "ля", "л", "ла"],
  ["і", "а", "о", "", "я", "ь", "е", "и"],
  ["ї", "я"],
  ["у", "", "о", "а", "е"],
  ["ю", "я", "ь", ""],
  ["а", "", "о", "е"],
  ["я", "ь", "й"],
  ["и", "а", ""],
];

/** Nominatives that a folded Ukrainian word may be a case form of, likeliest first; not the word itself. */
export const ukrainianLemmas = (word: string): readonly string[] => {
  const found = new Set<string>();
  for (const [ending, ...replacements] of endings) {
    if (!word.endsWith(ending) || word.length === ending.length) continue;
    for (const replacement of replacements) found.add(word.slice(0, -ending.length) + replacement);
  }
  if (word.length > 3 && /[бвгджзклмнпрстфхцчшщ]$/.test(word)) for (const vowel of "иі") found.add(word + vowel); // з Афін, з Черкас
  found.delete(word);
  return [...found];
};
