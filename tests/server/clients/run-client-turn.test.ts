import { expect, test } from "vitest";
import type { ClientProfileRow } from "../../../platform/config/registry.ts";
import type { Mode } from "../../../platform/egress/egress-class.ts";
import { AppError } from "../../../platform/errors/app-error.ts";
import type { ChatEvent, ChatRequest } from "../../../platform/models/model-gateway.ts";
import type { ChatCaller, ChatTurn } from "../../../server/chat/chat-turn.ts";
import { createRunAuxiliaryTurn } from "../../../server/clients/run-auxiliary-turn.ts";
import { createRunClientTurn } from "../../../server/clients/run-client-turn.ts";
import { createMemoryCache } from "../../support/memory-cache.ts";
import { permitOf } from "../../support/permit.ts";

const profile: ClientProfileRow = {
  id: "page",
  identity: { from: "key", plainHeaders: [] },
  conversation: { from: ["header:x-chat"] },
  taskHeader: "x-task",
  tasks: [{ task: "title_generation", fragments: ["### task:", "title"] }],
  voice: false,
  enabled: true,
};
const caller = (headers: Record<string, string>): ChatCaller => ({
  principal: { id: "key:page", roles: ["user"], profile: "page" },
  surface: "openai",
  headers,
  requestId: "r",
  signal: new AbortController().signal,
});
const turn: ChatTurn = {
  model: { id: "athena", kind: "athena", owner: "athena", confidential: false, capabilities: [] },
  messages: [{ role: "user", content: "<chat_history>\nUSER: my secret plan\n</chat_history>" }],
  control: { mode: "open", consent: false },
  sampling: {},
  provider: {},
};

/** The lane with a model that the confidential class may not reach, in front of one conversation of the given mode. */
const laneFor = (threadMode: Mode | undefined) => {
  const asked: ChatRequest[] = [];
  const modes: Mode[] = [];
  const runAuxiliaryTurn = createRunAuxiliaryTurn({
    models: {
      configured: true,
      answerModel: "openai/far",
      async *stream(request): AsyncGenerator<ChatEvent> {
        if (request.permit.class !== "full") throw new AppError("EGRESS_BLOCKED", "No.");
        asked.push(request);
        yield { type: "text", text: "Plans" };
        yield { type: "finish", reason: "stop", usage: { promptTokens: 1, completionTokens: 1, estimated: false } };
      },
    },
    model: undefined,
    beginCall: ({ control: { mode } }) => {
      modes.push(mode);
      return { permit: permitOf(mode === "open" ? "full" : "blocked"), end: async () => {} };
    },
    cache: createMemoryCache(),
    perMinute: 10,
    timeoutMs: 1_000,
    topicsOf: async () => [],
  });
  const run = createRunClientTurn({
    profiles: () => [profile],
    conversations: {
      threadOf: async () => "t",
      find: async () => (threadMode === undefined ? undefined : "t"),
    },
    timeline: {
      thread: async () => ({
        id: "t",
        channelId: "direct",
        owner: "key:page",
        scope: "personal" as const,
        mode: threadMode ?? "open",
        createdAt: "",
        lastPosition: 1,
        meta: {},
      }),
    },
    runEngineTurn: async () => {
      throw new Error("The graph has no business here.");
    },
    runAuxiliaryTurn,
  });
  return { asked, modes, run };
};
const headers = { "x-task": "title_generation", "x-chat": "c-1" };

test("a title of an open conversation is written by the model", async () => {
  const lane = laneFor("open");
  expect((await lane.run(turn, caller(headers))).text).toBe("Plans");
  expect(lane.asked).toHaveLength(1);
});

test("a title of a confidential conversation is confidential, though the page does not say so: the template makes it", async () => {
  const lane = laneFor("confidential");
  expect((await lane.run(turn, caller(headers))).text).toBe("My secret plan");
  expect(lane.modes).toEqual(["confidential"]);
  expect(lane.asked).toHaveLength(0);
});

test("a title of a conversation that is not known here is confidential: it may be another key's", async () => {
  const lane = laneFor(undefined);
  expect((await lane.run(turn, caller(headers))).text).toBe("My secret plan");
  expect(lane.modes).toEqual(["confidential"]);
  expect(lane.asked).toHaveLength(0);
});

test("a request that brings tools is a person's, whatever its header says", async () => {
  const withTools = { ...turn, tools: [{ name: "t", parameters: {} }] };
  await expect(laneFor("open").run(withTools, caller(headers))).rejects.toThrow("no business");
});
