import type { Action } from "./action.ts";
import type { GroundInput } from "./ground.ts";
import { isDeedImperative, isDeedVerb } from "./text/deed-verbs.ts";
import { plainText, type Token, tokensOf } from "./text/tokens.ts";
import { isSameStem, stemsOf } from "./text/word-stems.ts";

/** What a question asks to be done, and the call that was made for it. */
export interface Request {
  readonly stems: ReadonlySet<string>;
  readonly action: Action | undefined;
}

const longestQuestion = 300;
const asks = new Set(
  "please can could would kindly proszę czy możesz mógłbyś mogłabyś чи можеш можете будь ласка אנא בבקשה".split(" "),
);
const joins = new Set("and then also i oraz a potem та і й а потім וגם גם".split(" "));

const flatten = (value: unknown, depth = 0): string => {
  if (depth > 6 || value === null || value === undefined) return "";
  if (typeof value === "object")
    return Object.values(value)
      .map((item) => `${flatten(item, depth + 1)} `)
      .join("");
  return String(value);
};

/** All that a call was given and gave, as one text. */
export const textOfAction = ({ args, result }: Action): string => `${flatten(args)} ${flatten(result)}`;

/** The words that a call was given. */
export const stemsOfArgs = ({ args }: Action): ReadonlySet<string> => new Set(stemsOf(flatten(args)).keys());

const opensRequest = (tokens: readonly Token[], at: number): boolean => {
  const { lower } = tokens[at] as Token;
  const before = tokens[at - 1];
  const isHead =
    before === undefined ||
    before.kind === "mark" ||
    asks.has(before.lower) ||
    joins.has(before.lower) ||
    /^ו/.test(lower);
  if (isHead && isDeedImperative(lower)) return true;
  // "can you turn", "możesz włączyć": behind the words of asking.
  const head = tokens.slice(Math.max(0, at - 3), at);
  return head.some((token) => asks.has(token.lower)) && isDeedVerb(lower);
};

/** The deeds that a question asks for, in order, each with its words. Long texts and those to be worked on ask for words. */
const readRequests = (question: string): ReadonlySet<string>[] => {
  const text = plainText(question);
  if (text.length > longestQuestion || /:\s\S.{20}|\n/u.test(text)) return [];
  const tokens = tokensOf(text);
  const starts = tokens.flatMap((_, at) => (opensRequest(tokens, at) ? [at] : []));
  return starts.map((start, index) => {
    const end = starts[index + 1] ?? tokens.length;
    return new Set(stemsOf(text.slice(tokens[start]?.start, tokens[end]?.start)).keys());
  });
};

const overlap = (left: ReadonlySet<string>, right: ReadonlySet<string>): number =>
  [...left].filter((stem) => [...right].some((other) => isSameStem(stem, other))).length;

const remembered = new WeakMap<GroundInput, readonly Request[]>();

/** What the user asked to be done in this turn, each with its call: by their words, else in order when there is one call for each. */
export const requestsOf = (ground: GroundInput): readonly Request[] => {
  const known = remembered.get(ground);
  if (known) return known;
  const asked = readRequests(ground.question ?? ground.texts.at(-1) ?? "");
  const free = new Set(ground.actions);
  const byWords = asked.map((stems) => {
    const [best] = [...free]
      .map((action) => ({ action, shared: overlap(stems, stemsOfArgs(action)) }))
      .filter(({ shared }) => shared > 0)
      .sort((left, right) => right.shared - left.shared);
    if (best) free.delete(best.action);
    return best?.action;
  });
  const open = byWords.filter((action) => action === undefined).length;
  const rest = [...free];
  const found = asked.map((stems, index) => ({
    stems,
    action: byWords[index] ?? (open === rest.length ? rest.shift() : undefined),
  }));
  remembered.set(ground, found);
  return found;
};
