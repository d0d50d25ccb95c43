import { perWord } from "../../../platform/language/per-word.ts";
import type { KnownNames } from "../known-names.ts";
import { contentStem } from "../text/content-words.ts";
import { numberWord } from "../text/number-words.ts";
import type { Token } from "../text/tokens.ts";
import { unitNamed } from "../text/units.ts";

/** Hebrew words that a name follows; elsewhere capitals tell names. */
const hebrewHeads =
  /^[ובלמהש]?(?:נחל|מסעדת|רחוב|שדרות|כיכר|קיבוץ|מושב|מלון|אגם|הר|פארק|חוף|תחנת|כפר|שכונת|עמק|מעיין|תיאטרון|מוזיאון|אצטדיון|קניון|חברת|בנק|גלריית|ערוץ|עיתון|להקת|ספריית|סינמה|אולם)$/;
/** Measures of which a substance is taken. */
const measures =
  /^(?:spoons?|spoonfuls?|teaspoons?|tablespoons?|tbsp|tsp|cups?|pinch|cloves?|łyżk\p{L}{1,3}|łyżecz\p{L}{1,4}|szklan\p{L}{1,4}|szczypt\p{L}{1,3}|ложк\p{L}{1,3}|ложок|ложечк\p{L}{1,3}|склян\p{L}{1,4}|щіпк\p{L}{1,3}|כף|כפות|כפית|כפיות|כוס|כוסות|קורט)$/u;
const isMeasure = perWord((word) => measures.test(word));
const joins = /^(?:of|the|a|an|heaped|level|full|płask\p{L}*|czubat\p{L}*|повн\p{L}*|з|של)$/u;

const isHebrew = (word: string): boolean => word >= "א" && word < "ת\uffff";
const isContent = (token: Token | undefined): token is Token =>
  token !== undefined &&
  token.kind === "word" &&
  contentStem(token.lower) !== undefined &&
  !numberWord(token.lower) &&
  !unitNamed(token.lower);

/** Words that end in a sentence what a measure is of. */
const thingBehind = (tokens: readonly Token[], at: number): Token[] => {
  const found: Token[] = [];
  for (let index = at + 1; index < Math.min(at + 6, tokens.length) && found.length < 2; index += 1) {
    const token = tokens[index] as Token;
    if (joins.test(token.lower)) continue;
    if (!isContent(token)) break;
    found.push(token);
  }
  return found;
};

/**
 * A thing that is named where the evidence names another in the same place: behind a word that names follow ("נחל עמוד" for
 * "נחל כזיב"), behind a measure ("a spoon of lemon juice" for "a spoon of vinegar"). Undefined when it is known.
 */
export const replacedThing = (
  tokens: readonly Token[],
  known: KnownNames,
  heads: ReadonlySet<string>,
): string | undefined => {
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== "word") continue;
    if (isMeasure(token.lower)) {
      const thing = thingBehind(tokens, at);
      const isTold = known.has(token.lower) && thing.length > 0 && thing.every(({ lower }) => !known.has(lower));
      if (isTold) return thing.map(({ text }) => text).join(" ");
    }
    if (isHebrew(token.lower) && hebrewHeads.test(token.lower) && heads.has(bareHead(token.lower))) {
      const next = tokens[at + 1];
      if (isContent(next) && next.start === token.end + 1 && !known.has(next.lower))
        return `${token.text} ${next.text}`;
    }
  }
  return undefined;
};

const bareHead = (word: string): string => word.replace(/^[ובלמש](?=[א-ת]{3})/, "");

/** The naming words that something known has with a name behind it. */
export const headsOf = ({ readTexts }: KnownNames): ReadonlySet<string> => {
  const found = new Set<string>();
  for (const tokens of readTexts)
    for (const [at, token] of tokens.entries())
      if (isHebrew(token.lower) && hebrewHeads.test(token.lower) && isContent(tokens[at + 1]))
        found.add(bareHead(token.lower));
  return found;
};
