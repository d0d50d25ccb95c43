import { readFileSync } from "node:fs";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { loadSettings } from "../../platform/config/settings.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import { errorCodes } from "../../platform/errors/error-codes.ts";
import { serverDocuments } from "../../server/documents.ts";
import { toFailure } from "../../server/errors/failure.ts";
import { describedRoutes } from "../../server/routes/route-list.ts";
import { longestPause } from "../support/longest-pause.ts";
import { type Edge, type EdgeOptions, jsonOf, post, startEdge } from "../support/start-edge.ts";

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge.close());
const get = (path: string, init?: RequestInit) => fetch(edge.url + path, init);

describe("/ready", () => {
  let other: Edge | undefined;
  afterEach(async () => {
    await other?.close();
    other = undefined;
  });
  const readyWith = async (deps: EdgeOptions["deps"]) => {
    other = await startEdge(deps === undefined ? {} : { deps });
    const response = await fetch(`${other.url}/ready`);
    return { status: response.status, body: await jsonOf(response), headers: response.headers };
  };
  const down = async (): Promise<never> => {
    throw new AppError("UPSTREAM_UNAVAILABLE", "It is down.");
  };

  test("names each dependency with kind, state and latency", async () => {
    const { status, body } = await readyWith({});
    expect(status).toBe(200);
    expect(body).toEqual({
      status: "ready",
      dependencies: [
        { name: "database", kind: "embedded", state: "up", latency_ms: 0.2 },
        { name: "cache", kind: "embedded", state: "up", latency_ms: 0 },
        { name: "events", kind: "embedded", state: "up", latency_ms: 0.3 },
        { name: "openai", kind: "external", state: "up", latency_ms: 1 },
      ],
    });
  });

  test("is 503 when the database is down", async () => {
    const { status, body, headers } = await readyWith({ database: { ...edge.deps.database, ping: down } });
    expect([status, headers.get("retry-after")]).toEqual([503, "1"]);
    expect(body).toMatchObject({
      status: "unavailable",
      dependencies: [{ name: "database", state: "down" }, {}, {}, {}],
    });
  });

  test("is 200 and degraded when the cache, the event bus or a service with its own server is down", async () => {
    const service = createServer(
      (request, response) => void response.writeHead(request.url === "/health" ? 200 : 404).end(),
    );
    await new Promise<void>((resolve) => service.listen(0, "127.0.0.1", resolve));
    const { port } = service.address() as AddressInfo;
    try {
      const remoteServices = [
        { name: "weather", url: `http://127.0.0.1:${port}` },
        { name: "news", url: "http://127.0.0.1:1/" },
      ];
      const { status, body } = await readyWith({
        cache: { ...edge.deps.cache, ping: down },
        bus: { kind: "nats", ping: down },
        remoteServices,
      });
      expect(status).toBe(200);
      expect(body.status).toBe("degraded");
      const states = body.dependencies.map(({ name, state }: Record<string, string>) => [name, state]);
      expect(Object.fromEntries(states)).toEqual({
        database: "up",
        cache: "down",
        events: "down",
        weather: "up",
        news: "down",
        openai: "up",
      });
    } finally {
      service.close();
    }
  });

  test("does not wait for a dependency that never answers", async () => {
    const started = performance.now();
    const { status } = await readyWith({ database: { ...edge.deps.database, ping: () => new Promise(() => {}) } });
    expect(status).toBe(503);
    expect(performance.now() - started).toBeLessThan(4_000);
  });
});

describe("/metrics", () => {
  test("counts requests by route pattern, never by thread or query", async () => {
    await get("/threads/00000000-0000-4000-8000-000000000000");
    await get("/nowhere/secret-path");
    const response = await get("/metrics");
    expect(response.headers.get("content-type")).toMatch(/^text\/plain/);
    const text = await response.text();
    expect(text).toContain('http_request_duration_seconds_count{route="/threads/:id",method="GET",status="404"} 1');
    expect(text).not.toContain("secret-path");
    expect(text).not.toContain("00000000-0000");
  });
});

