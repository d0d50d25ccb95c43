import type { Action } from "./action.ts";
import { hasRead } from "./action-nature.ts";
import { strangeArgument } from "./claimed-arguments.ts";
import { claimedOutcome } from "./claimed-outcomes.ts";
import { doersOf, speaksOf } from "./doers.ts";
import { compareNumbers } from "./facts/match-numbers.ts";
import { codeAt } from "./facts/name-table.ts";
import type { Ground } from "./ground.ts";
import { textOfAction } from "./requests.ts";
import {
  type ActionKind,
  claimPatternsFor,
  claimsAnyDeed,
  clauseBreak,
  donePattern,
  noClaim,
} from "./text/action-words.ts";
import { denies } from "./text/denial-words.ts";
import { homeKinds, homeWordsOf } from "./text/home-words.ts";
import { skeletonOf } from "./text/names.ts";
import { hasOtherDoer } from "./text/other-doers.ts";
import { readQuantities } from "./text/read-quantities.ts";
import { plainText, tokensOf } from "./text/tokens.ts";
import { withoutQuotations } from "./text/without-quotations.ts";

interface Claim {
  readonly kinds: readonly ActionKind[];
  readonly clause: string;
  /** Said in the first person rather than of a thing. */
  readonly isFirst: boolean;
  /** Its verb may as well be somebody else's. */
  readonly mayBeOthers?: boolean;
}

const longestClause = 600;
/** Behind these something else is told than before. */
const turns = /^(?:but|however|ale|lecz|jednak|natomiast|але|проте|однак|אבל|אך|אולם)\s/iu;

