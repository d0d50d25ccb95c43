import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ModelAliasRow } from "../../../platform/config/registry.ts";
import type { EgressClass } from "../../../platform/egress/egress-class.ts";
import type { ModelGateway } from "../../../platform/models/model-gateway.ts";
import { eventsOf, gatewayOn, openPermit, requestTo, textOf } from "../../support/gateway.ts";
import { type ModelServer, startModelServer } from "../../support/model-server.ts";

// Both servers are on loopback; the registry's rows say which one counts as local.
const row = (alias: string, candidates: string[], local: boolean | null): ModelAliasRow => ({
  alias,
  candidates,
  local,
});
const aliases = [
  row("cloud-mark", ["openai/cloud"], false),
  row("home-mark", ["ollama/home"], true),
  row("cloud-first", ["openai/cloud", "ollama/home"], null),
  row("home-first", ["ollama/home", "openai/cloud"], null),
  row("half", ["bedrock/x", "ollama/home"], null),
];

let cloud: ModelServer;
let home: ModelServer;
let gateway: ModelGateway;
beforeAll(async () => {
  [cloud, home] = await Promise.all([startModelServer({ models: ["cloud"] }), startModelServer({ models: ["home"] })]);
});
beforeEach(async () => {
  cloud.reset();
  home.reset();
  gateway = await gatewayOn(
    { OPENAI_BASE_URL: cloud.openaiUrl, OLLAMA_BASE_URL: home.ollamaUrl, ATHENA_MODEL: "openai/cloud" },
    { aliases },
  );
});
afterAll(() => Promise.all([cloud.close(), home.close()]));

const permitOf = (egressClass: EgressClass) => openPermit({ class: egressClass, confidential: egressClass !== "full" });
const ask = (model: string, more: Parameters<typeof requestTo>[1] = {}) =>
  eventsOf(gateway.stream(requestTo(model, more)));

