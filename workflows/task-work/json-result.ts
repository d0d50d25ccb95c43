import { canonicalJson } from "../../platform/db/canonical-json.ts";
import type { TaskOutput } from "../crews/steps.ts";
import { citedNumbers, rewriteMarks, withoutMarks } from "./citation-marks.ts";
import { readJson } from "./guardrails/read-json.ts";

type Result = Pick<TaskOutput, "text" | "data">;

/** Whether the text of a result is its data as JSON. */
export const isJson = ({ text, data }: Result): boolean => {
  if (data === undefined) return false;
  const read = readJson(text);
  return read !== undefined && canonicalJson(read.value) === canonicalJson(data);
};

const changeStrings = (value: unknown, change: (text: string) => string): unknown => {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item) => changeStrings(item, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, changeStrings(item, change)]));
};

const stringsIn = (value: unknown): readonly string[] => {
  const strings: string[] = [];
  changeStrings(value, (text) => {
    strings.push(text);
    return text;
  });
  return strings;
};

/** A JSON value as the text of a result. */
export const jsonText = (value: unknown): string => JSON.stringify(value, null, 2);

/** The text of a result without its citations; of JSON its strings alone have any. */
export const bareText = (result: Result): string =>
  isJson(result) ? jsonText(changeStrings(result.data, withoutMarks)) : withoutMarks(result.text);

/** Numbers that a result cites, each once. */
export const citedIn = (result: Result): readonly number[] =>
  isJson(result) ? [...new Set(stringsIn(result.data).flatMap(citedNumbers))] : citedNumbers(result.text);

/** A result with other numbers in its citations: of JSON in the strings of its data, from which its text is made anew. */
export const rewriteResult = (result: Result, numberOf: (number: number) => number | undefined): Result => {
  const { text, data } = result;
  if (!isJson(result)) return { text: rewriteMarks(text, numberOf), ...(data === undefined ? {} : { data }) };
  const changed = changeStrings(data, (each) => rewriteMarks(each, numberOf));
  return { text: jsonText(changed), data: changed };
};
