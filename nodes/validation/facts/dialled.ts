import type { Token } from "../text/tokens.ts";
import type { BoundText } from "./bind.ts";

const fewestDigits = 8;
const mostDigits = 15;

/** A number that is dialled, and its tokens. */
export interface Dialled {
  readonly digits: string;
  readonly from: number;
  readonly to: number;
}

/** Numbers that are dialled, in digits: groups that begin with 0 or +, with spaces or hyphens between. */
export const dialledIn = (tokens: readonly Token[]): Dialled[] => {
  const found: Dialled[] = [];
  let at = 0;
  while (at < tokens.length) {
    const token = tokens[at] as Token;
    const before = tokens[at - 1];
    if (token.kind !== "number" || !(token.text.startsWith("0") || before?.text === "+")) {
      at += 1;
      continue;
    }
    let digits = "";
    let groups = 0;
    let next = at;
    for (; digits.length <= mostDigits && next < tokens.length; next += 1) {
      const { kind, text } = tokens[next] as Token;
      if (kind === "number" && /^[\d\s]+$/.test(text)) {
        digits += text.replace(/\s/g, "");
        groups += 1;
      } else if (!(/^[-()–]$/.test(text) && tokens[next + 1]?.kind === "number")) break;
    }
    if (groups > 1 && digits.length >= fewestDigits && digits.length <= mostDigits)
      found.push({ digits, from: at, to: next });
    at = Math.max(next, at + 1);
  }
  return found;
};

/** Judges numbers that are dialled: they are told digit by digit, in any grouping, with or without the country's code. */
export const createDialCheck = (known: ReadonlySet<string>) => {
  const endings = new Set([...known].map((digits) => digits.slice(-fewestDigits)));
  return ({ tokens }: BoundText) => {
    const found = known.size === 0 ? [] : dialledIn(tokens);
    const isKnown = ({ digits }: Dialled) => endings.has(digits.slice(-fewestDigits));
    return { known: found.filter(isKnown), wrong: found.find((each) => !isKnown(each))?.digits };
  };
};
