import { expect, test } from "vitest";
import type { Recall, Recalled } from "../../atlas/timeline.ts";
import { createRecallMemory } from "../../tools/recall-memory.ts";
import { runTool, toolContext } from "./support.ts";

const said = (content: string, role: Recalled["role"] = "user"): Recalled => ({
  messageId: "m1",
  threadId: "t1",
  position: 1,
  author: role === "user" ? "local" : role,
  role,
  content,
  createdAt: "2025-03-03T23:30:00Z",
  score: 0.9,
});

test("searches as the caller, inside the call's thread, and says who said what on which day", async () => {
  const requests: unknown[] = [];
  const recall: Recall = async (request) => {
    requests.push(request);
    return [said("My cat is called Filemon."), said("Nice name!", "assistant"), { ...said("I know."), author: "Ewa" }];
  };
  const context = toolContext();
  const { text } = await runTool(createRecallMemory({ recall }), { query: "cat" }, context);
  expect(requests).toMatchObject([
    {
      principal: context.principal,
      query: "cat",
      threadId: "thread-1",
      limit: 5,
      neighbours: true,
      signal: context.signal,
    },
  ]);
  expect(text).toBe(
    "4 Mar 2025, 00:30, you: “My cat is called Filemon.”\n4 Mar 2025, 00:30, I: “Nice name!”\n4 Mar 2025, 00:30, Ewa: “I know.”",
  );
});

test("names a document by its title and headings", async () => {
  const document = { id: "t1", title: "Handbook", source: "handbook.md", headingPath: ["Handbook", "Pets"] };
  const recall: Recall = async () => [{ ...said("Cats sleep indoors.", "tool"), document }];
  const { text } = await runTool(createRecallMemory({ recall }), { query: "cat" }, toolContext({ locale: "pl" }));
  expect(text).toBe("Handbook › Pets: „Cats sleep indoors.”");
});

test("says that nothing was found", async () => {
  const { text } = await runTool(
    createRecallMemory({ recall: async () => [] }),
    { query: "kot" },
    toolContext({ locale: "pl-PL" }),
  );
  expect(text).toBe("Nie znalazłem nic o tym w naszych rozmowach.");
});

test("shortens long fragments to one line", async () => {
  const recall: Recall = async () => [said(`first\n\n${"word ".repeat(200)}`)];
  const { text } = await runTool(createRecallMemory({ recall }), { query: "x" });
  expect(text.split("\n")).toHaveLength(1);
  expect(text.length).toBeLessThan(350);
});

test("says so when not all of the memory could be searched", async () => {
  const recall: Recall = async ({ onDegraded }) => {
    onDegraded?.("deep", new Error("away"));
    return [];
  };
  const { text } = await runTool(createRecallMemory({ recall }), { query: "cat" });
  expect(text).toBe(
    "I found nothing about that in our conversations.\nNot all of the memory could be searched just now, so something may be missing.",
  );
});
