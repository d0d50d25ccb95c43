import { Ollama } from "ollama";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { type ClientTarget, collect, rawModel, smallTalk, story } from "./client-target.ts";

const messages = [{ role: "user", content: smallTalk }];
const tools = [
  {
    type: "function",
    function: {
      name: "HassTurnOn",
      description: "Turns a lamp on.",
      parameters: { type: "object", properties: { area: { type: "string" } } },
    },
  },
];

/** The official `ollama` package for Node, unmodified. */
export const ollamaNodeSuite = (target: () => ClientTarget): void => {
  const client = (prefix = "") => new Ollama({ host: `${target().url}${prefix}` });
  beforeEach(() => target().reset());

  describe("ollama for Node", () => {
    test("list, show, ps and version", async () => {
      const names = (await client().list()).models.map(({ name }) => name);
      expect(names.slice(0, 3)).toEqual(["athena:latest", "athena-private:latest", "athena-embed:latest"]);
      expect((await client().show({ model: "athena" })).capabilities).toContain("tools");
      expect((await client().ps()).models.length).toBeGreaterThan(0);
      expect((await client().version()).version).toMatch(/^0\./);
    });

    test.each(["athena", "athena:latest", rawModel])(
      "chat with %s, plain and streamed, and behind a prefix",
      async (model) => {
        target().enqueue({ text: story }, { text: story });
        const plain = await client("/prefix").chat({ model, messages });
        expect(plain.message.content.trim()).toBe(story.join(""));
        expect(plain).toMatchObject({ done: true, done_reason: "stop" });
        let text = "";
        let counted = 0;
        for await (const part of await client().chat({ model, messages, stream: true })) {
          text += part.message.content;
          counted = part.eval_count ?? 0;
        }
        expect(text.trim()).toBe(story.join(""));
        expect(counted).toBeGreaterThan(0);
      },
    );

    test("a tool turn and its results, without ids as Home Assistant sends them", async () => {
      target().enqueue(
        {
          toolCalls: [
            { name: "HassTurnOn", arguments: { area: "hall" } },
            { name: "HassTurnOn", arguments: { area: "attic" } },
          ],
        },
        { text: "Both are on." },
      );
      const question = [
        { role: "system", content: "You control a house." },
        { role: "user", content: "Please use your tool for the hall and the attic." },
      ];
      const calls = [];
      for await (const part of await client().chat({ model: "athena", messages: question, tools, stream: true })) {
        calls.push(...(part.message.tool_calls ?? []));
      }
      expect(calls.map(({ function: called }) => called.arguments)).toEqual([{ area: "hall" }, { area: "attic" }]);
      const answer = await client().chat({
        model: "athena",
        tools,
        messages: [
          ...question,
          {
            role: "assistant",
            content: "",
            tool_calls: calls.map(({ function: { name, arguments: given } }) => ({
              function: { name, arguments: given },
            })),
          },
          { role: "tool", content: '{"done":1}' },
          { role: "tool", content: '{"done":2}' },
        ],
      });
      expect(answer.message.content.trim()).toBe("Both are on.");
    });

    test("a format schema", async () => {
      target().enqueue({ text: '{"title":"The lighthouse"}' });
      const format = { type: "object", properties: { title: { type: "string" } }, required: ["title"] };
      const { message } = await client().chat({ model: "athena", messages, format });
      expect(JSON.parse(message.content)).toEqual({ title: "The lighthouse" });
    });

    test("generate", async () => {
      target().enqueue({ text: story });
      const { response } = await client().generate({ model: "athena", prompt: smallTalk, stream: false });
      expect(String(response).trim()).toBe(story.join(""));
    });

    test("embed, and the older form", async () => {
      const { embeddings } = await client().embed({ model: "athena-embed", input: ["lighthouse", "sea"] });
      expect(embeddings).toHaveLength(2);
      const { embedding } = await client().embeddings({ model: "athena-embed", prompt: "lighthouse" });
      for (const [at, value] of embedding.entries()) expect(embeddings[0]?.[at]).toBeCloseTo(value, 6);
    });

    test("pull, in both forms, and of what nobody serves", async () => {
      expect(await client().pull({ model: "athena" })).toEqual({ status: "success" });
      const lines = await collect(await client().pull({ model: "athena", stream: true }));
      expect(lines.at(-1)).toEqual({ status: "success" });
      await expect(client().pull({ model: "nobody" })).rejects.toThrow("model 'nobody' not found");
    });

    test("an error before the stream and one inside it both reject with the text", async () => {
      await expect(client().chat({ model: "nobody", messages, stream: true })).rejects.toThrow(
        "model 'nobody' not found",
      );
      target().enqueue({ text: story, errorAfterChunks: 2 });
      const read = async () => {
        for await (const _ of await client().chat({ model: rawModel, messages, stream: true }));
      };
      await expect(read()).rejects.toThrow();
    });

    test("abort stops the generation", async () => {
      const before = target().aborted();
      target().enqueue({ text: Array.from({ length: 200 }, () => "The sea was calm. "), chunkDelayMs: 30 });
      const stream = await client().chat({ model: "athena", messages, stream: true });
      const read = async () => {
        for await (const part of stream) if (part.message.content) stream.abort();
      };
      await expect(read()).rejects.toThrow();
      await vi.waitFor(() => expect(target().aborted()).toBe(before + 1), { timeout: 2_000 });
    });
  });
};
