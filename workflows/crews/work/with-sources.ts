import type { TaskOutput } from "../steps.ts";
import { isJson } from "./json-result.ts";
import { plainLine } from "./ways/plain-line.ts";
import { inLanguage } from "./ways/wording.ts";

/** A job's result with the list of what it cites; JSON stays as it is. */
export const withSources = (output: TaskOutput, locale: string): TaskOutput => {
  // Who wants JSON reads it.
  if (output.citations.length === 0 || isJson(output)) return output;
  const lines = output.citations.map(
    ({ id, title, url }) => `- [${id}] ${plainLine(title)}${url === undefined ? "" : `, ${url}`}`,
  );
  const heading = inLanguage(locale, { en: "Sources", pl: "Źródła" });
  return { ...output, text: `${output.text.trimEnd()}\n\n## ${heading}\n${lines.join("\n")}` };
};
