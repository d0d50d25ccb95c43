import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ChatMessage } from "../../platform/models/model-gateway.ts";
import { linkToolResults } from "../../server/chat/link-tool-results.ts";
import { createTextFilter } from "../../server/chat/text-filter.ts";
import { toJsonLine } from "../../server/http/json-line.ts";
import { tidyPath } from "../../server/http/normalise-path.ts";
import { parseJson } from "../../server/http/parse-json.ts";
import { toSeconds } from "../../server/ollama/keep-alive.ts";

const cut = (text: string, cuts: readonly number[]): string[] => {
  const places = [...new Set(cuts.map((at) => at % (text.length + 1)))].sort((a, b) => a - b);
  return [0, ...places].map((from, index) => text.slice(from, places[index] ?? text.length));
};

describe("the text filter", () => {
  const alphabet = fc.string({ unit: fc.constantFrom("a", "b", "ab", "👩‍🚀", " "), maxLength: 40 });

  test("shows the text up to the earliest stop sequence, however the text is cut", () => {
    fc.assert(
      fc.property(
        alphabet,
        fc.array(fc.string({ unit: fc.constantFrom("a", "b", "👩"), minLength: 1, maxLength: 4 }), { maxLength: 4 }),
        fc.array(fc.nat(200), { maxLength: 12 }),
        (text, stops, cuts) => {
          const filter = createTextFilter(stops);
          const shown =
            cut(text, cuts)
              .map((piece) => filter.push(piece))
              .join("") + filter.end();
          const first = Math.min(text.length, ...stops.map((stop) => text.indexOf(stop)).filter((at) => at >= 0));
          expect(shown).toBe(text.slice(0, first));
          expect(filter.stopped).toBe(stops.some((stop) => text.includes(stop)));
        },
      ),
    );
  });

  test("never ends a piece inside a character, and holds back no more than could become a stop", () => {
    fc.assert(
      fc.property(alphabet, fc.array(fc.nat(200), { maxLength: 12 }), (text, cuts) => {
        const filter = createTextFilter([]);
        for (const piece of cut(text, cuts)) expect(filter.push(piece)).not.toMatch(/[\ud800-\udbff]$/);
      }),
    );
    expect(createTextFilter(["END"]).push("Hello. E")).toBe("Hello. ");
    expect(createTextFilter(["END"]).push("Hello. X")).toBe("Hello. X");
  });
});

describe("tool results", () => {
  const calls = fc.array(fc.record({ name: fc.constantFrom("f", "g"), value: fc.nat(3) }), {
    minLength: 1,
    maxLength: 5,
  });

  test("without ids each find a call of their own, and the same history gives the same ids", () => {
    fc.assert(
      fc.property(fc.array(calls, { maxLength: 4 }), fc.boolean(), (turns, named) => {
        const messages = turns.flatMap((turn): ChatMessage[] => [
          {
            role: "assistant",
            content: "",
            toolCalls: turn.map(({ name, value }) => ({ id: "", name, arguments: { value } })),
          },
          ...turn.map(
            ({ name }): ChatMessage => ({
              role: "tool",
              content: "done",
              toolCallId: "",
              ...(named ? { toolName: name } : {}),
            }),
          ),
        ]);
        const linked = linkToolResults(messages);
        expect(linkToolResults(messages)).toEqual(linked);
        const called = linked.flatMap((message) => (message.role === "assistant" ? (message.toolCalls ?? []) : []));
        const results = linked.flatMap((message) => (message.role === "tool" ? [message] : []));
        expect(new Set(called.map(({ id }) => id)).size).toBe(called.length);
        expect(results.map(({ toolCallId }) => toolCallId).sort()).toEqual(called.map(({ id }) => id).sort());
        for (const { toolCallId, toolName } of results) {
          expect(called.find(({ id }) => id === toolCallId)?.name).toBe(toolName);
        }
      }),
    );
  });

  test("with ids keep them", () => {
    const messages: ChatMessage[] = [
      { role: "assistant", content: "", toolCalls: [{ id: "x", name: "f", arguments: {} }] },
      { role: "tool", content: "done", toolCallId: "x" },
      { role: "tool", content: "extra", toolCallId: "injected_content" },
    ];
    expect(linkToolResults(messages)).toEqual([messages[0], { ...messages[1], toolName: "f" }, messages[2]]);
  });
});

describe("JSON bodies", () => {
  test("of any value within the limits come out as they went in", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
        const json = JSON.stringify(value);
        fc.pre(!json.includes("\\u0000") && !json.includes("__proto__"));
        expect(parseJson(Buffer.from(json))).toEqual(JSON.parse(json));
      }),
    );
  });

  test("of any bytes are a value or a refusal, never another error", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          parseJson(bytes);
        } catch (error) {
          expect(error).toMatchObject({ code: "INVALID_INPUT" });
        }
      }),
    );
  });

  test("may be 32 levels deep and hold 1,000 keys; text may hold anything", () => {
    expect(parseJson(Buffer.from(`${"[".repeat(32)}${"]".repeat(32)}`))).toBeInstanceOf(Array);
    const keys = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`k${index}`, {}]));
    expect(parseJson(Buffer.from(JSON.stringify(keys)))).toEqual(keys);
    expect(parseJson(Buffer.from('{"text":"write \\\\u0000"}'))).toEqual({ text: "write \\u0000" });
  });

  test("do not reach the prototype of anything", () => {
    expect(() => parseJson(Buffer.from('{"a":{"__proto__":{"admin":true}}}'))).toThrow(/__proto__/);
    expect(({} as Record<string, unknown>).admin).toBeUndefined();
  });
});

test("a JSON line never has what a reader takes for a line end, and parses to the same value", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom("a", "\u2028", "\u2029", "\u0085", "\r", "\n", "\\", '"', "é") }),
      (text) => {
        const line = toJsonLine({ text });
        expect(line).not.toMatch(/[\r\n\u0085\u2028\u2029]/);
        expect(JSON.parse(line)).toEqual({ text });
      },
    ),
  );
});

test.each([
  ["/v1/models", "/v1/models"],
  ["/v1/models/", "/v1/models"],
  ["//v1///models//", "/v1/models"],
  ["/", "/"],
  ["//", "/"],
  ["/v1/models/?a=//b/", "/v1/models?a=//b/"],
])("the path %s is tidied to %s", (given, expected) => {
  expect(tidyPath(given)).toBe(expected);
});

test.each([
  [300, 300],
  [-1.0, -1],
  ["300s", 300],
  ["5m", 300],
  ["1h30m", 5_400],
  ["-1m", -60],
  ["250ms", 0.25],
  ["0", 0],
  ["-1", -1],
  ["soon", undefined],
  ["", undefined],
  ["5 m", undefined],
])("keep_alive %j is %s seconds", (given, expected) => {
  expect(toSeconds(given)).toBe(expected);
});
