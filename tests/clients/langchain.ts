import { HumanMessage, ToolMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { ChatOpenAI, OpenAIEmbeddings } from "@langchain/openai";
import { beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { type ClientTarget, rawModel, smallTalk, story } from "./client-target.ts";

const turnOn = tool(async () => "done", {
  name: "turn_on",
  description: "Turns a lamp on.",
  schema: z.object({ area: z.string() }),
});

/** `ChatOpenAI` of `@langchain/openai`, unmodified. */
export const langchainSuite = (target: () => ClientTarget): void => {
  const chat = (model = "athena") =>
    new ChatOpenAI({
      model,
      apiKey: "not-needed",
      maxRetries: 0,
      configuration: { baseURL: `${target().url}/v1` },
    });
  beforeEach(() => target().reset());

  describe("LangChain's ChatOpenAI", () => {
    test("plain, with usage", async () => {
      target().enqueue({ text: story });
      const answer = await chat().invoke(smallTalk);
      expect(answer.text.trim()).toBe(story.join(""));
      expect(answer).toMatchObject({ usage_metadata: { total_tokens: expect.any(Number) } });
      expect(answer.response_metadata.finish_reason).toBe("stop");
    });

    test("streamed, with usage at the end", async () => {
      target().enqueue({ text: story });
      let text = "";
      let total = 0;
      for await (const chunk of await chat().stream(smallTalk)) {
        text += chunk.text;
        total += (chunk.usage_metadata as { total_tokens: number } | undefined)?.total_tokens ?? 0;
      }
      expect(text.trim()).toBe(story.join(""));
      expect(total).toBeGreaterThan(0);
    });

    test.each(["invoke", "stream"] as const)("a tool call and its result by %s", async (way) => {
      target().enqueue(
        { toolCalls: [{ id: "call_1", name: "turn_on", arguments: { area: "hall" } }] },
        { text: "It is on." },
      );
      const model = chat().bindTools([turnOn]);
      const question = new HumanMessage("Please use your tool for the hall.");
      let called = await (way === "invoke" ? model.invoke([question]) : firstOf(await model.stream([question])));
      expect(called.tool_calls).toMatchObject([{ name: "turn_on", args: { area: "hall" } }]);
      const result = new ToolMessage({ content: "done", tool_call_id: called.tool_calls?.[0]?.id ?? "" });
      called = await model.invoke([question, called, result]);
      expect(called.text.trim()).toBe("It is on.");
    });

    test("structured output", async () => {
      target().enqueue({ text: '{"title":"The lighthouse"}' });
      const structured = chat().withStructuredOutput(z.object({ title: z.string() }), {
        method: "jsonSchema",
        name: "book",
      });
      expect(await structured.invoke(smallTalk)).toEqual({ title: "The lighthouse" });
    });

    test("an error before the stream and one inside it both reject", async () => {
      await expect(chat("nobody").invoke(smallTalk)).rejects.toMatchObject({ status: 404 });
      target().enqueue({ text: story, errorAfterChunks: 2 });
      const read = async () => {
        for await (const _ of await chat(rawModel).stream(smallTalk));
      };
      await expect(read()).rejects.toThrow();
    });

    test("embeddings", async () => {
      const embeddings = new OpenAIEmbeddings({
        model: "athena-embed",
        apiKey: "not-needed",
        configuration: { baseURL: `${target().url}/v1` },
      });
      const vector = await embeddings.embedQuery("lighthouse");
      expect(Math.hypot(...vector)).toBeCloseTo(1, 4);
    });
  });
};

/** The chunks of a stream as one message. */
const firstOf = async <Chunk extends { concat(other: Chunk): Chunk }>(stream: AsyncIterable<Chunk>): Promise<Chunk> => {
  let whole: Chunk | undefined;
  for await (const chunk of stream) whole = whole === undefined ? chunk : whole.concat(chunk);
  if (whole === undefined) throw new Error("The stream was empty.");
  return whole;
};
