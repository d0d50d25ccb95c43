import { expandPhrase } from "./expand-phrase.ts";
import type { Home, HomeContext, HomeReading } from "./home.ts";
import type { HomeLexicon } from "./home-lexicon.ts";
import { english } from "./lexicons/english.ts";
import { hebrew } from "./lexicons/hebrew.ts";
import { polish } from "./lexicons/polish.ts";
import { ukrainian } from "./lexicons/ukrainian.ts";
import { buildNameIndex, type NameIndex } from "./name-index.ts";
import { buildPhraseIndex } from "./phrase-index.ts";
import { hasNoun, isQuestion, readSentence, type Sentence } from "./read-sentence.ts";
import { type HomeSigns, opensWithCondition, readSigns } from "./read-signs.ts";
import { broadcastRule } from "./rules/broadcast-rule.ts";
import { climateRule } from "./rules/climate-rule.ts";
import { levelRule } from "./rules/level-rule.ts";
import { listRule } from "./rules/list-rule.ts";
import { mediaRule } from "./rules/media-rule.ts";
import { type HomeRule, unclear } from "./rules/rule.ts";
import { readSaying } from "./rules/saying-rule.ts";
import { stateRule } from "./rules/state-rule.ts";
import { switchRule } from "./rules/switch-rule.ts";
import { timerRule } from "./rules/timer-rule.ts";
import { longestSentence } from "./tokenise-home-text.ts";

export interface HomeParseOptions {
  /** The same value for the same home: its names are indexed once. */
  readonly home?: Home;
  readonly context?: HomeContext;
  /** `en`, `pl`, `uk`, `he`; a region is left aside. Others are read as English. */
  readonly language: string;
}

export interface HomeParser {
  /** What a sentence about a home says. Never throws; under a millisecond for homes of some hundred things. */
  parse(text: string, options: HomeParseOptions): HomeReading;
  /** Which of the default intents a sentence is, with or without knowing the home; nothing for other subjects. */
  recognise(text: string, options: HomeParseOptions): "home_control" | "home_state" | undefined;
  /** How a text is meant, also one that is about something else: asked, forbidden, on a condition. */
  signs(text: string, options: HomeParseOptions): HomeSigns;
}

/** Asked in this order; the first that understands the sentence decides. */
const rules: readonly HomeRule[] = [
  broadcastRule,
  timerRule,
  listRule,
  climateRule,
  mediaRule,
  levelRule,
  switchRule,
  stateRule,
];

/** Intents that other parts of the engine answer better than a home does. */
const notOfTheHome: ReadonlySet<string> = new Set([
  "HassRespond",
  "HassNevermind",
  "HassGetCurrentTime",
  "HassGetCurrentDate",
  "HassGetWeather",
]);

const speaksOfTheHome = (sentence: Sentence): boolean =>
  sentence.spans.some((span) => span.names.some(({ named }) => named.kind === "entity")) ||
  hasNoun(
    sentence,
    "light",
    "switch",
    "fan",
    "cover",
    "blind",
    "curtain",
    "shutter",
    "shade",
    "awning",
    "garage",
    "lock",
    "climate",
    "valve",
    "vacuum",
    "scene",
  );

const compileLanguage = (lexicon: HomeLexicon) => ({
  lexicon,
  index: buildPhraseIndex(lexicon),
  small: new Set(
    [...lexicon.fillers, ...lexicon.requests].flatMap(expandPhrase).flatMap((phrase) => phrase.split(" ")),
  ),
  homes: new WeakMap<Home, NameIndex>(),
});
type HomeLanguage = ReturnType<typeof compileLanguage>;

/** Understands sentences about a home by words and rules, without a model, in the languages of its lexicons. */
export const createHomeParser = (
  lexicons: readonly HomeLexicon[] = [english, polish, ukrainian, hebrew],
): HomeParser => {
  const written = new Map(lexicons.map((lexicon) => [lexicon.language, lexicon]));
  const compiled = new Map<string, HomeLanguage>();
  // Made when a language is first spoken: all of them would take a tenth of the engine's start, and a home speaks one or two.
  const languageOf = (language: string): HomeLanguage => {
    const lexicon = written.get(language.slice(0, 2).toLowerCase()) ?? written.get("en") ?? lexicons[0]!;
    let found = compiled.get(lexicon.language);
    if (!found) {
      found = compileLanguage(lexicon);
      compiled.set(lexicon.language, found);
    }
    return found;
  };

  const namesOf = (home: Home | undefined, { lexicon, homes }: HomeLanguage): NameIndex | undefined => {
    if (!home) return undefined;
    let names = homes.get(home);
    if (!names) {
      names = buildNameIndex(home, lexicon.nameEndings);
      homes.set(home, names);
    }
    return names;
  };
  const sentenceOf = (text: string, { language, home, context = {} }: HomeParseOptions): Sentence => {
    const known = languageOf(language);
    const names = namesOf(home, known);
    return readSentence(text, {
      lexicon: known.lexicon,
      index: known.index,
      ...(home ? { home } : {}),
      ...(names ? { names } : {}),
      context,
    });
  };

  const parse = (text: string, options: HomeParseOptions, depth = 0): HomeReading => {
    const { index, small } = languageOf(options.language);
    const plain = /^[\x20-\x7e]*$/u.test(text);
    const saying =
      text.length < longestSentence ? readSaying(text, plain ? index.plain : index.written, small, plain) : undefined;
    if (saying) return saying;
    const sentence = sentenceOf(text, options);
    for (const rule of rules) {
      const reading = rule(sentence, (part) => (depth > 0 ? undefined : parse(part, options, depth + 1)));
      if (!reading) continue;
      // "If the door is open" asks nothing: what it is the condition of stands elsewhere.
      return reading.kind === "command" && opensWithCondition(sentence) ? unclear("conditional") : reading;
    }
    if (!speaksOfTheHome(sentence)) return undefined;
    return unclear(isQuestion(sentence) ? "question" : sentence.negated ? "negated" : "target");
  };

  return {
    parse: (text, options) => parse(text, options),
    signs: (text, options) => readSigns(sentenceOf(text, options)),
    recognise(text, options) {
      const reading = parse(text, options);
      if (!reading) return undefined;
      if (reading.kind === "unclear") return reading.reason === "question" ? "home_state" : "home_control";
      if (notOfTheHome.has(reading.intent) || reading.confidence < 0.8) return undefined;
      return reading.effect === "write" ? "home_control" : "home_state";
    },
  };
};
