import { pino } from "pino";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createMetrics } from "../../platform/metrics/metrics.ts";
import { createAirports } from "../../rag-services/airports/service.ts";
import { createRemoteService } from "../../rag-services/remote-service.ts";
import { type ServedService, serveService } from "../../rag-services/service-server.ts";
import { createWeather } from "../../rag-services/weather/service.ts";
import { testContext, testServiceDeps } from "../contracts/rag-service.contract.ts";
import { permitOf, recordingEgress } from "../support/permit.ts";
import { type ProviderServer, startProviderServer } from "../support/provider-server.ts";
import { openMeteoReply } from "./weather/replies.ts";

const logger = pino({ level: "silent" });
const metrics = createMetrics();
let providers: ProviderServer;
let weather: ServedService;
let airports: ServedService;

beforeAll(async () => {
  providers = await startProviderServer();
  const deps = testServiceDeps(providers);
  const where = { host: "127.0.0.1", port: 0, metrics, logger };
  weather = await serveService({ service: createWeather(deps), ...where });
  airports = await serveService({ service: createAirports(deps), ...where });
});
beforeEach(() => {
  providers.reset();
  providers.on("/open-meteo/v1/forecast", ({ query }) => ({ body: openMeteoReply(query) }));
});
afterAll(async () => {
  await Promise.all([weather.close(), airports.close(), providers.close()]);
});

const post = (body: string, headers: Record<string, string> = { "content-type": "application/json" }) =>
  fetch(`${weather.url}/query`, { method: "POST", body, headers });
const errorOf = async (response: Response) => {
  const { error } = (await response.json()) as { error: { code: string; param: string | null; message: string } };
  return [response.status, error.code, error.param];
};

