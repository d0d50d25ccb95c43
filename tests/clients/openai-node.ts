import OpenAI, { APIError, BadRequestError, NotFoundError } from "openai";
import { zodResponseFormat } from "openai/helpers/zod";
import type { ChatCompletionMessageParam, ChatCompletionTool } from "openai/resources/chat/completions";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { type ClientTarget, collect, rawModel, smallTalk, story } from "./client-target.ts";

const messages: ChatCompletionMessageParam[] = [{ role: "user", content: smallTalk }];
const tools: ChatCompletionTool[] = [
  {
    type: "function",
    function: {
      name: "assist__HassTurnOn",
      description: "Turns a lamp on.",
      parameters: { type: "object", properties: { area: { type: "string" } }, required: ["area"] },
    },
  },
];
const inTheHouse: ChatCompletionMessageParam[] = [
  { role: "user", content: "Please use your tool for the hall and the attic." },
];
const twoCalls = {
  toolCalls: [
    { id: "call_hall", name: "assist__HassTurnOn", arguments: { area: "hall" } },
    { id: "call_attic", name: "assist__HassTurnOn", arguments: { area: "attic" } },
  ],
} as const;

/** The official `openai` package for Node, unmodified. */
export const openaiNodeSuite = (target: () => ClientTarget): void => {
  const client = (options: ConstructorParameters<typeof OpenAI>[0] = {}) =>
    new OpenAI({ baseURL: `${target().url}/v1`, apiKey: "not-needed", maxRetries: 0, ...options });
  beforeEach(() => target().reset());

  describe.each(["athena", rawModel])("openai for Node with %s", (model) => {
    test("plain: text, usage, finish, request id", async () => {
      target().enqueue({ text: story });
      const completion = await client().chat.completions.create({ model, messages });
      expect(completion.choices[0]?.message.content?.trim()).toBe(story.join(""));
      expect(completion.choices[0]?.finish_reason).toBe("stop");
      expect(completion.usage?.total_tokens).toBe(
        (completion.usage?.prompt_tokens ?? 0) + (completion.usage?.completion_tokens ?? 0),
      );
      expect(completion._request_id).toMatch(/^[0-9a-f-]{36}$/);
    });

    test("streamed: the same text, and usage when asked", async () => {
      target().enqueue({ text: story });
      const stream = await client().chat.completions.create({
        model,
        messages,
        stream: true,
        stream_options: { include_usage: true },
      });
      let text = "";
      let total = 0;
      for await (const chunk of stream) {
        text += chunk.choices[0]?.delta.content ?? "";
        total += chunk.usage?.total_tokens ?? 0;
      }
      expect(text.trim()).toBe(story.join(""));
      expect(total).toBeGreaterThan(0);
    });

    test("the strict stream helper reaches the same final object", async () => {
      target().enqueue({ text: story });
      const final = await client().chat.completions.stream({ model, messages }).finalChatCompletion();
      expect(final.choices[0]?.message).toMatchObject({ role: "assistant", content: expect.stringContaining("sea") });
      expect(final.choices[0]?.finish_reason).toBe("stop");
    });

    test("two parallel tool calls, plain and streamed, and the turn with their results", async () => {
      target().enqueue(twoCalls, twoCalls, { text: "Both are on." });
      const plain = await client().chat.completions.create({ model, messages: inTheHouse, tools });
      const streamed = await client()
        .chat.completions.stream({ model, messages: inTheHouse, tools })
        .finalChatCompletion();
      for (const { choices } of [plain, streamed]) {
        expect(choices[0]?.finish_reason).toBe("tool_calls");
        expect(choices[0]?.message.tool_calls).toMatchObject(
          twoCalls.toolCalls.map(({ name, arguments: given }) => ({
            type: "function",
            id: expect.any(String),
            function: { name, arguments: JSON.stringify(given) },
          })),
        );
      }
      const calls = plain.choices[0]?.message.tool_calls ?? [];
      const answer = await client().chat.completions.create({
        model,
        tools,
        messages: [
          ...inTheHouse,
          plain.choices[0]!.message,
          ...calls.map(({ id }) => ({ role: "tool" as const, tool_call_id: id, content: "done" })),
        ],
      });
      expect(answer.choices[0]?.message.content?.trim()).toBe("Both are on.");
    });

    test("a JSON schema through the parse helper", async () => {
      target().enqueue({ text: '{"title":"The lighthouse","kind":"story"}' });
      const format = zodResponseFormat(z.object({ title: z.string(), kind: z.string() }), "book");
      const parsed = await client().chat.completions.parse({ model, messages, response_format: format });
      expect(parsed.choices[0]?.message.parsed).toEqual({ title: "The lighthouse", kind: "story" });
    });

    test("abort stops the generation", async () => {
      const before = target().aborted();
      target().enqueue({ text: Array.from({ length: 200 }, () => "The sea was calm. "), chunkDelayMs: 30 });
      const stream = await client().chat.completions.create({ model, messages, stream: true });
      const { controller } = stream;
      await vi.waitFor(async () => {
        for await (const chunk of stream) if (chunk.choices[0]?.delta.content) break;
      });
      controller.abort();
      await vi.waitFor(() => expect(target().aborted()).toBe(before + 1), { timeout: 2_000 });
    });
  });

  describe("openai for Node", () => {
    test("meets an unknown model as NotFoundError, bad input as BadRequestError, also when streaming", async () => {
      for (const stream of [false, true]) {
        await expect(client().chat.completions.create({ model: "nobody", messages, stream })).rejects.toMatchObject({
          constructor: NotFoundError,
          code: "model_not_found",
          requestID: expect.any(String),
        });
        await expect(client().chat.completions.create({ model: "athena", messages: [], stream })).rejects.toMatchObject(
          {
            constructor: BadRequestError,
            param: "messages",
          },
        );
      }
    });

    test("meets a failure in mid-stream as APIError", async () => {
      target().enqueue({ text: story, errorAfterChunks: 2 });
      const stream = await client().chat.completions.create({ model: rawModel, messages, stream: true });
      const read = async () => {
        for await (const _ of stream);
      };
      await expect(read()).rejects.toBeInstanceOf(APIError);
    });

    test("lists and retrieves models", async () => {
      const ids = (await collect(client().models.list())).map(({ id }) => id);
      expect(ids.slice(0, 3)).toEqual(["athena", "athena-private", "athena-embed"]);
      expect(ids).toContain(rawModel);
      expect((await client().models.retrieve(rawModel)).id).toBe(rawModel);
      await expect(client().models.retrieve("nobody")).rejects.toBeInstanceOf(NotFoundError);
    });

    test("reads its default base64 vectors as the same numbers", async () => {
      const embed = (format?: "float") =>
        client().embeddings.create({
          model: "athena-embed",
          input: ["Kraków", "lighthouse"],
          ...(format ? { encoding_format: format } : {}),
        });
      const [encoded, numbers] = [await embed(), await embed("float")];
      for (const [index, { embedding }] of numbers.data.entries()) {
        expect(encoded.data[index]?.embedding).toHaveLength(embedding.length);
        for (const [at, value] of embedding.entries()) expect(encoded.data[index]?.embedding[at]).toBeCloseTo(value, 6);
        expect(Math.hypot(...embedding)).toBeCloseTo(1, 4);
      }
    });

    test("works with a base URL without /v1", async () => {
      target().enqueue({ text: story });
      const completion = await client({ baseURL: target().url }).chat.completions.create({ model: "athena", messages });
      expect(completion.choices[0]?.message.content).toContain("lighthouse");
    });
  });
};
