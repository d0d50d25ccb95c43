import { getEventListeners } from "node:events";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createOutbound, type OutboundDeps } from "../../../platform/egress/create-outbound.ts";
import type { OutboundRequest } from "../../../platform/egress/outbound.ts";
import { createMetrics } from "../../../platform/metrics/metrics.ts";
import { permitOf, recordingEgress } from "../../support/permit.ts";
import { type ProviderServer, type Reply, startProviderServer } from "../../support/provider-server.ts";

let server: ProviderServer;
beforeAll(async () => {
  server = await startProviderServer();
});
beforeEach(() => server.reset());
afterAll(() => server.close());

const build = (changes: Partial<OutboundDeps> = {}) => {
  const egress = recordingEgress();
  const metrics = createMetrics();
  const outbound = createOutbound({ egress, metrics, longestRetryAfterMs: 1_200, ...changes });
  const send = (path: string, more: Partial<OutboundRequest> = {}) =>
    outbound({
      provider: "Example",
      url: new URL(`${server.url}${path}`),
      permit: permitOf("full"),
      signal: AbortSignal.timeout(8_000),
      ...more,
    });
  const outcomes = async () =>
    Object.fromEntries((await metrics.providerCalls.get()).values.map(({ labels, value }) => [labels.outcome, value]));
  return { egress, metrics, send, outcomes };
};

/** Gives the replies one after the other, then the last for ever. */
const inTurn = (...replies: readonly Reply[]) => {
  let turn = 0;
  return () => replies[Math.min(turn++, replies.length - 1)] ?? {};
};

describe("a request that may leave", () => {
  test("asks egress first and says who is calling", async () => {
    server.on("/a", { body: { ok: true } });
    const { egress, send, outcomes } = build();
    const reply = await send("/a");
    expect(JSON.parse(reply.text)).toEqual({ ok: true });
    expect(egress.asked).toEqual([
      { destination: { kind: "service", name: "Example", local: false }, content: "slots", sent: true },
    ]);
    expect(server.requests[0]?.headers["user-agent"]).toBe("Athena/0.1 (+self-hosted assistant)");
    expect(await outcomes()).toEqual({ ok: 1 });
  });

  test("gives every reply below 500 but 429 as it is", async () => {
    for (const status of [200, 204, 304, 400, 401, 404]) {
      server.on("/s", { status, body: "said" });
      expect((await build().send("/s")).status).toBe(status);
    }
  });

  test("posts JSON when it has a body, and does not repeat it", async () => {
    server.on("/p", { status: 503 });
    await expect(build().send("/p", { body: { q: "x" } })).rejects.toMatchObject({ code: "UPSTREAM_UNAVAILABLE" });
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]).toMatchObject({ method: "POST", body: '{"q":"x"}' });
  });

  test("reads text in the encoding that is declared", async () => {
    const latin2 = Buffer.from([0xb3, 0xf3, 0x64, 0xbc]); // "łódź"
    const fetch = async () => new Response(latin2, { headers: { "content-type": "text/xml; charset=ISO-8859-2" } });
    expect((await build({ fetch }).send("/x")).text).toBe("łódź");
    const declared = Buffer.concat([Buffer.from('<?xml version="1.0" encoding="iso-8859-2"?>'), latin2]);
    const plain = async () => new Response(declared);
    expect((await build({ fetch: plain }).send("/x")).text).toContain("łódź");
  });
});

test("a request whose class forbids it sends nothing", async () => {
  server.on("/a", {});
  const { send } = build();
  await expect(send("/a", { permit: permitOf("blocked") })).rejects.toMatchObject({ code: "EGRESS_BLOCKED" });
  expect(server.requests).toEqual([]);
});

describe("a second try", () => {
  test.each<[string, Reply]>([
    ["a failure of the provider", { status: 500 }],
    ["too many requests with a short wait", { status: 429, headers: { "retry-after": "1" } }],
    ["a connection that breaks", { body: "x".repeat(2_000), cut: true }],
  ])("follows %s", async (_, first) => {
    server.on("/r", inTurn(first, { body: "fine" }));
    const started = performance.now();
    expect((await build().send("/r")).text).toBe("fine");
    expect(server.requests).toHaveLength(2);
    if (first.headers) expect(performance.now() - started).toBeGreaterThan(1_000);
  });

  test("is the last one", async () => {
    server.on("/r", { status: 502, body: "inner detail" });
    const error = await build()
      .send("/r?key=hidden")
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "UPSTREAM_UNAVAILABLE", retryable: true });
    expect(String(error)).not.toMatch(/inner detail|hidden|127\.0\.0\.1/);
    expect(server.requests).toHaveLength(2);
  });

  test("does not follow when the provider asks for a long wait, which the caller is told", async () => {
    server.on("/r", { status: 429, headers: { "retry-after": new Date(Date.now() + 90_000).toUTCString() } });
    const error = (await build()
      .send("/r")
      .catch((thrown: unknown) => thrown)) as { retryAfterSeconds: number };
    expect(error.retryAfterSeconds).toBeGreaterThan(80);
    expect(server.requests).toHaveLength(1);
  });

  test("does not follow a silence, so that another provider gets its turn", async () => {
    server.on("/r", { delayMs: 5_000 });
    const { send, outcomes } = build();
    await expect(send("/r", { timeoutMs: 60 })).rejects.toThrow(/in time/);
    expect(server.requests).toHaveLength(1);
    expect(await outcomes()).toEqual({ timeout: 1 });
  });
});

