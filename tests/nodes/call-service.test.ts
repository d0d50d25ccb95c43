import { describe, expect, test } from "vitest";
import { z } from "zod";
import { createCallService } from "../../nodes/call-service.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import { createMetrics } from "../../platform/metrics/metrics.ts";
import type { RagService, ServiceContext } from "../../rag-services/rag-service.ts";
import { permitOf } from "../support/permit.ts";
import { runtimeOf, sayKey, stepStateOf, testNow } from "../support/step-of.ts";
import { queryOf, stubService } from "../support/stub-engine.ts";

const callWith = (service: RagService, timeoutMs = 200) => {
  const metrics = createMetrics();
  const callService = createCallService({
    services: new Map([[service.id, service]]),
    timeoutMs: () => timeoutMs,
    metrics,
    say: sayKey,
  });
  return { callService, metrics };
};
const oslo = { args: { place: "Oslo" } };
const failing = (error: Error) =>
  stubService("weather", () => {
    throw error;
  });

describe("a service that answers", () => {
  test("gives its evidence and its own rendering", async () => {
    const { callService } = callWith(stubService("weather", ({ place }) => `3 °C in ${place}`));
    const { results } = await callService(stepStateOf(oslo), runtimeOf());
    expect(results).toHaveLength(1);
    expect(results[0]).toMatchObject({ status: "ok", text: "3 °C in Oslo", degraded: [] });
    expect(results[0]?.evidence.map(({ service, text }) => ({ service, text }))).toEqual([
      { service: "weather", text: "3 °C in Oslo" },
    ]);
  });

  test("is asked in the user's language and zone, at the request's moment, under the query's permit", async () => {
    let asked: ServiceContext | undefined;
    const { callService } = callWith(
      stubService("weather", (_slots, context) => {
        asked = context;
        return "";
      }),
    );
    const permit = permitOf("local-only");
    await callService(stepStateOf(oslo, { permit, locale: "pl", timezone: "Asia/Jerusalem" }), runtimeOf());
    expect(asked).toMatchObject({ locale: "pl", timezone: "Asia/Jerusalem", now: testNow });
    expect(asked?.permit).toBe(permit);
  });

  test("is counted with how it ended", async () => {
    const { callService, metrics } = callWith(stubService("weather", () => "fine"));
    await callService(stepStateOf(oslo), runtimeOf());
    const { values } = await metrics.serviceSeconds.get();
    expect(values.find(({ metricName }) => metricName?.endsWith("_count"))).toMatchObject({
      value: 1,
      labels: { service: "weather", status: "ok" },
    });
  });
});

describe("a service that does not answer", () => {
  const reasonOf = async (service: RagService, timeoutMs?: number, target = "weather") => {
    const { results } = await callWith(service, timeoutMs).callService(stepStateOf({ ...oslo, target }), runtimeOf());
    expect(results[0]).toMatchObject({ status: "failed", evidence: [], text: "" });
    return results[0]?.reason;
  };

  test("is told in its own words when it asks back or knows of no such thing", async () => {
    expect(await reasonOf(failing(new AppError("INVALID_INPUT", "Which place do you mean?")))).toBe(
      "Which place do you mean?",
    );
    expect(await reasonOf(failing(new AppError("NOT_FOUND", "There is no such flight.")))).toBe(
      "There is no such flight.",
    );
  });

  test("is told in our words when it is out of reach, slow, broken or unknown", async () => {
    const said = "step.unreachable:part.weather";
    expect(await reasonOf(failing(new AppError("UPSTREAM_UNAVAILABLE", "502 from 10.0.0.7")))).toBe(said);
    expect(await reasonOf(failing(new TypeError("x is undefined")))).toBe(said);
    expect(
      await reasonOf(
        stubService("weather", () => new Promise<string>(() => undefined)),
        20,
      ),
    ).toBe(said);
    expect(
      await reasonOf(
        stubService("weather", () => "fine"),
        200,
        "news",
      ),
    ).toBe("step.unreachable:part.news");
  });

  test("is not asked with slots that it does not take", async () => {
    let calls = 0;
    const strict: RagService = {
      ...stubService("weather", () => {
        calls += 1;
        return "";
      }),
      slots: z.strictObject({ city: z.string() }),
    };
    expect(await reasonOf(strict)).toBe("step.failed:part.weather");
    expect(calls).toBe(0);
  });
});

test("slots with an identifier stay here in class sanitized", async () => {
  let calls = 0;
  const { callService } = callWith(
    stubService("weather", () => {
      calls += 1;
      return "";
    }),
  );
  const permit = { ...permitOf("sanitized"), conceal: (text: string) => text.replace("Anna Nowak", "⟨PERSON_1⟩") };
  const { results } = await callService(stepStateOf({ args: { place: "Anna Nowak" } }, { permit }), runtimeOf());
  expect(results[0]?.status).toBe("failed");
  expect(results[0]?.reason).not.toContain("Nowak");
  expect(calls).toBe(0);
  await callService(stepStateOf(oslo, { permit }), runtimeOf());
  expect(calls).toBe(1);
});

test("the end of the query ends the step, and is no failed step", async () => {
  const own = new AbortController();
  const { callService } = callWith(stubService("weather", () => new Promise<string>(() => undefined)));
  const running = callService(
    stepStateOf(oslo, { query: queryOf("cold?", { signal: own.signal }) }),
    runtimeOf({ signal: own.signal }),
  );
  own.abort(new Error("nobody waits"));
  await expect(running).rejects.toThrow("nobody waits");
});
