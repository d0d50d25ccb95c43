import { AppError } from "../../platform/errors/app-error.ts";
import { canonicalText } from "../../platform/language/normalise-text.ts";

/** A phrase as an RE2 expression over canonical text that has one space before each word. */
export interface CompiledPhrase {
  readonly source: string;
  /** Group name to slot name: one slot may stand in several alternatives. */
  readonly groups: ReadonlyMap<string, string>;
  /** Letters that must be there; the pattern with more of them says more. */
  readonly literalLength: number;
}

const longestPhrase = 500;
const deepest = 5;
/** Phrases that optional parts and alternatives may multiply out to. */
const mostWays = 1_000_000;

interface Reader {
  readonly phrase: string;
  at: number;
  readonly groups: Map<string, string>;
}

interface Part {
  readonly source: string;
  readonly literalLength: number;
  /** Phrases that it stands for. */
  readonly ways: number;
}

const refuse = (phrase: string, reason: string): AppError =>
  new AppError("INVALID_INPUT", `The phrase '${phrase.slice(0, 80)}' cannot be used: ${reason}.`, { field: "pattern" });

/**
 * Compiles a phrase: words, optional parts in [brackets], alternatives in (a|b), slots in {braces}; brackets that touch a
 * word vary its ending (`light[s]`, `świat(ło|ła)`). Case, diacritics and punctuation do not matter.
 * @throws {AppError} INVALID_INPUT with the reason: unbalanced, empty or over 500 characters, nested deeper than five, or
 * multiplying out to more than a million phrases.
 */
export const compilePhrase = (phrase: string): CompiledPhrase => {
  if (phrase.trim() === "" || phrase.length > longestPhrase)
    throw refuse(phrase, `it must have 1 to ${longestPhrase} characters`);
  const reader: Reader = { phrase, at: 0, groups: new Map() };
  const { source, literalLength, ways } = readBranches(reader, "", 0, false);
  if (ways > mostWays) throw refuse(phrase, `its alternatives multiply out to more than ${mostWays} phrases`);
  if (literalLength === 0 && reader.groups.size === 0) throw refuse(phrase, "it has no words");
  return { source, groups: reader.groups, literalLength };
};

/** Reads alternatives up to `closer`; `glued`: they continue the word before them. */
const readBranches = (reader: Reader, closer: string, depth: number, glued: boolean): Part => {
  if (depth > deepest) throw refuse(reader.phrase, `brackets are nested deeper than ${deepest}`);
  const branches: Part[] = [];
  for (;;) {
    branches.push(readSequence(reader, depth, glued));
    const character = reader.phrase[reader.at];
    reader.at += 1;
    if (character === "|" && closer !== "") continue;
    if (character === closer || (character === undefined && closer === "")) break;
    if (character === undefined) throw refuse(reader.phrase, `a '${closer}' is missing`);
    throw refuse(reader.phrase, `'${character}' has no partner`);
  }
  if (closer === ")" && branches.some((branch) => branch.source === ""))
    throw refuse(reader.phrase, "an alternative is empty");
  return {
    source: branches.length === 1 ? branches[0]!.source : `(?:${branches.map((branch) => branch.source).join("|")})`,
    literalLength: Math.min(...branches.map((branch) => branch.literalLength)),
    ways: branches.reduce((sum, branch) => sum + branch.ways, 0),
  };
};

const readSequence = (reader: Reader, depth: number, glued: boolean): Part => {
  let source = "";
  let literalLength = 0;
  let ways = 1;
  let isGlued = glued;
  const { phrase } = reader;
  while (reader.at < phrase.length && !")]|}".includes(phrase[reader.at]!)) {
    const character = phrase[reader.at]!;
    if (/\s/.test(character)) {
      reader.at += 1;
      isGlued = false;
      continue;
    }
    const prefix = isGlued ? "" : " ";
    if (character === "{") source += prefix + readSlot(reader);
    else if (character === "[" || character === "(") {
      // Glued to the word after it, the space before the bracket belongs to that word and stays when the bracket is left out.
      const hoisted = !isGlued && character === "[" && touchesNext(phrase, reader.at) ? " " : "";
      reader.at += 1;
      const inner = readBranches(reader, character === "[" ? "]" : ")", depth + 1, isGlued || hoisted !== "");
      source += character === "[" ? `${hoisted}(?:${inner.source})?` : inner.source;
      if (character === "(") literalLength += inner.literalLength;
      ways *= character === "[" ? inner.ways + 1 : inner.ways;
    } else {
      const word = readWord(reader);
      if (word !== "") source += prefix + word.replace(/[.*+?^$()|[\]{}\\/-]/g, "\\$&");
      literalLength += word.length;
    }
    isGlued = true;
  }
  return { source, literalLength, ways };
};

/** Whether a word goes on right after the bracket that opens at `at` is closed. */
const touchesNext = (phrase: string, at: number): boolean => {
  let depth = 0;
  for (let index = at; index < phrase.length; index += 1) {
    if ("[(".includes(phrase[index]!)) depth += 1;
    else if (")]".includes(phrase[index]!)) depth -= 1;
    if (depth === 0) return /[^\s()[\]{}|]/.test(phrase[index + 1] ?? " ");
  }
  return false;
};

const readWord = (reader: Reader): string => {
  const end = reader.phrase.slice(reader.at).search(/[\s()[\]{}|]/);
  const word = end < 0 ? reader.phrase.slice(reader.at) : reader.phrase.slice(reader.at, reader.at + end);
  reader.at += word.length;
  return canonicalText(word).text;
};

const readSlot = (reader: Reader): string => {
  const name = /^\{([a-z][A-Za-z0-9]{0,30})\}/.exec(reader.phrase.slice(reader.at))?.[1];
  if (!name) throw refuse(reader.phrase, "a slot needs a name in braces, such as {place}");
  reader.at += name.length + 2;
  const group = `${name}_${reader.groups.size}`;
  reader.groups.set(group, name);
  return `(?P<${group}>[^ ].*?)`;
};
