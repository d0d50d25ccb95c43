import OpenAI from "openai";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type RunningEngine, startEngine } from "../support/engine.ts";
import { type ModelServer, startModelServer } from "../support/model-server.ts";

let model: ModelServer;
let athena: RunningEngine;
let client: OpenAI;
beforeAll(async () => {
  model = await startModelServer();
  athena = await startEngine({ OPENAI_BASE_URL: model.openaiUrl, OPENAI_API_KEY: "key", ATHENA_TOOL_ROUNDS: "2" });
  client = new OpenAI({ baseURL: `${athena.url}/v1`, apiKey: "any", maxRetries: 0 });
});
afterAll(async () => {
  await athena?.close();
  await model?.close();
});
beforeEach(() => model.reset());

const lookup = { type: "function", function: { name: "lookup_order", parameters: { type: "object" } } } as const;
const switchOn = { type: "function", function: { name: "HassTurnOn", parameters: { type: "object" } } } as const;
const question = { role: "user", content: "Tell me a story about order 17 and what my share of it would be" } as const;
const both = {
  text: "One moment.",
  toolCalls: [
    { id: "own_1", name: "calculate", arguments: { expression: "17% of 2340" } },
    { id: "client_1", name: "lookup_order", arguments: { id: 17 } },
  ],
};
const answers = { text: ["Your share is 397.8 ", "and the order has shipped."] };

interface Said {
  readonly content: string;
  readonly calls: { id: string; name: string; arguments: string }[];
  readonly finish: string | null | undefined;
}

/** One request, streamed or not, put together to the same. */
const say = async (
  stream: boolean,
  messages: OpenAI.ChatCompletionMessageParam[],
  tools: readonly OpenAI.ChatCompletionFunctionTool[],
): Promise<Said> => {
  const request = { model: "athena", messages, ...(tools.length > 0 ? { tools: [...tools] } : {}) };
  if (!stream) {
    const { choices } = await client.chat.completions.create(request);
    const calls = choices[0]?.message.tool_calls ?? [];
    return {
      content: choices[0]?.message.content ?? "",
      calls: calls.flatMap((call) => (call.type === "function" ? [{ id: call.id, ...call.function }] : [])),
      finish: choices[0]?.finish_reason,
    };
  }
  const final = await client.chat.completions.stream(request).finalChatCompletion();
  const calls = final.choices[0]?.message.tool_calls ?? [];
  return {
    content: final.choices[0]?.message.content ?? "",
    calls: calls.flatMap((call) =>
      call.type === "function" ? [{ id: call.id, name: call.function.name, arguments: call.function.arguments }] : [],
    ),
    finish: final.choices[0]?.finish_reason,
  };
};

describe.each([["streamed", true] as const, ["whole", false] as const])("over HTTP, %s", (_, stream) => {
  test("ours run here, the client's come back, and their results continue the same turn", async () => {
    model.enqueue(both, answers);
    const first = await say(stream, [question], [lookup]);
    expect(first).toMatchObject({ content: "One moment.", finish: "tool_calls" });
    expect(first.calls).toEqual([{ id: "client_1", name: "lookup_order", arguments: '{"id":17}' }]);

    const second = await say(
      stream,
      [
        question,
        {
          role: "assistant",
          content: first.content,
          tool_calls: first.calls.map(({ id, ...call }) => ({ id, type: "function", function: call })),
        },
        { role: "tool", tool_call_id: "client_1", content: '{"status":"shipped"}' },
      ],
      [lookup],
    );
    expect(second).toEqual({
      content: "Your share is 397.8 and the order has shipped.",
      calls: [],
      finish: "stop",
    });
    const seen = model.requests.at(-1)?.body.messages as { role: string; content: string; tool_call_id?: string }[];
    const results = seen.filter(({ role }) => role === "tool");
    expect(results.map(({ tool_call_id }) => tool_call_id)).toEqual(["own_1", "client_1"]);
    expect(results[0]?.content).toContain("397.8");
    expect(
      seen
        .filter(({ role }) => role === "system")
        .map(({ content }) => content)
        .join(),
    ).not.toContain("397.8");
  });

  test("a client without tools gets the answer alone, and the tokens of all rounds", async () => {
    model.enqueue({ ...both, toolCalls: both.toolCalls.slice(0, 1) }, { text: "It is 397.8." });
    const said = await say(stream, [{ role: "user", content: "Tell me a story about my share" }], []);
    expect(said).toEqual({ content: "One moment.\n\nIt is 397.8.", calls: [], finish: "stop" });
    expect(model.requests[0]?.body.tools.map((tool: typeof lookup) => tool.function.name)).toContain("calculate");
  });

  test("a question switches nothing", async () => {
    model.enqueue(
      { toolCalls: [{ id: "c", name: "HassTurnOn", arguments: { name: "lamp" } }] },
      { text: "I can not see it." },
    );
    const said = await say(
      stream,
      [{ role: "user", content: "Which story does the lamp tell, is it on?" }],
      [switchOn],
    );
    expect(said).toEqual({ content: "I can not see it.", calls: [], finish: "stop" });
  });

  test("a tool that nobody has is refused to the model and never shown", async () => {
    model.enqueue(
      { toolCalls: [{ id: "c", name: "launch_rocket", arguments: {} }] },
      { text: "I stay on the ground." },
    );
    const said = await say(stream, [{ role: "user", content: "Tell me a story about rockets" }], []);
    expect(said).toEqual({ content: "I stay on the ground.", calls: [], finish: "stop" });
  });

  test("a model that only ever calls is stopped", async () => {
    model.respond({ toolCalls: [{ name: "calculate", arguments: { expression: "1+1" } }] });
    const said = await say(stream, [{ role: "user", content: "Tell me a story about two" }], []);
    expect(said.content).toContain("more tool calls");
    expect(model.requests).toHaveLength(3);
    model.respond(undefined);
  });
});

test("calls of ours leave audit rows with the caller's name", async () => {
  model.enqueue({ ...both, toolCalls: both.toolCalls.slice(0, 1) }, { text: "It is 397.8." });
  await say(false, [{ role: "user", content: "Tell me a story about my share" }], []);
  await expect
    .poll(async () => {
      const rows = await athena.engine.database.query<{ resource: string }>(
        "select resource from audits where action = 'tools.run'",
        [],
        "test",
      );
      return rows.map(({ resource }) => resource);
    })
    .toContain("tool:calculate");
});
