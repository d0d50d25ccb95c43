import { expect, test } from "vitest";
import type { ClientProfileRow } from "../../../platform/config/registry.ts";
import { externalConversationId } from "../../../server/clients/external-conversation-id.ts";

const profile = (...from: string[]): ClientProfileRow => ({
  id: "test",
  identity: { from: "key", plainHeaders: [] },
  conversation: { from },
  taskHeader: null,
  tasks: [],
  voice: false,
  enabled: true,
});

test("takes the first place of the profile that has an id", () => {
  const both = profile("user", "metadata:session_id");
  expect(externalConversationId(both, { headers: {}, user: " 01H ", metadata: { session_id: "s" } })).toBe("01H");
  expect(externalConversationId(both, { headers: {}, user: { name: "Ada" }, metadata: { session_id: "s" } })).toBe("s");
  expect(externalConversationId(profile("header:x-chat"), { headers: { "x-chat": "c" } })).toBe("c");
});

test.each(["", "new", "NULL", "local:socket", "{{CHAT_ID}}", "x".repeat(257)])("%j is no conversation", (value) => {
  expect(externalConversationId(profile("user"), { headers: {}, user: value })).toBeUndefined();
});

test("a profile without places is stateless", () => {
  expect(externalConversationId(profile(), { headers: { "x-openwebui-chat-id": "c" }, user: "u" })).toBeUndefined();
});
