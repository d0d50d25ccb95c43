import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningEngine, startEngine } from "../support/engine.ts";
import { actionDone, homePrompt, homeTools, house, liveContext, locationTool } from "../support/home/home-client.ts";

interface Exchange {
  readonly what: string;
  readonly request: { readonly method: string; readonly path: string; readonly body?: Record<string, unknown> };
  readonly answer: {
    readonly status?: number;
    readonly models?: readonly string[];
    readonly calls?: readonly { readonly name: string; readonly arguments: unknown }[];
    readonly text?: string;
  };
}

interface Said {
  readonly text: string;
  readonly calls: readonly { readonly name: string; readonly arguments: unknown }[];
}

// biome-ignore lint/suspicious/noExplicitAny: shapes are what is tested
type Json = any;

let athena: RunningEngine;
beforeAll(async () => {
  athena = await startEngine();
});
afterAll(() => athena.close());

const readOllama = (body: string): Said => {
  const messages: Json[] = body
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line).message);
  return {
    text: messages.map(({ content }) => content).join(""),
    calls: messages.flatMap(({ tool_calls = [] }) =>
      tool_calls.map((call: Json) => ({ name: call.function.name, arguments: call.function.arguments })),
    ),
  };
};

const readOpenai = (body: string): Said => {
  const chunks: Json[] = body.startsWith("{")
    ? [JSON.parse(body)]
    : body
        .split("\n")
        .filter((line) => line.startsWith("data: {"))
        .map((line) => JSON.parse(line.slice(6)));
  const pieces = chunks.flatMap(({ choices }) => choices.map((choice: Json) => choice.delta ?? choice.message));
  return {
    text: pieces.map(({ content }) => content ?? "").join(""),
    calls: pieces.flatMap(({ tool_calls }) =>
      (tool_calls ?? []).map((call: Json) => ({
        name: call.function.name,
        arguments: JSON.parse(call.function.arguments),
      })),
    ),
  };
};

const ask = async (path: string, body: object): Promise<Said> => {
  const response = await athena.post(path, body);
  const text = await response.text();
  expect(response.status, text).toBe(200);
  return path === "/api/chat" ? readOllama(text) : readOpenai(text);
};

const clients = ["core-ollama", "local-openai", "extended-openai"];

describe.each(clients)("the stored turns of %s, without a model", (name) => {
  const { exchanges } = JSON.parse(
    readFileSync(new URL(`../clients/home-assistant/${name}.json`, import.meta.url), "utf8"),
  ) as { exchanges: Exchange[] };
  test.each(exchanges)("$what", async ({ request, answer }) => {
    if (request.method === "GET") {
      const response = await fetch(`${athena.url}${request.path}`);
      expect(response.status).toBe(answer.status ?? 200);
      const listed = ((await response.json()) as Json) ?? {};
      const ids = (listed.models ?? listed.data ?? []).map((model: Json) => model.model ?? model.id);
      for (const model of answer.models ?? [])
        expect(
          ids.some((id: string) => id.split(":")[0] === model),
          ids.join(),
        ).toBe(true);
      return;
    }
    const said = await ask(request.path, request.body ?? {});
    expect(said).toEqual({ text: answer.text ?? "", calls: answer.calls ?? [] });
  });
});

