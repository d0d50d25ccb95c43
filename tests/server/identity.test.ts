import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { loadSettings } from "../../platform/config/settings.ts";
import { parseApiKeys } from "../../server/api-keys.ts";
import { createAuthenticate } from "../../server/authenticate.ts";
import { assertSafeBinding } from "../../server/safe-binding.ts";
import { type Edge, type EdgeOptions, jsonOf, post, startEdge } from "../support/start-edge.ts";

const chat = { model: "athena", messages: [{ role: "user", content: "Hello" }] };

describe("keys", () => {
  test.each([
    ["home=s3cret", "key:home", "openai"],
    ["home=s3cret:home-assistant", "key:home", "home-assistant"],
    ["home=YWJj==", "key:home", "openai"],
    [" , home=s3cret , ", "key:home", "openai"],
  ])("%s belongs to %s with profile %s", (setting, id, profile) => {
    const [key] = parseApiKeys(setting);
    expect(key?.principal).toEqual({ id, roles: ["user"], profile });
  });

  test.for(["admin", "auditor"])("with ':%s' in the place of the profile have that role", (role) => {
    const [key] = parseApiKeys(`ops=s3cret:${role}`);
    expect(key).toEqual({
      secret: "s3cret",
      principal: { id: "key:ops", roles: ["user", role], profile: "openai" },
    });
  });

  test("without a name are named by the start of their hash, the same after a restart", () => {
    const ids = [1, 2].map(() => parseApiKeys("sk-abc")[0]?.principal.id);
    expect(ids[0]).toMatch(/^key:[0-9a-f]{12}$/);
    expect(ids[0]).toBe(ids[1]);
    expect(ids[0]).not.toContain("abc");
  });

  test.each(["home=", "a=1,home=", "home=null", "home=undefined", "home= ", "ż", "a b"])(
    "%j cannot be read, and the reason shows no secret",
    (setting) => {
      expect(() => parseApiKeys(setting)).toThrow(/ATHENA_API_KEYS, entry \d/);
    },
  );

  test("may be several for one name, never one for two names", () => {
    expect(parseApiKeys("a=old,a=new").map(({ principal }) => principal.id)).toEqual(["key:a", "key:a"]);
    expect(() => parseApiKeys("a=same,b=same")).toThrow(/two names/);
  });

  test.each([undefined, "", " , "])("%j are none", (setting) => {
    expect(parseApiKeys(setting)).toEqual([]);
  });

  test("are compared whole: an equal start or an empty value is not enough", () => {
    const secret = "s".repeat(200);
    const authenticate = createAuthenticate(parseApiKeys(`a=${secret}1`));
    expect(authenticate(`Bearer ${secret}1`).id).toBe("key:a");
    expect(authenticate(`bearer  ${secret}1 `).id).toBe("key:a");
    for (const header of [
      undefined,
      "",
      "Bearer",
      "Bearer ",
      `Bearer ${secret}2`,
      `Basic ${secret}1`,
      `${secret}1`,
      "Bearer null",
      "Bearer ';--",
    ]) {
      expect(() => authenticate(header), String(header)).toThrow(expect.objectContaining({ code: "UNAUTHENTICATED" }));
    }
  });
});

