import type { TaskOutput } from "../crews/steps.ts";
import { isJson } from "./json-result.ts";
import { plainLine } from "./ways/plain-line.ts";
import { inLanguage } from "./ways/wording.ts";

/** A job's result with what was missing when it was made, and the list of what it cites; JSON stays as it is. */
export const withSources = (output: TaskOutput, locale: string): TaskOutput => {
  // Who wants JSON reads it.
  if (isJson(output)) return output;
  const notes = (output.degraded ?? []).map(({ reason }) => `*${reason}*`);
  const text = [output.text.trimEnd(), ...notes].join("\n\n");
  if (output.citations.length === 0) return notes.length === 0 ? output : { ...output, text };
  const lines = output.citations.map(
    ({ id, title, url }) => `- [${id}] ${plainLine(title)}${url === undefined ? "" : `, ${url}`}`,
  );
  const heading = inLanguage(locale, { en: "Sources", pl: "Źródła" });
  return { ...output, text: `${text}\n\n## ${heading}\n${lines.join("\n")}` };
};
