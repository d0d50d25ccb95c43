import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hashedEmbedding } from "../../../platform/models/hashed-embedding.ts";
import type { ChatMessage } from "../../../platform/models/model-gateway.ts";
import { normaliseConversation } from "../../../platform/models/normalise-conversation.ts";
import { retryAfterSeconds } from "../../../platform/models/retry-after.ts";
import { createToolCallCollector } from "../../../platform/models/tool-call-collector.ts";

describe("a conversation that providers would refuse", () => {
  const user = (content: string): ChatMessage => ({ role: "user", content });
  const call = (...ids: string[]): ChatMessage => ({
    role: "assistant",
    content: "",
    toolCalls: ids.map((id) => ({ id, name: `tool_${id}`, arguments: {} })),
  });
  const result = (toolCallId: string, content = `of ${toolCallId}`, toolName?: string): ChatMessage => ({
    role: "tool",
    content,
    toolCallId,
    ...(toolName !== undefined && { toolName }),
  });
  const shape = (messages: readonly ChatMessage[]) =>
    normaliseConversation(messages).map((message) => {
      if (message.role === "assistant" && message.toolCalls) return `calls ${message.toolCalls.map(({ id }) => id)}`;
      return message.role === "tool"
        ? `${message.toolCallId}: ${message.content}`
        : `${message.role}: ${message.content}`;
    });

  test("gets a call for a result that has none", () => {
    expect(shape([user("hi"), result("injected_content", "lights are on")])).toEqual([
      "user: hi",
      "calls injected_content",
      "injected_content: lights are on",
    ]);
  });

  test("gets a result for a call that has none", () => {
    expect(shape([call("a", "b"), result("b"), user("so?")])).toEqual([
      "calls a,b",
      "a: No result was returned.",
      "b: of b",
      "user: so?",
    ]);
  });

  test("has results moved behind their calls", () => {
    expect(shape([call("a"), user("wait"), result("a")])).toEqual(["calls a", "a: of a", "user: wait"]);
  });

  test("has results without ids matched by name, else by order", () => {
    expect(shape([call("a", "b"), result("", "B", "tool_b"), result("", "A", "tool_a")])).toEqual([
      "calls a,b",
      "a: A",
      "b: B",
    ]);
    expect(shape([call("a", "b"), result("", "first"), result("", "second")])).toEqual([
      "calls a,b",
      "a: first",
      "b: second",
    ]);
  });

  test("with ids used again in a later turn keeps its turns apart", () => {
    const turns = [call("0"), result("0", "old"), user("again"), call("0"), result("0", "new")];
    expect(shape(turns)).toEqual(["calls 0", "0: old", "user: again", "calls 0", "0: new"]);
  });

  test("loses empty assistant messages and the None beside calls, but no None that was said", () => {
    const none = { ...call("a"), content: "None" } as ChatMessage;
    const messages = [
      user("x"),
      { role: "assistant", content: " " } as const,
      none,
      result("a"),
      { role: "assistant", content: "None" } as const,
    ];
    expect(normaliseConversation(messages).filter(({ role }) => role === "assistant")).toEqual([
      { ...call("a"), content: "" },
      { role: "assistant", content: "None" },
    ]);
  });

  const id = fc.constantFrom("a", "b", "c", "");
  const anyMessage: fc.Arbitrary<ChatMessage> = fc.oneof(
    fc.record({ role: fc.constantFrom("user" as const, "system" as const), content: fc.string({ maxLength: 3 }) }),
    fc.record({ role: fc.constant("assistant" as const), content: fc.constantFrom("", "None", "x") }),
    fc.uniqueArray(fc.constantFrom("a", "b", "c"), { minLength: 1 }).map((ids) => call(...ids)),
    fc
      .tuple(id, fc.option(fc.constantFrom("tool_a", "tool_x"), { nil: undefined }))
      .map(([one, name]) => result(one, "r", name)),
  );

  test("comes out valid whatever it was, loses nothing said, and twice is once", () => {
    fc.assert(
      fc.property(fc.array(anyMessage, { maxLength: 14 }), (messages) => {
        const normal = normaliseConversation(messages);
        for (const [at, message] of normal.entries()) {
          if (message.role === "assistant") {
            const calls = message.toolCalls ?? [];
            const results = normal.slice(at + 1, at + 1 + calls.length);
            expect(results.map((one) => one.role === "tool" && one.toolCallId)).toEqual(calls.map((one) => one.id));
            expect(normal[at + 1 + calls.length]?.role).not.toBe("tool");
          }
          if (message.role === "tool") expect(["assistant", "tool"]).toContain(normal[at - 1]?.role);
        }
        const spoken = (all: readonly ChatMessage[]) => all.filter(({ role }) => role === "user" || role === "system");
        expect(spoken(normal)).toEqual(spoken(messages));
        const results = (all: readonly ChatMessage[]) =>
          all.filter((one) => one.role === "tool" && one.content === "r").length;
        expect(results(normal)).toBe(results(messages));
        expect(normaliseConversation(normal)).toEqual(normal);
      }),
    );
  });
});

