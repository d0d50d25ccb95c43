import { expect, test } from "vitest";
import type { Evidence } from "../../platform/evidence/evidence.ts";
import { toAnnotations } from "../../server/chat/annotations.ts";

const source = (id: string, sourceUrl?: string): Evidence => ({
  id,
  service: "news",
  title: `Title ${id}`,
  text: "",
  data: {},
  sourceName: "Source",
  ...(sourceUrl === undefined ? {} : { sourceUrl }),
  observedAt: "2026-11-21T10:00:00Z",
  score: 1,
});
const evidence = [source("e1", "https://one.example/"), source("e2"), source("e3", "https://three.example/")];

test("marks are annotated where they stand", () => {
  const text = "Trains stop [1]. Buses run [2], [e1, e3].";
  const found = toAnnotations(evidence, text).map(({ url_citation: { start_index, end_index, url, title } }) => [
    text.slice(start_index, end_index),
    url,
    title,
  ]);
  expect(found).toEqual([
    ["[1]", "https://one.example/", "Title e1"],
    ["[e1, e3]", "https://one.example/", "Title e1"],
    ["[e1, e3]", "https://three.example/", "Title e3"],
  ]);
});

test("an answer that cites nothing stands on every source as a whole", () => {
  expect(toAnnotations([...evidence, evidence[0] as Evidence], "Yes.").map(({ url_citation: each }) => each)).toEqual([
    { start_index: 0, end_index: 4, url: "https://one.example/", title: "Title e1" },
    { start_index: 0, end_index: 4, url: "https://three.example/", title: "Title e3" },
  ]);
});

test("brackets in code, JSON and links, and numbers of no evidence, are no marks", () => {
  for (const text of ["`list[1]`", "```\na[1]\n```", "[1]", "Look at [1](https://x.example) and [9]."]) {
    const [first] = toAnnotations(evidence, text);
    expect(first?.url_citation, text).toMatchObject({ start_index: 0, end_index: text.length });
  }
});
