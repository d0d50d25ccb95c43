import { detectLocale } from "../../platform/language/detect-locale.ts";
import type { Ground } from "./ground.ts";

const marks = /\[(?:e?\d{1,3})(?:\s*[,;]\s*e?\d{1,3})*\]/;

/** Why an answer that stands on evidence cites none of it, or what is not there; undefined when it does. */
export const missingCitation = (text: string, { evidence }: Pick<Ground, "evidence">): string | undefined => {
  if (evidence.length === 0 || text.trim() === "") return undefined;
  if (!marks.test(text)) return "It cites no evidence: put [1], [2] … behind what they support.";
  for (const [number] of text.matchAll(/(?<=\[[^\]]{0,40}?)\d{1,3}(?=[^[]{0,40}?\])/g))
    if (Number(number) < 1 || Number(number) > evidence.length) return `[${number}] is no piece of evidence.`;
  return undefined;
};

const shortest = 40;

/** Why an answer is in another language than the user's; undefined when it fits, is short, or nothing tells. */
export const wrongLanguage = (text: string, locale: string): string | undefined => {
  const prose = text
    .replace(/```[\s\S]*?(?:```|$)/g, " ")
    .replace(/https?:\/\/\S+/g, " ")
    .replace(/"[^"\n]{0,400}"|“[^”\n]{0,400}”|„[^”\n]{0,400}”|«[^»\n]{0,400}»/g, " ");
  if ((prose.match(/\p{L}/gu)?.length ?? 0) < shortest) return undefined;
  const asked = locale.slice(0, 2).toLowerCase();
  if (!["en", "pl", "uk", "he"].includes(asked)) return undefined;
  const found = detectLocale(prose);
  return found === undefined || found === asked
    ? undefined
    : `It is written in '${found}', but the user's language is '${asked}'.`;
};