describe("tool calls in fragments", () => {
  const collected = (fragments: Parameters<ReturnType<typeof createToolCallCollector>["add"]>[0][]) => {
    const collector = createToolCallCollector();
    for (const fragment of fragments) collector.add(fragment);
    return collector.take();
  };

  test("come together however the arguments are cut", () => {
    const given = { place: "Łódź 😀", list: [1, { a: null }], text: 'say "hi"\n' };
    const json = JSON.stringify(given);
    fc.assert(
      fc.property(fc.array(fc.nat({ max: json.length }), { maxLength: 8 }), (places) => {
        const cuts = [0, ...places.sort((a, b) => a - b), json.length];
        const fragments = cuts.slice(1).map((end, at) => ({ index: 0, arguments: json.slice(cuts[at], end) }));
        expect(collected([{ index: 0, id: "c", name: "f" }, ...fragments])).toEqual([
          { whole: true, call: { id: "c", name: "f", arguments: given } },
        ]);
      }),
    );
  });

  test("several calls that all have index 0 stay apart by their ids", () => {
    const calls = collected([
      { index: 0, id: "a", name: "f", arguments: "{}" },
      { index: 0, id: "b", name: "f", arguments: '{"x":1}' },
    ]);
    expect(calls.map((one) => one.whole && [one.call.id, one.call.arguments])).toEqual([
      ["a", {}],
      ["b", { x: 1 }],
    ]);
  });

  test.each([
    ["", {}],
    ["null", {}],
    ['"{\\"a\\":1}"', { a: 1 }],
  ])("arguments %j are %j", (text, expected) => {
    expect(collected([{ index: 0, id: "c", name: "f", arguments: text }])).toEqual([
      { whole: true, call: { id: "c", name: "f", arguments: expected } },
    ]);
  });

  test.each(["[1]", "3", "{", '"x"'])("arguments %j are no call", (text) => {
    expect(collected([{ index: 0, name: "f", arguments: text }])).toEqual([{ whole: false, name: "f", text }]);
  });

  test("ids that are missing or used twice are replaced", () => {
    const calls = collected([
      { index: 0, id: "same", name: "f" },
      { index: 1, id: "same", name: "f" },
      { index: 2, name: "f" },
    ]);
    const ids = calls.flatMap((one) => (one.whole ? [one.call.id] : []));
    expect(ids[0]).toBe("same");
    expect(new Set(ids).size).toBe(3);
  });
});

describe("athena-embed", () => {
  const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);

  test("gives the same unit vector for the same text, of any length asked for", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 1, max: 384 }), (text, dimensions) => {
        const vector = hashedEmbedding(text, dimensions);
        expect(vector.length).toBe(dimensions);
        expect(Math.hypot(...vector)).toBeCloseTo(1, 4);
        expect(hashedEmbedding(text, dimensions)).toEqual(vector);
      }),
    );
  });

  test("puts like texts nearer than unlike ones, in any script", () => {
    for (const [text, like, unlike] of [
      ["the weather in Kraków tomorrow", "weather tomorrow Krakow", "stock price of Apple"],
      ["погода у Львові завтра", "яка завтра погода", "курс долара"],
      ["מזג האוויר מחר", "מה מזג האוויר", "מחיר המניה"],
    ] as const) {
      const vector = hashedEmbedding(text);
      expect(dot(vector, hashedEmbedding(like))).toBeGreaterThan(dot(vector, hashedEmbedding(unlike)) + 0.1);
    }
  });

  test.each([0, -1, 1.5, 385, Number.NaN])("refuses %d dimensions", (dimensions) => {
    expect(() => hashedEmbedding("x", dimensions)).toThrow(expect.objectContaining({ code: "INVALID_INPUT" }));
  });
});

describe("what a reply asks to wait", () => {
  test.each([
    [{ "retry-after": "7" }, 7],
    [{ "retry-after-ms": "250", "retry-after": "7" }, 0.25],
    [{ "retry-after": "Thu, 01 Jan 1970 00:00:10 GMT" }, 9],
    [{ "retry-after": "soon" }, undefined],
    [{}, undefined],
  ])("%j is %s seconds", (headers, expected) => expect(retryAfterSeconds(new Headers(headers), 1_000)).toBe(expected));
});