describe("candidates", () => {
  test("are tried in order, and the answer says who gave it", async () => {
    cloud.respond({ kind: "failure", status: 401 });
    home.enqueue({ text: "from home" });
    const events = await ask("cloud-first");
    expect(events[0]).toEqual({ type: "start", model: "ollama/home" });
    expect(textOf(events)).toBe("from home");
    expect(cloud.requests).toHaveLength(1);
  });

  test("a busy one with a long Retry-After is left for the next", async () => {
    cloud.respond({ kind: "failure", status: 429, headers: { "retry-after": "10" } });
    home.enqueue({ text: "from home" });
    const started = performance.now();
    expect(textOf(await ask("cloud-first"))).toBe("from home");
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  test("when none can, the error is one that another try may mend", async () => {
    cloud.respond({ kind: "failure", status: 401 });
    home.respond({ kind: "failure", status: 503 });
    await expect(ask("cloud-first")).rejects.toMatchObject({ code: "PROVIDER_SERVER_ERROR", retryable: true });
  });

  test("of providers that are not configured are left out", async () => {
    home.enqueue({ text: "from home" });
    expect(textOf(await ask("half"))).toBe("from home");
  });

  test("a name that means nothing is no model", async () => {
    await expect(ask("nonsense")).rejects.toMatchObject({ code: "MODEL_NOT_FOUND", field: "model" });
  });

  test("a provider that is not set up is named with its setting", async () => {
    const alone = await gatewayOn({ OPENAI_BASE_URL: cloud.openaiUrl, ATHENA_MODEL: "openai/cloud" });
    await expect(eventsOf(alone.stream(requestTo("ollama/x")))).rejects.toMatchObject({
      code: "NOT_CONFIGURED",
      message: expect.stringContaining("OLLAMA_BASE_URL"),
    });
    await alone.close();
  });

  test("names match without regard to case and to :latest once the provider's list is known", async () => {
    await expect.poll(async () => (await gateway.models()).length).toBe(2);
    home.enqueue({ text: "x" });
    await ask("ollama/HOME");
    expect(home.requests[0]!.body.model).toBe("home:latest");
  });
});

describe("the class of a query", () => {
  test("local-only reaches the local candidate and never the other, whatever fails", async () => {
    const permit = permitOf("local-only");
    home.respond({ kind: "failure", status: 503 });
    for (const model of ["cloud-first", "home-first", "openai/cloud", "ollama/home"]) {
      const error = await ask(model, { permit }).catch((cause: unknown) => cause);
      expect(error).toMatchObject({ code: model === "openai/cloud" ? "EGRESS_BLOCKED" : "PROVIDER_SERVER_ERROR" });
    }
    home.respond({ text: "from home" });
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(cloud.requests).toEqual([]);
    expect(
      permit.receipt.filter((line) => line.destination === "openai").every((line) => line.decision === "held"),
    ).toBe(true);
    expect(permit.receipt.some((line) => line.destination === "ollama" && line.decision === "sent")).toBe(true);
  });

  test.each(["blocked", "generalised", "local-only"] as const)(
    "%s sends a cloud model nothing, not even texts to embed",
    async (egressClass) => {
      const permit = permitOf(egressClass);
      await expect(ask("openai/cloud", { permit })).rejects.toMatchObject({ code: "EGRESS_BLOCKED" });
      const { signal } = new AbortController();
      await expect(gateway.embed({ model: "openai/cloud", inputs: ["secret"], permit, signal })).rejects.toMatchObject({
        code: "EGRESS_BLOCKED",
      });
      expect(cloud.requests).toEqual([]);
    },
  );

  test("a redirect cannot carry a local query away", async () => {
    home.respond({ kind: "failure", status: 307, headers: { location: `${cloud.ollamaUrl}/api/chat` } });
    await expect(ask("ollama/home", { permit: permitOf("local-only") })).rejects.toMatchObject({
      code: "PROVIDER_REFUSED",
    });
    expect(cloud.requests).toEqual([]);
  });

  test("sanitized sends placeholders and gives the originals back, in text, reasoning and tool arguments", async () => {
    const permit = permitOf("sanitized");
    cloud.enqueue({
      reasoning: "About ⟨EMA".concat("IL_1⟩"),
      text: ["I wrote to ⟨EM", "AIL_1", "⟩ and ⟨", "IP_1⟩."],
      toolCalls: [{ id: "c2", name: "send", arguments: { to: ["⟨EMAIL_1⟩"] } }],
    });
    const events = await ask("openai/cloud", {
      permit,
      messages: [
        { role: "system", content: "Known: 10.1.2.3" },
        { role: "user", content: [{ type: "text", text: "Write to anna@example.com" }] },
        {
          role: "assistant",
          content: "Asking.",
          toolCalls: [{ id: "c1", name: "send", arguments: { to: "anna@example.com" } }],
        },
        { role: "tool", content: "sent from 10.1.2.3 to anna@example.com", toolCallId: "c1" },
      ],
      tools: [{ name: "send", description: "As anna@example.com", parameters: { enum: ["anna@example.com"] } }],
    });
    const sent = JSON.stringify(cloud.requests[0]!.body);
    expect(sent).not.toMatch(/anna|example\.com|10\.1\.2\.3/);
    expect(sent).toContain("⟨EMAIL_1⟩");
    expect(textOf(events)).toBe("I wrote to anna@example.com and 10.1.2.3.");
    expect(events).toContainEqual({ type: "reasoning", text: "About anna@example.com" });
    expect(events).toContainEqual({
      type: "toolCall",
      call: { id: "c2", name: "send", arguments: { to: ["anna@example.com"] } },
    });
  });

  test("the receipt names only what was really sent", async () => {
    home.respond({ text: "from home" });
    const permit = permitOf("full");
    await ask("home-first", { permit });
    expect(permit.receipt).toEqual([
      {
        destination: "ollama",
        kind: "model",
        content: "sentence",
        decision: "sent",
        rule: "full: the destination is local",
      },
    ]);
  });

  test("sanitized never sends pictures, which cannot be checked", async () => {
    const messages = [{ role: "user", content: [{ type: "image", mediaType: "image/png", base64: "aGk=" }] }] as const;
    await expect(ask("openai/cloud", { permit: permitOf("sanitized"), messages })).rejects.toMatchObject({
      code: "EGRESS_BLOCKED",
    });
    expect(cloud.requests).toEqual([]);
  });

  test("sanitized sends nothing when the recognisers fail", async () => {
    const broken = {
      name: "broken",
      find: () => {
        throw new Error("broken");
      },
    };
    const permit = openPermit({ class: "sanitized", confidential: true, recognisers: [broken] });
    await expect(ask("openai/cloud", { permit })).rejects.toMatchObject({ code: "EGRESS_BLOCKED" });
    expect(cloud.requests).toEqual([]);
    expect(permit.receipt.map((line) => line.decision)).toEqual(["held"]);
  });
});
