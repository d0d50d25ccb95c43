import { describe, expect, test } from "vitest";
import { createPermit } from "../../../platform/egress/create-permit.ts";
import { concealRequest, textsToConceal } from "../../../platform/models/conceal-request.ts";
import type { ChatEvent, ToolCall } from "../../../platform/models/model-gateway.ts";
import type { ProviderRequest } from "../../../platform/models/provider.ts";
import { restoreEvents } from "../../../platform/models/restore-events.ts";
import { canaries } from "../../support/canaries.ts";

const sanitized = () => createPermit({ class: "sanitized", confidential: true, budgetMs: 5_000 });
const identifiers: readonly string[] = Object.entries(canaries).flatMap(([name, value]) =>
  name === "plain" || name === "israeliId" ? [] : [value],
);
const numbers = [44051401359, 4111111111111111, 1234563218, 123456785, 3184710691, 601733911];

/** A request that has a value in every place where one can stand. */
const requestWith = (value: string): ProviderRequest => ({
  messages: [
    { role: "system", content: value },
    { role: "user", content: [{ type: "text", text: value }] },
    {
      role: "assistant",
      content: value,
      toolCalls: [
        { id: `call ${value}`, name: `tool ${value}`, arguments: { [value]: [value, { deep: { [value]: 1 } }] } },
      ],
    },
    { role: "tool", content: value, toolCallId: `call ${value}`, toolName: `tool ${value}` },
    { role: "user", content: value },
  ],
  tools: [
    {
      name: `tool ${value}`,
      description: value,
      parameters: { type: "object", properties: { [value]: { description: value, enum: [value] } }, required: [value] },
    },
  ],
  toolChoice: { name: `tool ${value}` },
  responseFormat: { type: "json_schema", name: value, schema: { properties: { [value]: { const: value } } } },
  stop: [value],
});

test.each(identifiers)("%s leaves from no place of a request", async (identifier) => {
  const permit = sanitized();
  const request = requestWith(identifier);
  await permit.prepare(textsToConceal(request, permit));
  const sent = concealRequest(request, permit);
  expect(JSON.stringify(sent).toLowerCase()).not.toContain(identifier.toLowerCase());
  // What belongs together still does.
  const [, , asked, answered] = sent.messages;
  const call = asked?.role === "assistant" ? asked.toolCalls?.[0] : undefined;
  expect(answered).toMatchObject({ toolCallId: call?.id, toolName: call?.name });
  expect(sent.toolChoice).toEqual({ name: call?.name });
  expect(sent.tools?.[0]?.name).toBe(call?.name);
  expect(call?.name).toMatch(/^[\w-]{1,64}$/);
  expect(call?.id).toMatch(/^[\w-]{1,64}$/);
});

test.each(numbers)("%d does not leave as a number either", (number) => {
  const request: ProviderRequest = {
    messages: [
      {
        role: "assistant",
        content: "",
        toolCalls: [{ id: "c1", name: "pay", arguments: { n: number, all: [{ n: number }] } }],
      },
      { role: "tool", content: "ok", toolCallId: "c1" },
    ],
    tools: [{ name: "pay", parameters: { properties: { n: { const: number, default: number, maximum: number } } } }],
    responseFormat: { type: "json_schema", name: "x", schema: { enum: [number], minimum: number } },
  };
  expect(JSON.stringify(concealRequest(request, sanitized()))).not.toContain(String(number));
});

test.each([
  { password: "hunter2" },
  { db_password: "correct-horse" },
  { apiKey: "abcdefgh" },
  { hasło: "tajne" },
  { пароль: "таємниця" },
  { סיסמה: "סודית" },
  { pin: "4821" },
  { pin: 4821 },
  { card: { cvv: 123 } },
  { user: { access_token: "zyx-wvu" } },
])("the value of a field that calls itself secret stays: %j", (args) => {
  const request: ProviderRequest = {
    messages: [{ role: "assistant", content: "", toolCalls: [{ id: "c1", name: "log_in", arguments: args }] }],
  };
  const sent = JSON.stringify(concealRequest(request, sanitized()).messages);
  expect(sent).not.toMatch(/hunter2|correct-horse|abcdefgh|tajne"|таємниця|סודית|4821|123|zyx/);
});

test("what identifies nobody leaves as it is", () => {
  const request: ProviderRequest = {
    messages: [
      { role: "user", content: "Dim the lamp." },
      {
        role: "assistant",
        content: "",
        toolCalls: [
          {
            id: "call_9bX2kQ",
            name: "HassLightSet",
            arguments: { name: "lamp", brightness: 20, area: "kitchen", latitude: 52.2297, at: 12.5, max_tokens: 4096 },
          },
        ],
      },
      { role: "tool", content: "{}", toolCallId: "call_9bX2kQ", toolName: "HassLightSet" },
    ],
    tools: [
      "HassTurnOn",
      "HassLightSet",
      "GetLiveContext",
      "send_email",
      "get_weather",
      "todo_get_items",
      "list_issues",
    ].map((name) => ({
      name,
      description: "Does it.",
      parameters: {
        type: "object",
        properties: Object.fromEntries(
          "name area floor domain device_class brightness color temperature position message to subject body date start end title location address email phone query limit language url id status mark rose will may grace summer june"
            .split(" ")
            .map((key) => [key, { type: "integer", minimum: 0, maximum: 9007199254740991 }]),
        ),
        required: ["name"],
        additionalProperties: false,
      },
    })),
    responseFormat: { type: "json_schema", name: "weather_report", schema: { type: "object" } },
  };
  expect(concealRequest(request, sanitized())).toEqual(request);
});

describe("the answer", () => {
  const restored = async (request: ProviderRequest, calls: (sent: ProviderRequest) => ToolCall) => {
    const permit = sanitized();
    const sent = concealRequest(request, permit);
    const events = async function* (): AsyncGenerator<ChatEvent> {
      yield { type: "toolCall", call: calls(sent) };
    };
    const found: ChatEvent[] = [];
    for await (const event of restoreEvents(events(), permit, request)) found.push(event);
    return found[0]?.type === "toolCall" ? found[0].call : undefined;
  };

  test("has the originals back in names of tools, of fields, in texts and in numbers", async () => {
    const tool = {
      name: `mail_${canaries.email}`,
      parameters: { properties: { pesel: { type: "integer" }, note: { type: "string" } } },
    };
    const said = `${canaries.email} 44051401359`;
    const call = await restored({ messages: [{ role: "user", content: said }], tools: [tool] }, (sent) => ({
      id: "c",
      name: sent.tools?.[0]?.name ?? "",
      arguments: { pesel: "⟨PESEL_1⟩", note: "⟨PESEL_1⟩", "⟨EMAIL_2⟩": 1, nested: { "⟨EMAIL_2⟩": ["⟨EMAIL_2⟩"] } },
    }));
    expect(call).toEqual({
      id: "c",
      name: tool.name,
      arguments: {
        pesel: 44051401359,
        note: "44051401359",
        [canaries.email]: 1,
        nested: { [canaries.email]: [canaries.email] },
      },
    });
  });
});
