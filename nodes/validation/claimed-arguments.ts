import type { Action } from "./action.ts";
import { onlyReads } from "./action-nature.ts";
import { doersOf, speaksOf } from "./doers.ts";
import type { Ground } from "./ground.ts";
import { type KnownNames, knownNamesOf } from "./known-names.ts";
import { stemsOfArgs, textOfAction } from "./requests.ts";
import { type ActionKind, tellsDone } from "./text/action-words.ts";
import { monthNamed, weekdayAt } from "./text/calendar-words.ts";
import { contentStem } from "./text/content-words.ts";
import { denies, offersOnly } from "./text/denial-words.ts";
import { homeWord } from "./text/home-words.ts";
import { numberWord } from "./text/number-words.ts";
import { isPlainNoun } from "./text/plain-nouns.ts";
import { plainText, type Token, tokensOf } from "./text/tokens.ts";
import { unitNamed } from "./text/units.ts";
import { isSameStem, stemsOf } from "./text/word-stems.ts";

const conjunctions = new Set("and plus i oraz та і й".split(" "));
const articles = new Set("the a an your my some our".split(" "));
/** Behind these stands what a call is about. */
const about = new Set("about for with of regarding do na o dla u про для до з із зі на על את עבור".split(" "));
/** Kinds whose object is what was given to the call. */
const objectKinds: readonly ActionKind[] = ["add", "order", "play", "book"];
const objectVerbs =
  /(?<!\p{L})ו?(?:added|put|ordered|bought|play\p{L}*|noted|doda\p{L}*|dopisa\p{L}*|wpisa\p{L}*|zamówi\p{L}*|kupi\p{L}*|puści\p{L}*|gra|grają|дода\p{L}*|записа\p{L}*|замови\p{L}*|купи\p{L}*|грає|грають|лунає|הוספתי|נוספ\p{L}*|הזמנתי|קניתי|רשמתי|השמעתי|מתנגנ\p{L}*|מתנגן|מנגן|מנגנת)(?!\p{L})/iu;
const recipients = /^(?:to|recipients?|contact|email|phone|channel|number|person|target)$/i;
const partBreak = /[,;:!\n]\s?|\.\s|\s[–—-]\s|\s(?:but|ale|lecz|але|אבל|אך)\s/u;

/** A word of content that neither the conversation nor calls nor evidence have, nor the grammar, the clock or the verbs of doing. */
const isStrange = (token: Token | undefined, known: KnownNames): boolean => {
  if (token?.kind !== "word" || token.lower.length < 3 || contentStem(token.lower) === undefined) return false;
  const { lower } = token;
  if (
    isPlainNoun(lower) ||
    tellsDone(lower) ||
    objectVerbs.test(lower) ||
    numberWord(lower) ||
    unitNamed(lower) ||
    monthNamed(lower)
  )
    return false;
  if (weekdayAt([token], 0) || homeWord(lower) !== undefined) return false;
  // Verbs and adverbs by their endings: what is told of the things, not another thing.
  if (/(?:ed|ing|ly|łem|łam|ono|ano|ony|ane|ana|ено|ано|ив|ав|ться|תי)$/.test(lower)) return false;
  if (lower.length > 6 && /(?:ło|ły|ла|ло|ли)$/.test(lower)) return false;
  return !known.has(lower);
};

const isOf = (token: Token | undefined, stems: ReadonlySet<string>): boolean => {
  const stem = token?.kind === "word" ? contentStem(token.lower) : undefined;
  return stem !== undefined && [...stems].some((other) => isSameStem(stem, other));
};

/**
 * Why a sentence tells of something else than the calls were given: another item in a list ("milk and butter" for milk and
 * bread), another timer, reminder, recipient or song in its place. Undefined when it does not.
 */