describe("a turn with Home Assistant as a client, without a model", () => {
  const tools = homeTools();
  const turn = (messages: readonly object[], more: object = {}) =>
    ask("/api/chat", {
      model: "athena",
      tools,
      messages: [{ role: "system", content: homePrompt() }, ...messages],
      ...more,
    });
  const user = (content: string) => ({ role: "user", content });
  const called = (...calls: readonly { name: string; arguments: object }[]) => ({
    role: "assistant",
    content: "",
    tool_calls: calls.map((call) => ({ function: call })),
  });
  const result = (content: string) => ({ role: "tool", content });

  test("asks back which lamp, and the answer of the next turn is enough", async () => {
    const first = await turn([user("turn on the lamp")]);
    expect(first).toEqual({ text: "Which one: Bedside Lamp or Ceiling Lamp?", calls: [] });
    const second = await turn([
      user("turn on the lamp"),
      { role: "assistant", content: first.text },
      user("the ceiling one"),
    ]);
    expect(second.calls).toEqual([{ name: "HassTurnOn", arguments: { name: "Ceiling Lamp", domain: ["light"] } }]);
    const both = await turn([
      user("turn on the lamp"),
      { role: "assistant", content: first.text },
      user("both please"),
    ]);
    expect(both.calls.map((call) => (call.arguments as { name: string }).name)).toEqual([
      "Bedside Lamp",
      "Ceiling Lamp",
    ]);
    const done = await turn([
      user("turn on the lamp"),
      { role: "assistant", content: first.text },
      user("the ceiling one"),
      called({ name: "HassTurnOn", arguments: { name: "Ceiling Lamp", domain: ["light"] } }),
      result(actionDone([{ name: "Ceiling Lamp", type: "entity" }])),
    ]);
    expect(done).toEqual({ text: "Turned on: Ceiling Lamp.", calls: [] });
  });

  test("asks for the room in the user's language", async () => {
    const { text, calls } = await turn([user("увімкни світло")], {
      messages: [{ role: "system", content: homePrompt({ entities: house }) }, user("увімкни світло")],
    });
    expect(calls).toEqual([]);
    expect(text).toBe("У якій кімнаті: Bedroom, Kitchen чи Office?");
  });

  test("asks the client where the speaker is before it asks the user", async () => {
    const more = { tools: [...tools, locationTool] };
    const first = await turn([user("turn on the lights")], more);
    expect(first.calls).toEqual([{ name: "GetCurrentLocation", arguments: {} }]);
    const located = [user("turn on the lights"), called({ name: "GetCurrentLocation", arguments: {} })];
    const known = await turn(
      [...located, result(JSON.stringify({ success: true, result: { area: "Kitchen" } }))],
      more,
    );
    expect(known.calls).toEqual([{ name: "HassTurnOn", arguments: { area: "Kitchen", domain: ["light"] } }]);
    const unknown = await turn([...located, result(JSON.stringify({ success: false, error: "No area" }))], more);
    expect(unknown.calls).toEqual([]);
  });

  test.each([
    ["an error of the intent", JSON.stringify({ error: "MatchFailedError", error_text: "secret detail" })],
    ["an error of a newer version", JSON.stringify({ data: { error: "x" }, error: true })],
    ["no success", JSON.stringify({ success: false, error: "offline" })],
    [
      "a response of the kind error",
      JSON.stringify({ speech: {}, response_type: "error", data: { code: "failed_to_handle" } }),
    ],
    ["a target that failed", actionDone([], [{ name: "Kitchen Light", type: "entity" }])],
    ["nothing that can be read", "<html>Bad gateway</html>"],
    ["an empty result", ""],
  ])("never claims that it is done on %s", async (_, content) => {
    const call = { name: "HassTurnOn", arguments: { name: "Kitchen Light", domain: ["light"] } };
    const { text, calls } = await turn([user("turn on the kitchen light"), called(call), result(content)]);
    expect(calls).toEqual([]);
    expect(text).not.toMatch(/turned on|done/i);
    expect(text).toMatch(/did not work|could not find|cannot tell/);
    expect(text).not.toContain("secret");
    expect(text).not.toMatch(/[?*_`#]/);
  });

  test("does the home's part first and answers the rest in the turn that goes on", async () => {
    const said = user("Turn off the TV and how high is Gdańsk airport?");
    const first = await turn([said]);
    expect(first).toEqual({
      text: "",
      calls: [{ name: "HassTurnOff", arguments: { name: "TV", domain: ["media_player"] } }],
    });
    const second = await turn([
      said,
      called(first.calls[0] as never),
      result(actionDone([{ name: "TV", type: "entity" }])),
    ]);
    expect(second.calls).toEqual([]);
    expect(second.text).toContain("Turned off: TV.");
    expect(second.text).toContain("489");
  });

  test("answers a question about several things from what the client reads", async () => {
    const said = user("which lights are on in the kitchen?");
    const { calls } = await turn([said]);
    expect(calls).toEqual([{ name: "GetLiveContext", arguments: { domain: "light", area: "Kitchen" } }]);
    const live = liveContext([
      { names: "Counter Light, Worktop", domain: "light", state: "on", areas: "Kitchen" },
      { names: "Kitchen Light", domain: "light", state: "off", areas: "Kitchen" },
    ]);
    expect(await turn([said, called(calls[0] as never), result(live)])).toEqual({ text: "Counter Light.", calls: [] });
  });

  test("calls nothing when no tool was sent, when none may be called, or when the right one is missing", async () => {
    for (const more of [{ tools: [] }, { tools: homeTools({ only: ["HassTurnOff", "GetLiveContext"] }) }]) {
      const { calls, text } = await turn([user("turn on the kitchen light")], more);
      expect(calls).toEqual([]);
      expect(text).not.toBe("");
    }
    const forbidden = await ask("/v1/chat/completions", {
      model: "athena",
      messages: [{ role: "system", content: homePrompt() }, user("turn on the kitchen light")],
      tools,
      tool_choice: "none",
    });
    expect(forbidden.calls).toEqual([]);
  });

  test("understands tools with the prefix of a merged API, and calls them by it", async () => {
    const { calls } = await turn([user("turn on the kitchen light")], { tools: homeTools({ prefix: "assist__" }) });
    expect(calls).toEqual([{ name: "assist__HassTurnOn", arguments: { name: "Kitchen Light", domain: ["light"] } }]);
  });

  test("leaves the time to the clock", async () => {
    const { calls, text } = await turn([user("what time is it?")]);
    expect(calls).toEqual([]);
    expect(text).toMatch(/\d{1,2}[:.]\d{2}/);
  });
});
