import type { Action } from "./action.ts";
import { compareNumbers } from "./facts/match-numbers.ts";
import type { Ground } from "./ground.ts";
import { type ActionKind, claimPatterns, clauseBreak, noClaim, toolDoes } from "./text/action-words.ts";
import { homeWordsOf } from "./text/home-words.ts";
import { skeletonOf } from "./text/names.ts";
import { readQuantities } from "./text/read-quantities.ts";
import { plainText } from "./text/tokens.ts";

interface Claim {
  readonly kinds: readonly ActionKind[];
  readonly clause: string;
}

const longestClause = 600;

/** What a sentence says was done, clause by clause. Offers, questions, futures and negations claim nothing. */
export const claimsOf = (sentence: string): Claim[] => {
  if (/\?["”»')\s]*$/.test(sentence)) return [];
  const claims: Claim[] = [];
  for (const clause of sentence.slice(0, 8_000).split(clauseBreak)) {
    const text = clause.slice(0, longestClause).trim();
    if (text === "" || noClaim.test(withoutTargets(text))) continue;
    const kinds = claimPatterns.filter(({ pattern }) => pattern.test(text)).map(({ kind }) => kind);
    if (kinds.length > 0) claims.push({ kinds, clause: text });
  }
  return claims;
};

// "set to 40 %", "sent to Anna", "moved to Friday": this "to" is no infinitive.
const withoutTargets = (text: string): string =>
  text
    .replace(/(?<!\p{L})(?:to|no\.?)(?= (?:\d|the|your|my|a|an|his|her|\p{Lu}|be \p{L}+ed)|\s*[\p{Lu}\d])/gu, " ")
    .replace(
      /(?<!\p{L})to(?= (?:half|full|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|one|two|three|four|five|six|seven|eight|nine|ten|\p{L}+teen|red|blue|green|warm|max|minimum|maximum|all|everyone|them|him|her|you|bed|music)(?!\p{L}))/giu,
      " ",
    );

const flatten = (value: unknown, depth = 0): string => {
  if (depth > 6 || value === null || value === undefined) return "";
  if (typeof value === "object")
    return Object.entries(value)
      .map(([key, item]) =>
        /^(?:success|domain|error_text|error|code)$/.test(key) && depth > 0 && key !== "domain"
          ? ""
          : `${flatten(item, depth + 1)} `,
      )
      .join("");
  return String(value);
};
const textOf = ({ args, result }: Action): string => `${flatten(args)} ${flatten(result)}`;

/** Why a sentence's claim to have done something is not true of this turn; undefined when it is, or when it claims nothing. */
export const unsupportedAction = (sentence: string, { actions, evidence, texts }: Ground): string | undefined => {
  for (const { kinds, clause } of claimsOf(plainText(sentence))) {
    const doable = actions.filter(({ tool, args }) =>
      kinds.some((kind) =>
        toolDoes(
          `${tool} ${typeof args.action === "string" ? args.action : ""} ${typeof args.service === "string" ? args.service : ""}`,
          kind,
        ),
      ),
    );
    // Passives tell of what evidence says was done by others.
    const isReport = doable.length === 0 && !isFirstPerson(clause) && evidence.length > 0;
    if (isReport) continue;
    if (kinds.length === 1 && kinds[0] === "done" && actions.length === 0 && presents(sentence)) continue;
    if (doable.length === 0) return `No tool did what is claimed: "${clause.slice(0, 120)}".`;
    const succeeded = doable.filter(({ outcome }) => outcome === "ok");
    if (succeeded.length === 0) return `The call failed, but the answer claims: "${clause.slice(0, 120)}".`;
    if (kinds.every((kind) => kind === "done") && actions.some(({ outcome }) => outcome === "failed"))
      return "Not every call succeeded, but the answer says all is done.";
    if (!succeeded.some((action) => targetFits(clause, action, actions)))
      return `The call was for something else than claimed: "${clause.slice(0, 120)}".`;
    if (!argumentsFit(clause, succeeded, texts))
      return `The call had other values than claimed: "${clause.slice(0, 120)}".`;
  }
  return undefined;
};

const isFirstPerson = (clause: string): boolean =>
  /(?<!\p{L})(?:i|i've|i'm|i have|we|we've|я|ми)(?!\p{L})|\p{L}(?:łem|łam)(?!\p{L})|[א-ת]{2,}תי(?!\p{L})|^\W*(?:done|gotowe|zrobione|готово|зроблено|בוצע)/iu.test(
    clause,
  );

/** "Done! Here is the table": what is done stands in the answer itself. */
const presents = (sentence: string): boolean =>
  /:\s*$|(?<!\p{L})(?:here|below|oto|poniżej|ось|нижче|הנה|להלן)(?!\p{L})/iu.test(sentence);

const meets = (left: ReadonlySet<string>, right: ReadonlySet<string>): boolean =>
  [...left].some((item) => right.has(item));
const only = (words: ReadonlySet<string>, kind: string): ReadonlySet<string> =>
  new Set([...words].filter((word) => word.startsWith(kind)));

/** Whether the claim's areas, devices and names are the action's. */
const targetFits = (clause: string, action: Action, all: readonly Action[]): boolean => {
  const text = textOf(action);
  const [claimed, known] = [homeWordsOf(clause), homeWordsOf(`${text} ${action.tool}`)];
  const [areas, knownAreas] = [only(claimed, "area"), only(known, "area")];
  if (areas.size > 0 && knownAreas.size > 0 && !meets(areas, knownAreas)) return false;
  const [devices, knownDevices] = [only(claimed, "device"), only(known, "device")];
  if (devices.size > 0 && knownDevices.size > 0 && !meets(devices, knownDevices)) return false;
  const bones = new Set((text.match(/[\p{L}\p{M}\p{N}'’]+/gu) ?? []).map(skeletonOf));
  const everything = new Set(all.flatMap((each) => (textOf(each).match(/[\p{L}\p{M}'’]+/gu) ?? []).map(skeletonOf)));
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

/** Whether each figure of the claim is among what the calls were given, when they were given any of that kind. */
const argumentsFit = (clause: string, actions: readonly Action[], texts: readonly string[]): boolean => {
  const given = actions.flatMap((action) => numbersOf(action));
  if (given.length === 0) return true;
  return readQuantities(clause).quantities.every((quantity) => {
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
