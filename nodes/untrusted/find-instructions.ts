import { foldText } from "../../platform/language/normalise-text.ts";
import { altersReply, signsOf } from "./instruction-signs.ts";
import { addressees, commonVerbs, emptyWords, leadIns, questionOpeners, taskVerbs } from "./instruction-words.ts";
import { type Passage, splitPassages } from "./split-passages.ts";
import { findWrapped } from "./wrapped-instructions.ts";

/** A passage of untrusted text that reads as an instruction to an assistant. */
export interface FoundInstruction {
  readonly start: number;
  readonly end: number;
  /** Why: the sign's name, or `task` and `question` for what lies outside the text's own flow. */
  readonly sign: string;
}

export interface Surroundings {
  /** The user's own words: what they ask about is never taken for planted. */
  readonly question: string;
  /** Names of the tools that are offered: a text that names one speaks to whoever can call it. */
  readonly toolNames: readonly string[];
}

type Opening = "task" | "common" | "question" | "personal" | "other";

interface Read {
  readonly passage: Passage;
  readonly folded: string;
  readonly opening: Opening;
  readonly stems: readonly string[];
}

const wordsIn = (folded: string): string[] => folded.match(/[\p{L}\p{N}]+(?:['’][\p{L}]+)?/gu) ?? [];

/** Words that carry a subject, cut to their first five letters, so that inflected forms meet. */
const stemsOf = (words: readonly string[]): string[] => [
  ...new Set(words.filter((word) => word.length > 2 && !emptyWords.has(word)).map((word) => word.slice(0, 5))),
];

const request =
  /^(?:can|could|would|will) (?:you|u) |^(?:i want|i need|i would like|i'd like|we want|we need) you to |^(?:czy )?(?:mozesz|moglbys|moglabys) |^(?:чи )?(?:можеш|можете|міг би|могла б) |^(?:האם )?(?:תוכל|תוכלי|אתה יכול|את יכולה) /u;

const openingOf = (folded: string, words: readonly string[]): Opening => {
  const asked = request.exec(folded)?.[0];
  const rest = asked === undefined ? words : words.slice(wordsIn(asked).length);
  const first = rest.find((word) => !leadIns.has(word) && !/^\d+$/u.test(word));
  // The lead-in must be short: a verb deep inside a sentence opens nothing.
  if (first !== undefined && rest.indexOf(first) <= 3 && taskVerbs.has(first) && rest.length > 1)
    return commonVerbs.has(first) ? "common" : "task";
  if (!/\?["'”)]*$/u.test(folded.slice(-4)) || !questionOpeners.has(words[0] ?? "")) return "other";
  return wordsIn(folded.replace(quotation, " ")).some((word) => addressees.has(word)) ? "personal" : "question";
};

// What is quoted addresses nobody.
const quotation = /["“„«][^"”»]{1,200}["”»]|(?<!\p{L})['‘][^'’]{1,200}['’]/gu;

/** Nothing shorter asks for anything, unless it is a mark. */
const shortest = 8;

const noStems: readonly string[] = [];

const readPassage = (passage: Passage): Read => {
  if (isMute(passage.text)) return { passage, folded: "", opening: "other", stems: noStems };
  const folded = foldText(passage.text.replace(/^[\s>*•\-–—#"'“„«(]+/u, ""));
  const words = wordsIn(folded);
  return { passage, folded, opening: openingOf(folded, words), stems: stemsOf(words) };
};

const isTask = (opening: Opening): boolean => opening === "task" || opening === "common";

const isMute = (text: string): boolean => text.length < shortest && !/[<[#`:]/.test(text);

/** Weight of how a passage opens; what reaches `enough` with how it lies in the text is left out. */
const weights: Readonly<Record<Opening, number>> = { task: 2, question: 2, personal: 1, common: 1, other: -9 };
const enough = 3;

/**
 * Finds what in a text that somebody else wrote is addressed to an assistant instead of saying something: attempts to override,
 * role marks, changes to the answer, tool calls; and, in texts of more than one sentence, tasks and questions that have nothing
 * to do with the rest of the text or with what the user asked. English, Polish, Ukrainian, Hebrew. Linear in time.
 */
export const findInstructions = (text: string, { question, toolNames }: Surroundings): FoundInstruction[] => {
  const reads = splitPassages(text).map(readPassage);
  const askedStems = new Set(stemsOf(wordsIn(foldText(question))));
  const distinctive = toolNames.filter((name) => /[_\-.]|\p{Ll}\p{Lu}/u.test(name)).map(foldText);
  const occurrences = new Map<string, number>();
  for (const { stems } of reads) for (const stem of stems) occurrences.set(stem, (occurrences.get(stem) ?? 0) + 1);
  const tasks = reads.filter(({ opening }) => opening === "task" || opening === "common").length;
  // A text made of instructions (a recipe, a manual) has them as its own flow.
  const isManual = tasks >= 4 && tasks >= reads.length * 0.4;
  const otherLines = new Set<number>();
  for (const { passage, opening } of reads) if (opening === "other") otherLines.add(passage.line);

  const plantedSign = ({ passage, opening, stems }: Read): string | undefined => {
    if (opening === "other" || reads.length < 2) return undefined;
    const asked = stems.filter((stem) => askedStems.has(stem)).length;
    if (asked > 0 && asked * 2 >= stems.length) return undefined;
    const tied = stems.filter((stem) => (occurrences.get(stem) ?? 0) > 1).length;
    const strong = weights[opening] >= 2;
    const score =
      weights[opening] +
      (passage.interrupts ? 2 : 0) +
      (passage.atEdge ? 1 : 0) +
      (strong && !otherLines.has(passage.line) ? 1 : 0) +
      (stems.length > 0 && tied === 0 ? 1 : 0) -
      (tied * 2 >= stems.length && tied > 1 ? 2 : 0) -
      (isManual && !passage.interrupts && opening !== "question" ? 1 : 0);
    return score >= enough ? (opening === "question" || opening === "personal" ? "question" : "task") : undefined;
  };

  const signOf = (folded: string, opensTask: boolean): string | undefined =>
    signsOf(opensTask).find(({ test }) => test(folded))?.name ??
    (altersReply.test(folded) ? "alters the answer" : undefined) ??
    (distinctive.some((name) => folded.includes(name)) ? "tool call" : undefined);
  const wrapped = findWrapped(reads, (folded) => signOf(folded, isTask(openingOf(folded, wordsIn(folded)))));

  const found: FoundInstruction[] = [];
  let carried: { readonly sign: string; readonly line: number } | undefined;
  let fenced: string | undefined;
  for (const [index, read] of reads.entries()) {
    const { passage, folded, opening } = read;
    if (folded === "" && !wrapped.has(index) && carried === undefined && fenced === undefined) continue;
    const isFence = folded.startsWith("```");
    if (fenced !== undefined) {
      found.push({ start: passage.start, end: passage.end, sign: fenced });
      if (isFence || passage.text.endsWith("```")) fenced = undefined;
      continue;
    }
    let sign =
      wrapped.get(index) ?? (folded === "" ? undefined : (signOf(folded, isTask(opening)) ?? plantedSign(read)));
    // What an instruction announces ("the following text:") belongs to it.
    if (sign === undefined && carried && passage.line <= carried.line + 1) {
      sign = carried.sign;
      if (isFence && !/.```$/u.test(passage.text)) fenced = sign;
    }
    carried =
      sign !== undefined && /[:：]["'”]?$/u.test(passage.text.slice(-2)) ? { sign, line: passage.line } : undefined;
    if (sign !== undefined) found.push({ start: passage.start, end: passage.end, sign });
  }
  return found;
};
