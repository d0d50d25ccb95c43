/** Languages that Athena understands without a model. */
export type KnownLocale = "en" | "pl" | "uk" | "he";

const words = (list: string): ReadonlySet<string> => new Set(list.split(/\s+/));

// Words of the grammar rather than of a subject, and the openings of usual questions.
const english = words(
  `the is are was were what whats how when where who which why do does did can could will would should my your me you it its
   of and with from for about there this that be been have has an any please tell show give hello hi hey thanks thank
   much many weather news today tomorrow write say explain not im let lets count convert reply`,
);
const polish = words(
  `jest sa byl byla czy jak jaka jaki jakie jakiego ile kiedy gdzie kto co ktory ktora dlaczego sie nie tak ze dla od
   przy oraz albo moj moja mnie mi prosze powiedz pokaz daj podaj czesc hej witaj dzieki bedzie dzis dzisiaj jutro pogoda
   wiadomosci teraz godzina napisz policz tego tym wlacz wylacz przez ktorej zrob zbadaj przygotuj raport wczoraj tydzien moim`,
);
const other = words(
  `der die das und ist wie wird ich nicht ein eine wetter le la les des est une que quel comment pour el los las es una como
   cual para por il lo che di sono qual het een wat niet van och att det som jag sarà mañana morgen demain je jsem jaké bude`,
);
const weak = words("a in on to no i w z o u do am at or by if na po za");

/**
 * Which of the four languages a text is written in, by script, function words and letters; undefined when nothing tells
 * (a bare name, another language). Looks at the first 1,000 characters only.
 */
export const detectLocale = (text: string): KnownLocale | undefined => {
  const start = text.slice(0, 1_000).toLowerCase();
  const hebrew = count(start, /[\u05d0-\u05ea]/g);
  const cyrillic = count(start, /[\u0400-\u04ff]/g);
  const latin = count(start, /[a-z\u00c0-\u024f]/g);
  if (hebrew > 0 && hebrew * 2 >= latin && hebrew >= cyrillic) return "he";
  if (cyrillic > 0 && cyrillic * 2 >= latin) return isUkrainian(start) ? "uk" : undefined;
  return latin > 0 ? latinLocale(start) : undefined;
};

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

// Russian, Bulgarian and Serbian share the script; their own letters say so.
const isUkrainian = (text: string): boolean => count(text, /[іїєґ]/g) > 0 || count(text, /[ыэъёџљњђћј]/g) === 0;

const latinLocale = (text: string): KnownLocale | undefined => {
  let en = 0;
  let pl = count(text, /[ąęłśźż]/g) > 0 ? 0.75 : 0;
  let foreign = count(text, /[äöüßñçàèùâêîôûõãåøæčšřžěůőű¿¡]/g) > 0 ? 0.75 : 0;
  for (const word of text.match(/[a-z\u00c0-\u024f']+/g) ?? []) {
    const bare = word
      .normalize("NFD")
      .replace(/[\u0300-\u036f']/g, "")
      .replaceAll("ł", "l");
    if (english.has(bare)) en += 1;
    if (polish.has(bare)) pl += 1;
    if (other.has(word)) foreign += 1;
    if (weak.has(bare)) {
      if (/^(a|in|on|to|at|or|by|if|am)$/.test(bare)) en += 0.25;
      if (/^(i|w|z|o|u|do|na|a|to|po|za)$/.test(bare)) pl += 0.25;
    }
  }
  if (foreign > Math.max(en, pl)) return undefined;
  if (en === pl) return undefined;
  return Math.max(en, pl) < 0.5 ? undefined : en > pl ? "en" : "pl";
};