describe("a server with keys", () => {
  let edge: Edge;
  beforeAll(async () => {
    edge = await startEdge({
      environment: { ATHENA_API_KEYS: "anna=one,piotr=two:open-webui", ATHENA_CORE_KEY: "the-key-of-a-core" },
    });
  });
  afterAll(() => edge.close());
  afterEach(() => edge.script.reset());

  test("asks for one on every route that is not public, in the words of the surface", async () => {
    const routes = (await jsonOf(await fetch(`${edge.url}/openapi.json`))).paths;
    for (const [path, methods] of Object.entries<object>(routes)) {
      for (const [method, operation] of Object.entries<{ security: object[]; tags: string[] }>(methods as never)) {
        const url = edge.url + path.replace("{id}", "x");
        const response = await fetch(url, { method: method.toUpperCase() });
        if (operation.security.length === 0) {
          // A socket asks for the key in its first frame; without an upgrade there is nothing behind it.
          expect(response.status, path).toBe(path === "/ws/chat" ? 426 : 200);
          continue;
        }
        expect(response.status, path).toBe(401);
        expect(response.headers.get("www-authenticate")).toBe("Bearer");
        const { error } = await jsonOf(response);
        if (operation.tags[0] === "ollama") expect(error).toMatch(/API key/);
        else expect(error).toMatchObject({ type: "invalid_request_error", param: null, message: expect.any(String) });
      }
    }
  });

  test("keeps the public ones few", async () => {
    const routes = Object.entries<Record<string, { security: object[] }>>(
      (await jsonOf(await fetch(`${edge.url}/openapi.json`))).paths,
    );
    const open = routes.filter(([, methods]) => Object.values(methods).some(({ security }) => security.length === 0));
    expect(open.map(([path]) => path).sort()).toEqual([
      "/",
      "/api/version",
      "/docs",
      "/health",
      "/openapi.json",
      "/ready",
      "/ws/chat",
    ]);
  });

  test("tells the engine who asks, and keeps threads apart: another's is like none", async () => {
    edge.script.enqueue({ text: "Hi Anna." });
    const response = await post(`${edge.url}/v1/chat/completions`, chat, { authorization: "Bearer one" });
    const thread = response.headers.get("x-athena-thread");
    expect(edge.script.queries[0]?.principal).toEqual({ id: "key:anna", roles: ["user"], profile: "openai" });
    const get = (id: string | null, key: string) =>
      fetch(`${edge.url}/threads/${id}`, { headers: { authorization: `Bearer ${key}` } });
    expect((await get(thread, "one")).status).toBe(200);
    const foreign = await get(thread, "two");
    const unknown = await get("00000000-0000-4000-8000-000000000000", "two");
    expect([foreign.status, unknown.status]).toEqual([404, 404]);
    expect((await jsonOf(foreign)).error).toEqual((await jsonOf(unknown)).error);
  });

  test("takes a key from nowhere but the header", async () => {
    expect((await fetch(`${edge.url}/v1/models?api_key=one&key=one`)).status).toBe(401);
  });

  test("answers any Host, since it knows who asks", async () => {
    const response = await fetch(`${edge.url}/health`, { headers: { host: "athena.example" } });
    expect(response.status).toBe(200);
  });

  test("writes refusals to the log without the key", async () => {
    await fetch(`${edge.url}/v1/models`, { headers: { authorization: "Bearer wrong-secret" } });
    expect(edge.logs.some(({ code }) => code === "UNAUTHENTICATED")).toBe(true);
    expect(JSON.stringify(edge.logs)).not.toContain("wrong-secret");
  });
});

describe("a server without identity", () => {
  let edge: Edge;
  const start = async (options: EdgeOptions = {}) => {
    edge = await startEdge(options);
    return edge;
  };
  afterEach(() => edge.close());
  const status = async (headers: Record<string, string>) => (await fetch(`${edge.url}/v1/models`, { headers })).status;

  test("accepts any key and none, as the local user", async () => {
    await start();
    for (const headers of [{}, { authorization: "Bearer not-needed" }, { authorization: "nonsense" }]) {
      expect(await status(headers)).toBe(200);
    }
  });

  test("answers only under a name of this machine", async () => {
    await start();
    for (const host of ["localhost", "localhost:8000", "127.0.0.1:1", "[::1]:8000", "app.localhost"]) {
      expect(await hostStatus(edge, host), host).toBe(200);
    }
    for (const host of [
      "evil.example",
      "evil.example:8000",
      "127.0.0.1.evil.example",
      "10.0.0.8",
      "localhost.evil.example",
    ]) {
      expect(await hostStatus(edge, host), host).toBe(403);
    }
  });

  test("refuses pages of foreign origins, listed and local ones excepted", async () => {
    await start({ environment: { ATHENA_CORS_ORIGINS: "https://chat.example" } });
    expect(await status({ origin: "https://evil.example" })).toBe(403);
    expect(await status({ origin: "null" })).toBe(403);
    expect(await status({ origin: "http://localhost:3000" })).toBe(200);
    expect(await status({ origin: "https://chat.example" })).toBe(200);
  });

  test("is not fooled by forwarded headers", async () => {
    await start();
    expect(
      await status({ "x-forwarded-for": "1.2.3.4", "x-forwarded-host": "evil.example", "x-user-id": "root" }),
    ).toBe(200);
    expect(JSON.stringify(edge.logs)).not.toContain("1.2.3.4");
  });
});