export const strangeArgument = (sentence: string, ground: Ground): string | undefined => {
  const succeeded = ground.actions.filter((action) => action.outcome === "ok" && !onlyReads(action));
  if (succeeded.length === 0 || /\?["”»')\s]*$/.test(sentence)) return undefined;
  const text = plainText(sentence).slice(0, 4_000);
  const known = knownNamesOf(ground);
  const stranger = strangeItem(tokensOf(text), succeeded, known) ?? strangeObject(text, succeeded, ground, known);
  return stranger === undefined ? undefined : `"${stranger}" is not what the call was given.`;
};

/** A list of what was given that has something else in it. */
const strangeItem = (tokens: readonly Token[], succeeded: readonly Action[], known: KnownNames): string | undefined => {
  const given = new Set(succeeded.flatMap((action) => [...stemsOf(textOfAction(action)).keys()]));
  for (const [at, token] of tokens.entries()) {
    const isHebrew = /^ו[א-ת]{2}/.test(token.lower);
    if (!isHebrew && !conjunctions.has(token.lower)) continue;
    const [before, after] = [tokens[at - 1], isHebrew ? token : skipArticles(tokens, at + 1)];
    if (isOf(before, given) && isStrange(after, known) && !(isHebrew && /תי$|^ו(?:מת|נ|ית)/.test(token.lower)))
      return after?.text;
    if (isOf(after, given) && isStrange(before, known) && tokens[at - 2]?.text === ",") return before?.text;
  }
  return undefined;
};
const skipArticles = (tokens: readonly Token[], at: number): Token | undefined =>
  articles.has(tokens[at]?.lower ?? "") ? tokens[at + 1] : tokens[at];

/** What stands where a call's own words would, when none of those is there. */
const strangeObject = (
  text: string,
  succeeded: readonly Action[],
  ground: Ground,
  known: KnownNames,
): string | undefined => {
  for (const part of text.split(partBreak)) {
    if (denies(part) || offersOnly(part)) continue;
    const tokens = tokensOf(part);
    const takesObject = objectVerbs.test(part);
    const owners = takesObject
      ? objectKinds.flatMap((kind) => doersOf([kind], part, ground)).filter((each) => succeeded.includes(each))
      : [];
    const told = succeeded.filter((action) => speaksOf(part, action, ground));
    for (const [at, token] of tokens.entries()) {
      if (!isStrange(token, known)) continue;
      const inPlace = isInPlace(tokens, at);
      const rivals = [...(takesObject ? owners : []), ...(inPlace ? told : [])];
      if (
        rivals.length > 0 &&
        rivals.every((action) => !tokens.some((each) => isOf(each, valuesOf(action, inPlace, token))))
      )
        return token.text;
    }
  }
  return undefined;
};

/** The words of which one would stand there: the recipient's behind "to", else all that was given and is no room or device. */
const valuesOf = (action: Action, inPlace: boolean, token: Token): ReadonlySet<string> => {
  const toWhom = Object.fromEntries(Object.entries(action.args).filter(([key]) => recipients.test(key)));
  if (inPlace && /^ל/.test(token.lower) && Object.keys(toWhom).length > 0)
    return stemsOfArgs({ ...action, args: toWhom });
  const given = stemsOf(textOfAction({ ...action, result: undefined }));
  const own = [...given].filter(([, word]) => homeWord(word) === undefined).map(([stem]) => stem);
  return new Set(own.length > 0 ? own : given.keys());
};

const isInPlace = (tokens: readonly Token[], at: number): boolean => {
  const token = tokens[at] as Token;
  const before = tokens[articles.has(tokens[at - 1]?.lower ?? "") ? at - 2 : at - 1];
  if (before !== undefined && about.has(before.lower)) return true;
  if (/^ל[א-ת]{3}/.test(token.lower)) return true;
  // "a rice timer"
  return (
    /^[a-z]/.test(token.lower) &&
    /^(?:timer|reminder|alarm|appointment|reservation|booking|playlist)$/.test(tokens[at + 1]?.lower ?? "")
  );
};
