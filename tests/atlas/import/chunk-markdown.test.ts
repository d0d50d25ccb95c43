import fc from "fast-check";
import { expect, test } from "vitest";
import { chunkMarkdown } from "../../../atlas/import/chunk-markdown.ts";

test("cuts under headings and keeps their path", () => {
  const text = [
    "Before.",
    "# Guide #",
    "Hello.",
    "## Install",
    "```sh",
    "# not a heading",
    "```",
    "### On Linux",
    "apt",
    "## Use",
    "Run it.",
    "#hashtag is text",
  ].join("\r\n");
  expect(chunkMarkdown(text)).toEqual({
    title: "Guide",
    chunks: [
      { headingPath: [], content: "Before." },
      { headingPath: ["Guide"], content: "Hello." },
      { headingPath: ["Guide", "Install"], content: "```sh\n# not a heading\n```" },
      { headingPath: ["Guide", "Install", "On Linux"], content: "apt" },
      { headingPath: ["Guide", "Use"], content: "Run it.\n#hashtag is text" },
    ],
  });
});

test.each([
  ['---\ntitle: "From the front"\ntags: [a]\n---\n# Heading\nText', "From the front"],
  ["---\ntags: [a]\n---\n# Heading\nText", "Heading"],
  ["plain text", undefined],
])("knows the title of %j", (text, title) => {
  const { title: found, chunks } = chunkMarkdown(text);
  expect(found).toBe(title);
  expect(chunks.map(({ content }) => content).join()).not.toContain("tags");
});

test("cuts long texts behind paragraphs, sentences and words, and loses nothing", () => {
  const sentence = "A quite ordinary sentence about rivers and mills stands here. ";
  const { chunks } = chunkMarkdown(`# Long\n${sentence.repeat(100)}`);
  expect(chunks.length).toBeGreaterThan(3);
  for (const { content } of chunks) {
    expect(content.length).toBeLessThanOrEqual(1_500);
    expect(content).toMatch(/^A quite.*here\.$/s);
  }
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme", maxLength: 6_000 }),
      fc.string({ unit: fc.constantFrom("x", " ", "\n", "#", "`", "😀"), maxLength: 4_000 }),
      (one, two) => {
        const text = `start ${one}${two}`;
        const { chunks: cut } = chunkMarkdown(text);
        for (const { content } of cut) expect(content.length).toBeLessThanOrEqual(1_500);
        if (!/#|^---/m.test(text)) {
          const letters = (from: string) => from.replace(/\s/gu, "");
          expect(letters(cut.map(({ content }) => content).join(""))).toBe(letters(text.replaceAll("\ufeff", "")));
        }
      },
    ),
    { numRuns: 100 },
  );
});

test.each(["#", "# ", " #", "`", "```\n", "---\n", "- ", "\n", "title: '", "a", "# # "])(
  "takes 100 KB of %j in little time",
  (unit) => {
    const text = `---\n${unit.repeat(100_000 / unit.length)}`;
    // Time of the processor: others may be busy beside this.
    const started = process.cpuUsage();
    for (let run = 0; run < 5; run += 1) chunkMarkdown(text);
    expect(process.cpuUsage(started).user / 5_000).toBeLessThan(50);
  },
);
