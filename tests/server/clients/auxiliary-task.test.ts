import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { ClientProfileRow } from "../../../platform/config/registry.ts";
import { registryKinds } from "../../../platform/config/registry-rows.ts";
import { auxiliaryTaskOf } from "../../../server/clients/auxiliary-task.ts";
import { answerAuxiliaryTask, titleOf } from "../../../server/clients/auxiliary-template.ts";

const profiles: readonly ClientProfileRow[] = parse(
  readFileSync(new URL("../../../migrations/defaults/client-profiles.yaml", import.meta.url), "utf8"),
  { merge: true },
).map((row: unknown) => registryKinds.clientProfiles.schema.parse(row));
const profileOf = (id: string) => profiles.find((row) => row.id === id)!;

const history = `### Chat History:
<chat_history>
USER: how high is Gdańsk airport, and
what is the weather there?
ASSISTANT: 489 ft.
USER: thanks
</chat_history>`;
const titlePrompt = `### Task:
Make a 3-5 word title that sums the chat up.
### Output:
JSON format: { "title": "…" }
${history}`;
const asked = (content: string) => [{ role: "user" as const, content }];

describe("what a chat page asks on its own", () => {
  test("is recognised by the header first", () => {
    const headers = { "x-openwebui-task": "tags_generation" };
    expect(auxiliaryTaskOf(profileOf("open-webui"), headers, asked("anything"))).toEqual({
      task: "tags_generation",
      prompt: "anything",
    });
    expect(auxiliaryTaskOf(profileOf("home-assistant"), headers, asked("anything"))).toBeUndefined();
  });

  test.each(["None", "default", "moa_response_generation", ""])(
    "is not what a header of no known task dresses: %j",
    (named) => {
      expect(
        auxiliaryTaskOf(profileOf("open-webui"), { "x-openwebui-task": named }, asked("what is 2+2?")),
      ).toBeUndefined();
    },
  );

  test.each([
    ["title_generation", titlePrompt],
    [
      "title_generation",
      "Provide a concise, 5-word-or-less title for the conversation, using title case.\n\nConversation:\nHuman: hi",
    ],
    ["tags_generation", `### Task:\nGive 1-3 broad tags for the main themes.\n${history}`],
    ["follow_up_generation", `### Task:\nSuggest follow-up questions.\n### Output:\nJSON\n${history}`],
    ["query_generation", `### Task:\nAnalyze the chat and give search queries.\n### Output:\n${history}`],
    ["autocomplete_generation", "### Task:\nYou are an autocompletion system. Continue the text."],
  ])("is recognised by the prompt: %s", (task, prompt) => {
    expect(auxiliaryTaskOf(profileOf("openai"), {}, asked(prompt))?.task).toBe(task);
  });

  test.each([
    "What is a good title for a conversation about rivers?",
    "### Task:\nRespond to the user query using the provided context.\n<context>3-5 sentences</context>",
    "Write three follow-up questions for my interview.",
    `${"x".repeat(5_000)} ### Task: 3-5 word title`,
  ])("is not what a person asks: %.40s", (prompt) => {
    expect(auxiliaryTaskOf(profileOf("openai"), {}, asked(prompt))).toBeUndefined();
  });
});

describe("answers without a model", () => {
  const answer = (task: string, prompt: string, topics: readonly string[] = []) =>
    answerAuxiliaryTask({ task, prompt }, asked(prompt), async () => topics);

  test("a title is the beginning of the first question, in the shape that is asked for", async () => {
    expect(JSON.parse(await answer("title_generation", titlePrompt))).toEqual({
      title: "How high is Gdańsk airport, and",
    });
    expect(await answer("title_generation", "title for the conversation\n\nConversation:\nzażółć gęślą jaźń!")).toBe(
      "Zażółć gęślą jaźń",
    );
  });

  test("tags are what the last question is about; suggestions are none rather than invented ones", async () => {
    expect(JSON.parse(await answer("tags_generation", history, ["weather", "web_search", "weather"]))).toEqual({
      tags: ["Weather", "Web search"],
    });
    expect(JSON.parse(await answer("follow_up_generation", history))).toEqual({ follow_ups: [] });
    expect(JSON.parse(await answer("query_generation", history))).toEqual({ queries: ["thanks"] });
    expect(JSON.parse(await answer("autocomplete_generation", history))).toEqual({ text: "" });
  });

  test("titles are short and never cut a character in two", () => {
    expect([...titleOf("👩‍👩‍👧".repeat(60))].length).toBeLessThanOrEqual(48);
    expect(titleOf("  one two three four five six seven ")).toBe("One two three four five six");
    expect(titleOf("")).toBe("");
  });
});