describe("a caller who leaves", () => {
  test("gets the own reason at once, during the call and during the wait before a second try", async () => {
    for (const reply of [{ delayMs: 5_000 }, { status: 429, headers: { "retry-after": "1" } }]) {
      server.on("/l", reply);
      const caller = new AbortController();
      const sent = build().send("/l", { signal: caller.signal });
      setTimeout(() => caller.abort(new Error("left")), 40);
      const started = performance.now();
      await expect(sent).rejects.toThrow("left");
      expect(performance.now() - started).toBeLessThan(500);
    }
  });

  test("before the call sends nothing", async () => {
    await expect(build().send("/l", { signal: AbortSignal.abort(new Error("gone")) })).rejects.toThrow("gone");
    expect(server.requests).toEqual([]);
  });

  test("is no failure of the provider", async () => {
    const { send, outcomes, metrics } = build({ breakerThreshold: 1 });
    server.on("/l", { delayMs: 5_000 });
    await expect(send("/l", { signal: AbortSignal.timeout(30) })).rejects.toThrow();
    server.on("/l", { body: "fine" });
    expect((await send("/l")).text).toBe("fine");
    expect(await outcomes()).toEqual({ aborted: 1, ok: 1 });
    expect((await metrics.breakerOpen.get()).values).toEqual([]);
  });

  test("leaves no listeners on a signal that lives on", async () => {
    const lasting = new AbortController();
    server.on("/k", inTurn({ status: 500 }, {}, { delayMs: 300 }, {}));
    const { send } = build();
    await send("/k", { signal: lasting.signal });
    await expect(send("/k", { signal: lasting.signal, timeoutMs: 30 })).rejects.toThrow();
    await send("/k", { signal: lasting.signal });
    expect(getEventListeners(lasting.signal, "abort")).toEqual([]);
  });
});

describe("a reply that cannot be taken", () => {
  test("is cut off at its limit, announced or not", async () => {
    server.on("/big", { body: "x".repeat(50_000) });
    await expect(build().send("/big", { maxBytes: 10_000 })).rejects.toThrow(/more than can be taken/);
    let pulled = 0;
    const endless = new ReadableStream({
      pull: (controller) => {
        pulled += 1;
        controller.enqueue(new Uint8Array(4_096));
      },
    });
    const fetch = async () => new Response(endless);
    await expect(build({ fetch }).send("/x", { maxBytes: 10_000 })).rejects.toThrow(/more than can be taken/);
    expect(pulled).toBeLessThan(20);
    expect(server.requests).toHaveLength(1); // a second try would not make it smaller
  });

  test("is a redirect to another origin; within the origin it is followed", async () => {
    const other = await startProviderServer();
    try {
      other.on("/there", { body: "stolen" });
      server.on("/away", { status: 302, headers: { location: `${other.url}/there` } });
      server.on("/near", { status: 301, headers: { location: "/here?x=1" } });
      server.on("/round", { status: 302, headers: { location: "/round" } });
      server.on("/here", { body: "home" });
      const { send } = build();
      await expect(send("/away", { headers: { authorization: "secret" } })).rejects.toThrow(/not followed/);
      expect(other.requests).toEqual([]);
      expect((await send("/near")).text).toBe("home");
      await expect(send("/round")).rejects.toThrow(/too often/);
    } finally {
      await other.close();
    }
  });
});

describe("a provider that keeps failing", () => {
  test("is left alone for a while, then tried once, then used again", async () => {
    server.on("/d", { status: 500 });
    const { send, metrics } = build({ breakerThreshold: 4, breakerOpenMs: 400 });
    for (let call = 0; call < 20; call += 1) {
      await expect(send("/d")).rejects.toMatchObject({ code: "UPSTREAM_UNAVAILABLE" });
    }
    expect(server.requests).toHaveLength(4);
    expect((await metrics.breakerOpen.get()).values).toMatchObject([{ labels: { name: "Example" }, value: 1 }]);

    await expect(send("/d")).rejects.toThrow(/tried again shortly/);
    expect(server.requests).toHaveLength(4);
    // Another provider is not affected.
    server.on("/e", { body: "fine" });
    expect((await send("/e", { provider: "Other" })).text).toBe("fine");

    await new Promise((resolve) => setTimeout(resolve, 450));
    server.on("/d", { body: "back", delayMs: 60 });
    const both = await Promise.allSettled([send("/d"), send("/d")]);
    expect(both.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]); // one tries, the other does not wait
    expect((await send("/d")).text).toBe("back");
    expect((await metrics.breakerOpen.get()).values).toMatchObject([{ value: 0 }]);
  });

  test("comes back in time even when the clock is set back meanwhile", async () => {
    server.on("/d", { status: 500 });
    const { send } = build({ breakerThreshold: 2, breakerOpenMs: 100 });
    await expect(send("/d")).rejects.toThrow();
    const realNow = Date.now;
    try {
      Date.now = () => realNow() - 3_600_000;
      await new Promise((resolve) => setTimeout(resolve, 130));
      server.on("/d", { body: "back" });
      expect((await send("/d")).text).toBe("back");
    } finally {
      Date.now = realNow;
    }
  });

  test("is not one that answers 404 or refuses a key", async () => {
    server.on("/n", { status: 404 });
    const { send } = build({ breakerThreshold: 2 });
    for (let call = 0; call < 6; call += 1) expect((await send("/n")).status).toBe(404);
  });
});
