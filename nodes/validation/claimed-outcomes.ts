import type { Action } from "./action.ts";
import type { Ground } from "./ground.ts";
import { requestsOf, stemsOfArgs } from "./requests.ts";
import { claimPatternsFor, tellsDone } from "./text/action-words.ts";
import { isDeedImperative } from "./text/deed-verbs.ts";
import { denies, offersOnly } from "./text/denial-words.ts";
import { plainText, tokensOf } from "./text/tokens.ts";
import { isSameStem, stemsOf } from "./text/word-stems.ts";

/** Parts of an answer that stand for themselves: what one denies, it denies of itself alone. */
const unitBreak =
  /[;!\n]|\.\s|,?\s(?:but|however|although|though|ale|lecz|jednak|natomiast|за те|але|проте|однак|зате|אבל|אך|אולם)\s|,\s(?:and|so|a|więc|а|тож|тому)\s|,\s(?=ו[א-ת])/iu;
const partBreak = /,\s|\s(?:and|i|oraz|та|і|й|а|a)\s|\s[–—-]\s|\s(?=ו[א-ת]{2})/u;
/** Words that say nothing of a thing: grammar, except verbs of being and words of time that make a statement. */
const states =
  /(?<!\p{L})(?:is|are|was|were|has|have|been|being|will|got|now|already|there['’]s|jest|są|masz|macie|był[aoy]?|będzie|będą|już|właśnie|teraz|вже|уже|маєш|маєте|якраз|зараз|щойно|буде|будуть|יש|כבר|עכשיו|כרגע|יהיה|תהיה|יהיו)(?!\p{L})|\p{L}['’](?:s|re)\s/iu;

const has = (stems: Iterable<string>, stem: string): boolean => {
  for (const other of stems) if (isSameStem(stem, other)) return true;
  return false;
};

interface Outcomes {
  /** Words of what failed or was not begun, that nothing done shares. */
  readonly undone: ReadonlySet<string>;
  readonly done: ReadonlySet<string>;
}

const meets = (stems: ReadonlySet<string>, action: Action): boolean => {
  for (const stem of stemsOfArgs(action)) if (has(stems, stem)) return true;
  return false;
};

const remembered = new WeakMap<Ground, Outcomes>();
const outcomesOf = (ground: Ground): Outcomes => {
  const known = remembered.get(ground);
  if (known) return known;
  const done = new Set<string>();
  const undone = new Set<string>();
  const put = (into: Set<string>, stems: Iterable<string>) => {
    for (const stem of stems) into.add(stem);
  };
  for (const action of ground.actions) put(action.outcome === "ok" ? done : undone, stemsOfArgs(action));
  const requests = requestsOf(ground);
  // Asked for as one ("eggs and oil on the list") and done in part: what only a failed call was given is not done with the rest.
  const given = new Set(done);
  const failed = [...undone].filter((stem) => !has(given, stem));
  const putDone = (stems: ReadonlySet<string>) =>
    put(
      done,
      [...stems].filter((stem) => !has(failed, stem)),
    );
  for (const { stems, action } of requests) {
    const isShared =
      action?.outcome === "failed" &&
      ground.actions.some((other) => other.outcome === "ok" && other.tool === action.tool && meets(stems, other));
    // Without any call it is plain that nothing was done; one of several may have done more than it says.
    const isUndone =
      action === undefined ? ground.actions.length === 0 && ground.evidence.length === 0 : action.outcome !== "ok";
    if (isUndone && !isShared) put(undone, stems);
    else putDone(stems);
  }
  for (const { title, text, data } of ground.evidence)
    put(done, stemsOf(`${title} ${text} ${JSON.stringify(data)}`).keys());
  const outcomes = { undone: new Set([...undone].filter((stem) => !has(done, stem))), done };
  remembered.set(ground, outcomes);
  return outcomes;
};

/**
 * Why a sentence tells as done or so what was asked for in this turn, but failed or was not even begun ("the lawn is being watered");
 * undefined when it does not. It needs no verb of doing: whatever is stated of such a thing, without denial or offer, claims it.
 */
export const claimedOutcome = (sentence: string, ground: Ground): string | undefined => {
  if (/\?["”»')\s]*$/.test(sentence)) return undefined;
  const { undone, done } = outcomesOf(ground);
  if (undone.size === 0) return undefined;
  for (const unit of plainText(sentence).slice(0, 4_000).split(unitBreak)) {
    if (unit === undefined || denies(unit) || offersOnly(unit)) continue;
    for (const part of unit.split(partBreak)) {
      if (part === undefined || !(tellsOf(part, undone, done) || isListed(part, unit, undone))) continue;
      return `It was not done, but the answer tells: "${part.trim().slice(0, 120)}".`;
    }
  }
  return undefined;
};

/** Whether a part only names what was not done, in a list of what was ("I added eggs and oil"). */
const isListed = (part: string, unit: string, undone: ReadonlySet<string>): boolean => {
  const stems = [...stemsOf(part).keys()];
  return stems.length > 0 && part !== unit && stems.every((stem) => has(undone, stem)) && tellsDeed(unit);
};
const tellsDeed = (text: string): boolean =>
  tellsDone(text) || claimPatternsFor(text).some(({ first }) => first.test(text));

/** Whether a part says something of what was not done and of nothing that was. */
const tellsOf = (part: string, undone: ReadonlySet<string>, done: ReadonlySet<string>): boolean => {
  const first = tokensOf(part.slice(0, 80)).find(({ kind }) => kind === "word");
  if (first === undefined || isDeedImperative(first.lower)) return false;
  const words = stemsOf(part);
  const stems = [...words.keys()];
  const ofUndone = stems.filter((stem) => has(undone, stem));
  if (ofUndone.length === 0) return false;
  // The verb is of all that was asked for.
  const ofDone = [...words].filter(([stem, word]) => has(done, stem) && !tellsDone(word));
  if (ofDone.length > ofUndone.length) return false;
  return stems.length > ofUndone.length || states.test(part) || /\d/.test(part) || tellsDone(part);
};