/** fetch does not let a Host header through to every server, so this asks by hand. */
const hostStatus = async (edge: Edge, host: string): Promise<number> => {
  const { request } = await import("node:http");
  return new Promise((resolve, reject) => {
    request({ port: edge.port, host: "127.0.0.1", path: "/health", headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on("error", reject)
      .end();
  });
};

describe("binding", () => {
  const settings = (environment: Record<string, string>) => loadSettings(environment);

  test.each(["127.0.0.1", "127.8.8.8", "localhost", "::1"])("to %s needs no keys", (ATHENA_HOST) => {
    expect(() => assertSafeBinding(settings({ ATHENA_HOST }))).not.toThrow();
  });

  test.each(["0.0.0.0", "::", "192.168.1.4", "athena.example"])(
    "to %s without keys is refused and says what to set",
    (ATHENA_HOST) => {
      expect(() => assertSafeBinding(settings({ ATHENA_HOST }))).toThrow(/ATHENA_API_KEYS/);
      expect(() => assertSafeBinding(settings({ ATHENA_HOST, ATHENA_API_KEYS: "a=b" }))).not.toThrow();
    },
  );

  test("with pages of any origin and no keys is refused", () => {
    expect(() => assertSafeBinding(settings({ ATHENA_CORS_ORIGINS: "*" }))).toThrow(/ATHENA_CORS_ORIGINS/);
  });
});

describe("CORS", () => {
  let edge: Edge;
  afterEach(() => edge.close());
  const preflight = (origin: string) =>
    fetch(`${edge.url}/v1/chat/completions`, {
      method: "OPTIONS",
      headers: {
        origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization, content-type, x-stainless-os",
      },
    });

  test("is off by default", async () => {
    edge = await startEdge({ environment: { ATHENA_API_KEYS: "a=b" } });
    const response = await preflight("https://chat.example");
    expect(response.status).toBe(405);
    expect(response.headers.get("access-control-allow-origin")).toBeNull();
  });

  test("lets listed origins in, exposes what clients read, and never allows cookies", async () => {
    edge = await startEdge({ environment: { ATHENA_API_KEYS: "a=b", ATHENA_CORS_ORIGINS: "https://chat.example" } });
    const allowed = await preflight("https://chat.example");
    expect(allowed.status).toBe(204);
    expect(Object.fromEntries(allowed.headers)).toMatchObject({
      "access-control-allow-origin": "https://chat.example",
      "access-control-allow-headers": "authorization, content-type, x-stainless-os",
      vary: "Origin",
    });
    const answer = await fetch(`${edge.url}/v1/models`, { headers: { origin: "https://chat.example" } });
    expect(answer.status).toBe(401);
    expect(answer.headers.get("access-control-expose-headers")).toContain("x-request-id");
    expect(answer.headers.get("access-control-allow-credentials")).toBeNull();
    const foreign = await preflight("https://evil.example");
    expect(foreign.headers.get("access-control-allow-origin")).toBeNull();
  });
});
