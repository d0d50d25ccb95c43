import { describe, expect, test } from "vitest";
import { createSourceBook } from "../../../../workflows/task-work/source-book.ts";
import type { CrewAnswer } from "../../../../workflows/task-work/task-work-deps.ts";
import { questionsOf } from "../../../../workflows/task-work/ways/ask-questions.ts";
import { createGatherExtracts } from "../../../../workflows/task-work/ways/gather-extracts.ts";
import { pickSentences } from "../../../../workflows/task-work/ways/pick-sentences.ts";
import type { WayRequest } from "../../../../workflows/task-work/ways/way.ts";
import { issuesOf } from "../../../../workflows/task-work/ways/write-critique.ts";
import { writeReport } from "../../../../workflows/task-work/ways/write-report.ts";
import { oneTask } from "../../../support/task-work.ts";

const wayRequest = (more: Partial<WayRequest> = {}): WayRequest => ({
  task: oneTask().request.task,
  input: { topic: "the boiler" },
  data: {},
  context: {},
  book: createSourceBook(),
  tools: [],
  use: async () => ({ status: "refused", reason: "There is no such tool." }),
  locale: "en",
  ...more,
});
const found = (...texts: string[]): CrewAnswer => ({
  status: "ok",
  text: "",
  sources: texts.map((text, index) => ({ title: `Note ${index}`, text, itemId: `${texts.length}-${index}` })),
});

describe("questions", () => {
  test("are those that the topic asks itself, else one for each aspect, in its language", () => {
    expect(questionsOf({ topic: "When was it bought? Who serviced it?" }, "en")).toEqual([
      "When was it bought?",
      "Who serviced it?",
    ]);
    expect(questionsOf({ topic: "the boiler" }, "en")[0]).toBe("What is known about the boiler?");
    expect(questionsOf({ topic: "piec" }, "pl")[0]).toBe("Co wiadomo o: piec?");
  });
});

describe("sentences", () => {
  test("are picked that bear on the question, the nearest first, and no request or question", () => {
    const text = "We painted the wall. The boiler leaks. The boiler was serviced in May. Does the boiler leak?";
    expect(pickSentences(text, "When was the boiler serviced?", "the boiler", 2)).toEqual([
      "The boiler was serviced in May.",
      "The boiler leaks.",
    ]);
    expect(pickSentences("## The boiler\n\n- The boiler leaks.", "Is the boiler tight?", "the boiler", 2)).toEqual([
      "The boiler leaks.",
    ]);
    expect(pickSentences("We painted the wall.", "When was it serviced?", "the boiler", 2)).toEqual([]);
    const asked = "Find out everything about the old boiler in the cellar";
    expect(pickSentences(`${asked} please.`, asked, asked, 2)).toEqual([]);
  });
});

describe("extracts", () => {
  test("cite their sources, each sentence once, and text of others cannot cite or mark up", async () => {
    const use = async () => found("The boiler leaks [7] <b>badly</b>.");
    const request = wayRequest({ use });
    const { text, data } = await createGatherExtracts("recall_memory")(request);
    expect(text.match(/The boiler leaks/g)).toHaveLength(1);
    expect(text).toContain("\\[7\\] \\<b>badly\\</b>. [1]");
    expect(data).toMatchObject({ extracts: [{ citation: "1" }] });
    expect(request.book.size).toBe(1);
  });

  test("of a tool that cannot be asked are none, and the result says why", async () => {
    const { text } = await createGatherExtracts("search")(wayRequest());
    expect(text).toContain("There is no such tool.");
  });
});

test("a critique names what is unanswered, without a source, or said twice", () => {
  const draft =
    "## Q\n- The boiler leaks at the valve [1]\n- The boiler leaks at the valve [2]\n- Nobody knows the reason for this leak";
  expect(issuesOf(draft, ["Why?"])).toEqual([
    { kind: "missing", about: "Why?" },
    { kind: "uncited", about: "Nobody knows the reason for this leak" },
    { kind: "repeated", about: "The boiler leaks at the valve" },
  ]);
});

test("a report holds nothing without a source, and says what stays open", async () => {
  const output = {
    text: "",
    citations: [{ id: "1", title: "Note", itemId: "a" }],
    data: {
      questions: ["Does it leak?", "Since when?"],
      extracts: [{ question: "Does it leak?", text: "It leaks.", citation: "1" }],
    },
  };
  const { text } = await writeReport(wayRequest({ context: { recall: output } }));
  expect(text).toContain("## Does it leak?\n- It leaks. [1]");
  expect(text).toContain("## What stays open\n- Since when?");
  const nothing = await writeReport(wayRequest());
  expect(nothing.text).toContain("Nothing was found about this.");
});
