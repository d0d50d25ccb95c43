import { describe, expect, test } from "vitest";
import { callsFingerprint } from "../../nodes/calls-fingerprint.ts";
import { lastUserText, turnOf } from "../../nodes/conversation.ts";
import type { ChatMessage } from "../../platform/models/model-gateway.ts";

const user = (content: string): ChatMessage => ({ role: "user", content });

describe("the newest turn", () => {
  test("is what came after the last assistant message, without instructions", () => {
    const turn = turnOf([
      { role: "system", content: "be brief" },
      user("a"),
      { role: "assistant", content: "b" },
      user("c"),
      user("d"),
    ]);
    expect(turn.messages).toEqual([user("c"), user("d")]);
  });

  test("carries the calls that its tool results answer", () => {
    const call = { id: "call_1", name: "f", arguments: { a: 1 } };
    const turn = turnOf([
      user("a"),
      { role: "assistant", content: "", toolCalls: [call] },
      { role: "tool", content: "42", toolCallId: "call_1" },
    ]);
    expect(turn.calls).toEqual([call]);
    expect(turn.toolResults).toHaveLength(1);
  });

  test("is empty when the client's own answer stands last", () => {
    expect(turnOf([user("a"), { role: "assistant", content: "b" }]).messages).toEqual([]);
  });
});

test("the user's words are the text parts of the last user message", () => {
  expect(
    lastUserText([
      user("a"),
      {
        role: "user",
        content: [
          { type: "text", text: "b" },
          { type: "image", mediaType: "image/png", base64: "" },
          { type: "text", text: "c" },
        ],
      },
    ]),
  ).toBe("bc");
});

test("a fingerprint does not depend on ids or on the order of keys, but on the calls", () => {
  const one = callsFingerprint([{ name: "f", arguments: { a: 1, b: { c: 2, d: 3 } } }]);
  expect(callsFingerprint([{ name: "f", arguments: { b: { d: 3, c: 2 }, a: 1 } }])).toBe(one);
  expect(callsFingerprint([{ name: "f", arguments: { a: 2, b: { c: 2, d: 3 } } }])).not.toBe(one);
});