/** What a sentence says was done, clause by clause. Offers, questions, futures and negations claim nothing. */
export const claimsOf = (sentence: string): Claim[] => {
  if (/\?["”»')\s]*$/.test(sentence)) return [];
  const claims: Claim[] = [];
  let last: { clause: string; claims: Claim[] } | undefined;
  for (const part of sentence.slice(0, 8_000).split(clauseBreak)) {
    const clause = part.slice(0, longestClause).trim();
    if (clause === "") continue;
    // "I've started one, dimmed another and locked a third": the person goes on through the list.
    const carried = last?.claims.some(({ isFirst }) => isFirst) ? coordinated(`and ${clause}`) : [];
    const found =
      carried.length > 0 ? carried.map((deed) => ({ ...deed, kinds: [...deed.kinds], clause })) : deedsIn(clause);
    // "the kitchen, the hall and the porch light": a list goes on without its verb.
    const goesOn = found.length === 0 && !noClaim.test(clause) && !denies(clause) && !turns.test(clause);
    if (goesOn && last && homeWordsOf(clause).size > 0) {
      for (const claim of last.claims)
        if (claim.isFirst) claims.push({ ...claim, clause: `${last.clause}, ${clause}`.slice(0, longestClause) });
      continue;
    }
    claims.push(...found);
    last = found.length > 0 ? { clause, claims: found } : undefined;
  }
  return claims;
};

/** The deeds of one clause, one for each verb. */
const deedsIn = (clause: string): Claim[] => {
  const at = new Map<number, { kinds: Set<ActionKind>; isFirst: boolean; mayBeOthers?: boolean }>();
  const take = (found: RegExpExecArray | null, kind: ActionKind, first: boolean) => {
    if (found === null) return;
    const before = clause.slice(0, found.index + found[0].length);
    if (noClaim.test(before)) return;
    const end = found.index + found[0].length;
    const deed = at.get(end) ?? { kinds: new Set(), isFirst: false };
    deed.kinds.add(kind);
    deed.isFirst ||= first;
    deed.mayBeOthers ||= hasOtherDoer(clause.slice(0, found.index), found[0]);
    at.set(end, deed);
  };
  for (const { kind, first, passive } of claimPatternsFor(clause)) {
    const found = first.exec(clause);
    take(found, kind, found !== null && !hasSubject(clause, found));
    take(passive.exec(clause), kind, false);
  }
  take(donePattern.exec(clause), "done", true);
  if (at.size === 0) take(claimsAnyDeed(clause), "any", true);
  const deeds = [...at.values()];
  // "I've restarted it and paged the team": a second verb shares the first one's person.
  const second = deeds.some(({ isFirst }) => isFirst) ? coordinated(clause) : [];
  return [...deeds, ...second].map((deed) => ({ ...deed, kinds: [...deed.kinds], clause }));
};

/** "Nvidia додала": a name before a Ukrainian past tense, which has no person of its own, is its doer. */
const hasSubject = (clause: string, { 0: verb, index }: RegExpExecArray): boolean =>
  /^[\u0400-\u052f]/.test(verb) &&
  !/^(?:я|ми)\s/iu.test(verb) &&
  /^\p{Lu}[\p{L}'’-]+\s$/u.test(clause.slice(0, index).replace(/^[^\p{L}]+/u, ""));

const coordinated = (clause: string): { kinds: Set<ActionKind>; isFirst: boolean }[] =>
  clause
    .split(/(?<!\p{L})(?:and|and then|then)\s(?:also )?/u)
    .slice(1)
    .flatMap((part) => {
      const kinds = claimPatternsFor(part)
        .filter(({ english }) => english.test(part))
        .map(({ kind }) => kind);
      return kinds.length > 0 ? [{ kinds: new Set(kinds), isFirst: true }] : [];
    });

/** Why a sentence's claim to have done something is not true of this turn; undefined when it is, or when it claims nothing. */
export const unsupportedAction = (sentence: string, ground: Ground): string | undefined => {
  const { actions, evidence, texts } = ground;
  const isInformed = evidence.length > 0 || hasRead(actions);
  // What evidence tells may be told in its own words, and of those who did it.
  const claims = claimsOf(plainText(isInformed ? withoutQuotations(sentence) : sentence));
  for (const { kinds, clause, isFirst, mayBeOthers } of claims) {
    if (isInformed && mayBeOthers) continue;
    const isAlone = claims.filter((other) => other.clause === clause).length === 1;
    const doable = doersOf(kinds, clause, ground);
    // Passives also tell what evidence says, and states of things that nobody touched are another rule's.
    if (!isFirst && (isInformed || reason.test(clause) || (doable.length === 0 && !isOurs(clause, kinds, ground))))
      continue;
    if (kinds.length === 1 && kinds[0] === "done" && actions.length === 0 && presents(sentence)) continue;
    if (doable.length === 0) return `No tool did what is claimed: "${clause.slice(0, 120)}".`;
    const succeeded = doable.filter(({ outcome }) => outcome === "ok");
    if (succeeded.length === 0) return `The call failed, but the answer claims: "${clause.slice(0, 120)}".`;
    if (kinds.every((kind) => kind === "done") && actions.some(({ outcome }) => outcome === "failed"))
      return "Not every call succeeded, but the answer says all is done.";
    // Several verbs of one clause share its rooms and devices.
    if (!targetsFit(clause, isAlone ? succeeded : actions.filter(({ outcome }) => outcome === "ok"), actions))
      return `The call was for something else than claimed: "${clause.slice(0, 120)}".`;
    if (isAlone && !codesFit(clause, succeeded))
      return `The call was for something else than claimed: "${clause.slice(0, 120)}".`;
    if (!argumentsFit(clause, isAlone ? succeeded : actions, texts))
      return `The call had other values than claimed: "${clause.slice(0, 120)}".`;
  }
  return (
    claimedOutcome(sentence, ground) ??
    strangeArgument(sentence, ground) ??
    (actions.length > 0 && !isInformed ? strangeThing(sentence, ground) : undefined)
  );
};

/** Things of one family go by each other's names. */
const family = (word: string): string =>
  word
    .replace(/^device:(?:thermostat|air|boiler|fan)$/, "device:climate")
    .replace(/^device:(?:tv|speaker)$/, "device:media");

const knownHomes = new WeakMap<Ground, ReadonlySet<string>>();
/** The rooms and devices that calls and the conversation name. */
const knownHomeOf = (ground: Ground): ReadonlySet<string> => {
  const { actions, texts } = ground;
  const known =
    knownHomes.get(ground) ??
    homeWordsOf([...actions.map((action) => `${textOfAction(action)} ${action.tool}`), ...texts].join(" "));
  knownHomes.set(ground, known);
  return known;
};

/** A room or device that neither the calls nor the user named, told of as if something had been done there. */
const strangeThing = (sentence: string, ground: Ground): string | undefined => {
  if (/\?\s*$/.test(sentence)) return undefined;
  const known = knownHomeOf(ground);
  const families = new Set([...known].map(family));
  for (const clause of plainText(sentence).split(clauseBreak)) {
    if (noClaim.test(clause)) continue;
    const told = homeWordsOf(clause);
    for (const kind of ["area", "device"]) {
      if (only(known, kind).size === 0) continue;
      const strange = [...only(told, kind)].find((word) => !families.has(family(word)));
      if (strange !== undefined) return `Nothing was done there: "${clause.trim().slice(0, 120)}".`;
    }
  }
  return undefined;
};

/** Whether a passive tells a deed of this turn: one that nothing does by itself, or of a thing that calls or rooms know. */
const isOurs = (clause: string, kinds: readonly ActionKind[], ground: Ground): boolean =>
  kinds.some((kind) => stative.has(kind))
    ? homeWordsOf(clause).size > 0 || ground.actions.some((action) => speaksOf(clause, action, ground))
    : kinds.some((kind) => deeds.has(kind));
/** Kinds whose passives also tell how things are: "the shop is closed". */
const stative: ReadonlySet<ActionKind> = new Set(["on", "off", "open", "close", "lock", "unlock"]);
const deeds: ReadonlySet<ActionKind> = new Set([
  "send",
  "book",
  "create",
  "add",
  "delete",
  "update",
  "start",
  "order",
  "set",
]);
const reason = /^[^\p{L}]*(?:because|since|as|bo|ponieważ|gdyż|бо|оскільки|адже|כי|מכיוון|משום|מפני)(?!\p{L})/iu;

/** "Done! Here is the table": what is done stands in the answer itself. */
const presents = (sentence: string): boolean =>
  /:(?:\s|$)|(?<!\p{L})(?:here|below|oto|poniżej|ось|нижче|הנה|להלן)(?!\p{L})/iu.test(sentence);

const meets = (left: ReadonlySet<string>, right: ReadonlySet<string>): boolean =>
  [...left].some((item) => right.has(item));
const only = (words: ReadonlySet<string>, kind: string): ReadonlySet<string> =>
  new Set([...words].filter((word) => word.startsWith(kind)));

/** Whether every room and device of the claim is one of the calls', and one call fits by its names. */
const targetsFit = (clause: string, succeeded: readonly Action[], all: readonly Action[]): boolean => {
  const claimed = homeWordsOf(clause);
  const known = homeWordsOf(succeeded.map((action) => `${textOfAction(action)} ${action.tool}`).join(" "));
  for (const kind of homeKinds) {
    const [words, ours] = [only(claimed, kind), only(known, kind)];
    if (words.size > 0 && ours.size > 0 && ![...words].every((word) => ours.has(word))) return false;
  }
  return succeeded.some((action) => targetFits(clause, action, all));
};

/** Whether the claim's areas, devices and names are the action's. */
const targetFits = (clause: string, action: Action, all: readonly Action[]): boolean => {
  const text = textOfAction(action);
  const [claimed, known] = [homeWordsOf(clause), homeWordsOf(`${text} ${action.tool}`)];
  for (const kind of homeKinds) {
    const [words, ours] = [only(claimed, kind), only(known, kind)];
    if (words.size > 0 && ours.size > 0 && !meets(words, ours)) return false;
  }
  const bones = new Set((text.match(/[\p{L}\p{M}\p{N}'’]+/gu) ?? []).map(skeletonOf));
  const everything = new Set(
    all.flatMap((each) => (textOfAction(each).match(/[\p{L}\p{M}'’]+/gu) ?? []).map(skeletonOf)),
  );
  // A person or thing named that no call knows of.
  const names = [...clause.matchAll(/(?<=[\p{L}\p{N},"„“«]\s?["„“«]?)\p{Lu}[\p{L}'’]{2,}/gu)]
    .map(([name]) => skeletonOf(name))
    .filter((bone) => bone.length >= 2);
  const knows = (set: ReadonlySet<string>, bone: string) =>
    [...set].some(
      (other) =>
        other === bone ||
        (other.length >= 2 && bone.startsWith(other) && bone.length - other.length <= 2) ||
        (bone.length >= 3 && other.startsWith(bone) && other.length - bone.length <= 2),
    );
  return names.every((bone) => knows(bones, bone) || !knows(everything, bone));
};

/** Whether the codes of the claim (hosts, tickets) are those of the calls. */
const codesFit = (clause: string, actions: readonly Action[]): boolean => {
  const known = codesOf(actions.map(textOfAction).join(" "));
  return known.size === 0 || [...codesOf(clause)].every((code) => known.has(code));
};
const codesOf = (text: string): ReadonlySet<string> => {
  const tokens = tokensOf(text.slice(0, 20_000));
  return new Set(tokens.flatMap((_, at) => codeAt(tokens, at)?.key ?? []));
};

/** Whether each figure of the claim is among what the calls were given, when they were given any of that kind. */
const argumentsFit = (clause: string, actions: readonly Action[], texts: readonly string[]): boolean => {
  const given = actions.flatMap((action) => numbersOf(action));
  if (given.length === 0) return true;
  return readQuantities(clause).quantities.every((quantity) => {
    if (quantity.kind === "number" && quantity.spelled && quantity.unit === undefined && (quantity.values[0] ?? 0) < 1)
      return true;
    if (quantity.kind !== "number" || quantity.ordinal || (quantity.spelled && quantity.values[0] === 1)) return true;
    if (
      quantity.unit === undefined &&
      Math.abs(quantity.values[0] ?? 0) <= 10 &&
      !texts.some((text) => text.includes(quantity.written))
    )
      return true;
    return given.some(
      (value) =>
        compareNumbers(
          { ...quantity, unit: undefined },
          {
            kind: "number",
            values: [value],
            step: 1,
            unit: undefined,
            ordinal: false,
            spelled: false,
            approximate: false,
          },
        ) !== undefined,
    );
  });
};

const numbersOf = ({ args, result }: Action): number[] => {
  const found: number[] = [];
  const walk = (value: unknown, key: string, depth: number): void => {
    if (depth > 6) return;
    if (typeof value === "number") {
      found.push(value);
      if (/brightness$/.test(key) && value > 100) found.push(Math.round(value / 2.55));
      if (/second/.test(key)) found.push(value / 60, value / 3600);
      if (/minute/.test(key)) found.push(value / 60, value * 60);
      if (/hour/.test(key)) found.push(value * 60);
    } else if (typeof value === "string")
      for (const quantity of readQuantities(plainText(value)).quantities) {
        if (quantity.kind === "number") found.push(...quantity.values);
        else if (quantity.kind === "date")
          found.push(...[quantity.day, quantity.year].filter((part) => part !== undefined));
        else found.push(...quantity.minutes.map((minutes) => Math.floor(minutes / 60)));
      }
    else if (value !== null && typeof value === "object") {
      if (Array.isArray(value)) found.push(value.length);
      for (const [name, item] of Object.entries(value)) walk(item, name, depth + 1);
    }
  };
  walk([args, result], "", 0);
  return found;
};