describe("every answer", () => {
  test.each([
    ["GET", "/health"],
    ["GET", "/nowhere"],
    ["GET", "/v1/nowhere"],
    ["POST", "/v1/models"],
    ["GET", "/%zz"],
  ])("to %s %s has a request id of its own, security headers and no trace of the framework", async (method, path) => {
    const [first, second] = [
      await get(path, { method }),
      await get(path, { method, headers: { "x-request-id": "mine" } }),
    ];
    const ids = [first, second].map(({ headers }) => headers.get("x-request-id"));
    expect(new Set([...ids, "mine"]).size).toBe(3);
    expect(Object.fromEntries(first.headers)).toMatchObject({
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "content-security-policy": "default-src 'none';frame-ancestors 'none'",
      "x-athena-version": expect.stringMatching(/^\d+\.\d+\.\d+$/),
    });
    expect(first.headers.has("x-powered-by")).toBe(false);
    await Promise.all([first.text(), second.text()]);
  });

  test.each([
    ["/nowhere", "native"],
    ["/v1/nowhere", "openai"],
  ])("to the unknown %s is a JSON 404", async (path) => {
    const response = await get(path);
    expect([response.status, (await jsonOf(response)).error.code]).toEqual([404, "not_found"]);
  });

  test.each([
    ["PUT", "/v1/chat/completions", "POST"],
    ["GET", "/v1/chat/completions", "POST"],
    ["POST", "/v1/models", "GET, HEAD"],
    ["DELETE", "/threads", "GET, HEAD, POST"],
    ["OPTIONS", "/ai/query", "POST"],
    ["POST", "/", "GET, HEAD"],
  ])("to %s %s is 405 and says %s", async (method, path, allow) => {
    const response = await get(path, { method });
    expect([response.status, response.headers.get("allow")]).toEqual([405, allow]);
    await response.text();
  });

  test("to TRACE on a known path is 405", async () => {
    const status = await new Promise((resolve, reject) => {
      request({ port: edge.port, host: "127.0.0.1", path: "/v1/models", method: "TRACE" }, (response) => {
        response.resume();
        resolve([response.statusCode, response.headers.allow]);
      })
        .on("error", reject)
        .end();
    });
    expect(status).toEqual([405, "GET, HEAD"]);
  });

  test("to headers of 1 MB is 431", async () => {
    const huge = get("/health", { headers: { "x-a": "a".repeat(1_000_000) } });
    // The connection may be gone before the client has sent it all.
    await huge.then(({ status }) => expect(status).toBe(431)).catch((error) => expect(error).toBeInstanceOf(TypeError));
  });

  test("to a broken percent escape is 400", async () => {
    expect((await get("/threads/%zz")).status).toBe(400);
  });
});

describe("failures", () => {
  test("have the status of the one table, a bounded Retry-After, and a ban on repeating where repeating is wrong", () => {
    for (const [code, { status, retryable }] of Object.entries(errorCodes)) {
      const failure = toFailure(
        new AppError(code as keyof typeof errorCodes, "Because.", { retryAfterSeconds: 900.2 }),
      );
      expect(failure.status).toBe(status);
      const repeated = status === 409 || status === 429 || status >= 500;
      expect(failure.headers["Retry-After"], code).toBe(repeated && retryable ? "60" : undefined);
      expect(failure.headers["x-should-retry"], code).toBe(repeated && !retryable ? "false" : undefined);
    }
    const soon = toFailure(new AppError("RATE_LIMITED", "Slow down.", { retryAfterSeconds: 0.2 }));
    expect(soon.headers["Retry-After"]).toBe("1");
  });

  test("that are no AppErrors say only that they are internal", () => {
    const failure = toFailure(new Error("select * from secrets"));
    expect(failure.error).toMatchObject({ code: "INTERNAL", message: "internal error" });
  });
});

describe("the published document", () => {
  test("has every route with its input, its answers and every status a failure can have", async () => {
    const document = await jsonOf(await get("/openapi.json"));
    expect(document.openapi).toBe("3.1.0");
    const routes = describedRoutes();
    const listed = routes.map(({ method, path }) => `${method} ${path.replace(/[:*](\w+)/g, "{$1}")}`).sort();
    const documented = Object.entries<object>(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect(documented.sort()).toEqual(listed);
    const chat = document.paths["/v1/chat/completions"].post;
    expect(Object.keys(chat.responses)).toEqual(
      expect.arrayContaining(["200", "400", "401", "404", "413", "415", "429", "500", "503"]),
    );
    expect(chat.requestBody.content["application/json"].schema).toEqual({
      $ref: "#/components/schemas/ChatCompletionRequest",
    });
    expect(document.components.schemas.ChatCompletionRequest.required).toEqual(["model", "messages"]);
    const limit = document.paths["/threads"].get.parameters.find(({ name }: { name: string }) => name === "limit");
    expect(limit.schema).toMatchObject({ type: "integer" });
  });

  test.each(Object.entries(serverDocuments()))("is up to date in %s", (path, content) => {
    expect(readFileSync(new URL(`../../${path}`, import.meta.url), "utf8")).toBe(content);
  });

  test("and the table of routes are what is served", async () => {
    expect(await jsonOf(await get("/openapi.json"))).toEqual(JSON.parse(serverDocuments()["docs/openapi.json"]!));
    expect(await (await get("/docs")).text()).toBe(serverDocuments()["docs/routes.md"]);
  });
});

test("settings that cannot be read as keys keep the server from starting", async () => {
  await expect(startEdge({ deps: { settings: loadSettings({ ATHENA_API_KEYS: "home=" }) } })).rejects.toMatchObject({
    code: "CONFIG_INVALID",
  });
});

test("hostile text of 100 KB never holds the event loop for more than 50 ms", async () => {
  const texts = [
    "(".repeat(100_000),
    "a".repeat(100_000),
    "\u0130".repeat(50_000),
    '[["'.repeat(33_000),
    "\\u0000".repeat(16_000),
  ];
  for (const text of texts) {
    const pause = await longestPause(async () => {
      edge.script.enqueue({ text: "Fine." });
      const body = { model: "athena", messages: [{ role: "user", content: text }], stop: ["((((", "aaaa"] };
      await (await post(`${edge.url}/v1/chat/completions`, body)).text();
      await (await post(`${edge.url}/v1/chat/completions`, text)).text();
      edge.script.reset();
    });
    expect(pause, text.slice(0, 10)).toBeLessThan(50);
  }
});
