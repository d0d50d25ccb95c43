import { expect, test } from "vitest";
import { localeOf } from "../../../workflows/task-work/read-context.ts";

test.each([
  ["PL-pl", "pl-PL"],
  ["en-u-ca-buddhist", "en"],
  ["pl-12", "en-GB"],
  ["Polish language", "en-GB"],
  [7, "en-GB"],
])("a job that asks for %j is written in %s: what Intl does not know is not asked for", (language, locale) => {
  expect(localeOf({ language }, "en-GB")).toBe(locale);
});
