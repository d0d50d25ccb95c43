import { expect, test } from "vitest";
import { createSourceBook } from "../../../../workflows/task-work/source-book.ts";
import { tellFigures } from "../../../../workflows/task-work/ways/tell-activity.ts";
import { oneTask } from "../../../support/task-work.ts";

test.each([
  ["refused", { code: "INVALID_INPUT", field: "input.period" }],
  ["failed", { code: "UPSTREAM_UNAVAILABLE", retryable: true }],
] as const)("a period that could not be read (%s) ends as what it is", async (status, error) => {
  const request = {
    task: oneTask().request.task,
    input: { period: "week" },
    data: {},
    context: {},
    book: createSourceBook(),
    tools: [],
    use: async () => ({ status, reason: "Not today." }),
    locale: "en",
  };
  await expect(tellFigures(request)).rejects.toMatchObject({ ...error, message: "Not today." });
});