describe("a service's own server", () => {
  test("answers slots with evidence", async () => {
    const response = await post(
      JSON.stringify({ slots: { place: "Kraków" }, locale: "pl", timezone: "Europe/Warsaw" }),
    );
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/json; charset=utf-8");
    const { evidence, degraded } = (await response.json()) as { evidence: { data: unknown }[]; degraded: unknown[] };
    expect(evidence[0]).toMatchObject({
      service: "weather",
      sourceName: "Open-Meteo",
      data: { current: { temperatureC: 23.6 } },
    });
    expect(degraded).toEqual([]);
  });

  test("tells its health and counts", async () => {
    expect(await (await fetch(`${weather.url}/health`)).json()).toEqual({
      status: "ok",
      service: "weather",
      providers: ["Open-Meteo", "MET Norway"],
    });
    await post(JSON.stringify({ slots: { place: "Kraków" } }));
    const text = await (await fetch(`${weather.url}/metrics`)).text();
    expect(text).toMatch(/rag_service_duration_seconds_count\{service="weather",status="ok"\} \d/);
  });

  test.each<[string, unknown, readonly [number, string, string | null]]>([
    ["a missing slot", { slots: {} }, [400, "INVALID_INPUT", "place"]],
    ["a wrong slot", { slots: { place: 7 } }, [400, "INVALID_INPUT", "slots.place"]],
    ["no slots", {}, [400, "INVALID_INPUT", "slots"]],
    ["no object", [], [400, "INVALID_INPUT", null]],
    ["a wrong class", { slots: {}, egress: "everything" }, [400, "INVALID_INPUT", "egress"]],
    ["what may not leave", { slots: { place: "Kraków" }, egress: "blocked" }, [403, "EGRESS_BLOCKED", null]],
  ])("refuses %s with its own error", async (_, body, expected) => {
    expect(await errorOf(await post(JSON.stringify(body)))).toEqual(expected);
    expect(providers.requests).toEqual([]);
  });

  test("refuses what is no query: bad JSON, another type, too much, another path or method", async () => {
    expect(await errorOf(await post("{"))).toEqual([400, "INVALID_INPUT", null]);
    expect(await errorOf(await post("{}", { "content-type": "text/plain" }))).toEqual([
      415,
      "UNSUPPORTED_MEDIA_TYPE",
      null,
    ]);
    expect(await errorOf(await post(JSON.stringify({ slots: { place: "x".repeat(70_000) } })))).toEqual([
      413,
      "TOO_LARGE",
      null,
    ]);
    expect(await errorOf(await fetch(`${weather.url}/constructor`))).toEqual([404, "NOT_FOUND", null]);
    const wrong = await fetch(`${weather.url}/query`);
    expect(wrong.headers.get("allow")).toBe("POST");
    expect(await errorOf(wrong)).toEqual([405, "METHOD_NOT_ALLOWED", null]);
  });

  test("says when its sources cannot be reached, with a time to wait", async () => {
    providers.always({ status: 500, body: {} });
    const response = await post(JSON.stringify({ slots: { place: "Kraków" } }));
    expect(Number(response.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
    expect(await errorOf(response)).toEqual([503, "UPSTREAM_UNAVAILABLE", null]);
  });

  test("listens on loopback only, and says when the port is taken", async () => {
    const service = createWeather(testServiceDeps(providers));
    for (const host of ["0.0.0.0", "::", "192.0.2.1"]) {
      await expect(serveService({ service, host, port: 0, metrics, logger })).rejects.toMatchObject({
        code: "CONFIG_INVALID",
      });
    }
    const port = Number(new URL(weather.url).port);
    await expect(serveService({ service, host: "127.0.0.1", port, metrics, logger })).rejects.toMatchObject({
      code: "CONFIG_INVALID",
    });
  });
});

describe("a service behind its own server", () => {
  const reach = (url: string, timeoutMs = 3_000) => {
    const egress = recordingEgress();
    const deps = testServiceDeps(providers);
    const remote = { url, timeoutMs, egress, metrics: createMetrics() };
    return {
      egress,
      weather: createRemoteService({ service: createWeather(deps), ...remote }),
      airports: createRemoteService({ service: createAirports(deps), ...remote }),
    };
  };

  test("answers and renders as it does in process", async () => {
    const { weather: remote, egress } = reach(weather.url);
    const context = testContext({ locale: "pl" });
    const answer = await remote.query({ place: "w Krakowie" }, context);
    const local = await createWeather(testServiceDeps(providers)).query({ place: "w Krakowie" }, context);
    expect(remote.render(answer.evidence, "pl", "Europe/Warsaw")).toBe(
      remote.render(local.evidence, "pl", "Europe/Warsaw"),
    );
    expect(egress.asked[0]).toEqual({
      destination: { kind: "service", name: "weather", local: true },
      content: "slots",
      sent: true,
    });
  });

  test("throws what the service throws", async () => {
    const { weather: remote } = reach(weather.url);
    await expect(remote.query({}, testContext({ locale: "pl" }))).rejects.toMatchObject({
      code: "INVALID_INPUT",
      field: "place",
      message: "O które miejsce chodzi?",
    });
    providers.always({ status: 500 });
    await expect(remote.query({ place: "Kraków" }, testContext())).rejects.toMatchObject({
      code: "UPSTREAM_UNAVAILABLE",
    });
  });

  test("lets out no more there than the query's class allows here", async () => {
    const { weather: remote, airports: table } = reach(weather.url);
    const context = testContext({ permit: permitOf("blocked") });
    await expect(remote.query({ place: "Kraków" }, context)).rejects.toMatchObject({ code: "EGRESS_BLOCKED" });
    expect(providers.requests).toEqual([]);
    await expect(table.query({ airport: "GDN" }, context)).rejects.toMatchObject({ code: "INVALID_INPUT" }); // not its server
    const { airports: facts } = reach(airports.url);
    const { evidence } = await facts.query({ airport: "GDN", aspect: "elevation" }, context);
    expect(evidence[0]?.data).toMatchObject({ elevationFt: 489 });
  });

  test("is a non-local destination when its address is not loopback", async () => {
    const { weather: remote, egress } = reach("http://weather.example:8010");
    const context = testContext({ permit: permitOf("blocked") });
    await expect(remote.query({ place: "Kraków" }, context)).rejects.toMatchObject({ code: "EGRESS_BLOCKED" });
    expect(egress.asked[0]?.destination.local).toBe(false);
  });

  test("is unavailable when its server is gone, slow, or something else", async () => {
    const other = await startProviderServer();
    try {
      for (const reply of [
        { body: "<html>" },
        { body: { evidence: "x" } },
        { status: 500, body: "oops" },
        { delayMs: 2_000 },
      ]) {
        other.on("/query", reply);
        const asked = reach(other.url, 150).weather.query({ place: "Kraków" }, testContext());
        await expect(asked).rejects.toMatchObject({
          code: "UPSTREAM_UNAVAILABLE",
          message: expect.stringContaining("weather"),
        });
      }
    } finally {
      await other.close();
    }
    await expect(reach(other.url).weather.query({ place: "Kraków" }, testContext())).rejects.toMatchObject({
      code: "UPSTREAM_UNAVAILABLE",
    });
  });

  test("stops when the caller leaves, here and there", async () => {
    providers.always({ delayMs: 3_000 });
    const caller = new AbortController();
    const asked = reach(weather.url).weather.query({ place: "Kraków" }, testContext({ signal: caller.signal }));
    setTimeout(() => caller.abort(new Error("left")), 60);
    await expect(asked).rejects.toThrow("left");
  });
});
