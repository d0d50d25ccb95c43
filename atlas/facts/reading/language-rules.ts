/** A way of stating something lasting. Matched against one clause as a whole. */
export interface Claim {
  /** What of the subject it says: `name`, `lives_in`, `likes` … The same words in every language. */
  readonly attribute: string;
  /** Groups: `subject` (absent: the speaker) and `value` (absent: the clause). */
  readonly pattern: RegExp;
  /** Whether there is only one at a time, so that a newer one closes the older. */
  readonly isSingle: boolean;
  /** Says that something is not so. */
  readonly isNegated: boolean;
}

/** How one language states, asks, doubts and orders. Patterns are for texts with straight apostrophes, at most a sentence long. */
export interface LanguageRules {
  /** What may stand before a statement: greetings, "by the way". */
  readonly fillers: RegExp;
  /** Openings of an explicit wish that something be kept, up to what is to be kept. */
  readonly remember: RegExp;
  /** The same behind it: "…, remember that". */
  readonly rememberAfter: RegExp;
  /** When or since when, at the beginning: a statement may follow it. */
  readonly lead: RegExp;
  /** An opening like `remember`, for something that no longer holds. */
  readonly forget: RegExp;
  readonly question: RegExp;
  /** Doubt, conditions, wishes, and what others say: anywhere in the sentence. */
  readonly unsure: RegExp;
  /** Orders to work on a text or to play a part: what follows is material. */
  readonly task: RegExp;
  /** What separates two statements in one sentence. */
  readonly joint: RegExp;
  /** What separates a question from the statement before it. */
  readonly tail: RegExp;
  /** "I no longer": the groups `before` and `after` without it are the statement that ended. */
  readonly noLonger: readonly RegExp[];
  readonly claims: readonly Claim[];
  /** Subjects that are about the conversation, the moment, or secret. */
  readonly passingSubject: RegExp;
  /** Values that pass: tired, broken, on my way. */
  readonly passingValue: RegExp;
  /** Words for people and things that people have, by stem; each with its name for all languages. */
  readonly relations: Readonly<Record<string, string>>;
}

/** Up to five words, in a group. */
export const phrase = (group: string): string => `(?<${group}>[\\p{L}\\p{N}'-]+(?: [\\p{L}\\p{N}'-]+){0,4}?)`;
export const value = "(?<value>\\S.*)";

const compile = (source: string): RegExp => new RegExp(`^(?:${source})$`, "iu");
const claim =
  (isSingle: boolean, isNegated: boolean) =>
  (attribute: string, source: string): Claim => ({ attribute, pattern: compile(source), isSingle, isNegated });

/** One at a time: a name, where somebody lives. */
export const single = claim(true, false);
/** Any number of them: what somebody likes or has. */
export const several = claim(false, false);
export const negated = claim(false, true);

/** A claim in which capital letters tell names. */
export const named = (attribute: string, source: string): Claim => ({
  attribute,
  pattern: new RegExp(`^(?:${source})$`, "u"),
  isSingle: false,
  isNegated: false,
});

/** Any of these words or phrases, whole, anywhere. */
export const anywhere = (words: string): RegExp =>
  new RegExp(`(?<![\\p{L}\\p{N}])(?:${words})(?![\\p{L}\\p{N}])`, "iu");
/** The same at the start. */
export const atStart = (words: string): RegExp => new RegExp(`^(?:${words})(?![\\p{L}\\p{N}])`, "iu");
