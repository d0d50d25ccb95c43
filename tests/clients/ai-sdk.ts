import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { APICallError, embedMany, generateText, Output, stepCountIs, streamText, tool } from "ai";
import { beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { type ClientTarget, rawModel, smallTalk, story } from "./client-target.ts";

/** The AI SDK (`ai` with `@ai-sdk/openai-compatible`), unmodified; it checks every chunk against a schema. */
export const aiSdkSuite = (target: () => ClientTarget): void => {
  const provider = () =>
    createOpenAICompatible({
      name: "athena",
      baseURL: `${target().url}/v1`,
      apiKey: "not-needed",
      includeUsage: true,
      supportsStructuredOutputs: true,
    });
  const ask = (model = "athena") => ({ model: provider()(model), prompt: smallTalk, maxRetries: 0 });
  const lamp = () =>
    tool({
      description: "Turns a lamp on.",
      inputSchema: z.object({ area: z.string() }),
      execute: async ({ area }) => `${area} is on`,
    });
  const quiet = { onError: () => {} };
  beforeEach(() => target().reset());

  describe("the AI SDK", () => {
    test("plain", async () => {
      target().enqueue({ text: story });
      const { text, finishReason, usage } = await generateText(ask());
      expect(text.trim()).toBe(story.join(""));
      expect(finishReason).toBe("stop");
      expect(usage.totalTokens).toBeGreaterThan(0);
    });

    test("streamed", async () => {
      target().enqueue({ text: story });
      const stream = streamText(ask());
      let text = "";
      for await (const piece of stream.textStream) text += piece;
      expect(text.trim()).toBe(story.join(""));
      expect(await stream.finishReason).toBe("stop");
      expect((await stream.usage).totalTokens).toBeGreaterThan(0);
    });

    test("reasoning of a provider's model stays beside the text", async () => {
      target().enqueue({ reasoning: "Think of the sea.", text: story });
      const stream = streamText(ask(rawModel));
      expect(await stream.reasoningText).toBe("Think of the sea.");
      expect((await stream.text).trim()).toBe(story.join(""));
    });

    test("two parallel tool calls and the turn with their results, streamed", async () => {
      target().enqueue(
        {
          toolCalls: [
            { id: "call_1", name: "turn_on", arguments: { area: "hall" } },
            { id: "call_2", name: "turn_on", arguments: { area: "attic" } },
          ],
        },
        { text: "Both are on." },
      );
      const stream = streamText({
        ...ask(),
        prompt: "Please use your tool for the hall and the attic.",
        tools: { turn_on: lamp() },
        stopWhen: stepCountIs(2),
      });
      expect((await stream.text).trim()).toBe("Both are on.");
      const [first] = await stream.steps;
      expect(first?.finishReason).toBe("tool-calls");
      expect(first?.toolResults.map(({ output }) => output)).toEqual(["hall is on", "attic is on"]);
    });

    test("a JSON schema", async () => {
      target().enqueue({ text: '{"title":"The lighthouse"}' });
      const { output } = await generateText({
        ...ask(),
        output: Output.object({ schema: z.object({ title: z.string() }) }),
      });
      expect(output).toEqual({ title: "The lighthouse" });
    });

    test("an error before the stream, and one inside it", async () => {
      await expect(generateText(ask("nobody"))).rejects.toMatchObject({
        statusCode: 404,
        message: expect.stringContaining("nobody"),
      });
      await expect(generateText(ask("nobody"))).rejects.toBeInstanceOf(APICallError);
      target().enqueue({ text: story, errorAfterChunks: 2 });
      const stream = streamText({ ...ask(rawModel), ...quiet });
      const kinds: string[] = [];
      for await (const part of stream.fullStream) kinds.push(part.type);
      expect(kinds).toContain("error");
    });

    test("embeddings", async () => {
      const { embeddings } = await embedMany({
        model: provider().embeddingModel("athena-embed"),
        values: ["lighthouse", "sea"],
      });
      expect(embeddings).toHaveLength(2);
      expect(Math.hypot(...embeddings[0]!)).toBeCloseTo(1, 4);
    });
  });
};
