import { performance } from "node:perf_hooks";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Settings } from "../../platform/config/settings.ts";
import { createOutbound } from "../../platform/egress/create-outbound.ts";
import { isAppError } from "../../platform/errors/app-error.ts";
import { Degraded, Evidence } from "../../platform/evidence/evidence.ts";
import { createMetrics } from "../../platform/metrics/metrics.ts";
import { loadAirportTable } from "../../rag-services/airports/create-airport-table.ts";
import { createGazetteer } from "../../rag-services/places/create-gazetteer.ts";
import type { RagService, ServiceContext } from "../../rag-services/rag-service.ts";
import type { ServiceDeps } from "../../rag-services/service-list.ts";
import { createMemoryCache } from "../support/memory-cache.ts";
import { permitOf, recordingEgress } from "../support/permit.ts";
import { type ProviderServer, type Reply, settingsFor, startProviderServer } from "../support/provider-server.ts";

export interface RagServiceCase {
  readonly create: (deps: ServiceDeps) => RagService;
  /** Environment besides the addresses, which all point at the stand-in (`settingsFor`); may use the stand-in's address. */
  readonly environment?: (serverUrl: string) => Readonly<Record<string, string>>;
  /** Scripts true replies for `slots` on every provider. */
  readonly script: (server: ProviderServer) => void;
  /** Slots that need a provider. */
  readonly slots: Readonly<Record<string, unknown>>;
  /** The time of the query; default: a fixed day. */
  readonly now?: Date;
  /** What the slots' schema must refuse. */
  readonly junkSlots: readonly unknown[];
  /** What both renderings must contain, as written there (usually numbers). */
  readonly says: { readonly en: readonly string[]; readonly pl: readonly string[] };
}

const places = createGazetteer();
const airports = loadAirportTable(places);

/** What a service is made of in a test, its providers pointing at the stand-in. */
export const testServiceDeps = (
  server: ProviderServer,
  environment: Readonly<Record<string, string>> = {},
): ServiceDeps & { readonly egress: ReturnType<typeof recordingEgress>; readonly settings: Settings } => {
  const egress = recordingEgress();
  return {
    settings: settingsFor(server.url, environment),
    outbound: createOutbound({ egress, metrics: createMetrics(), longestRetryAfterMs: 200 }),
    places,
    airports,
    cache: createMemoryCache(),
    egress,
  };
};

/** A query's context with defaults: English, Warsaw, a fixed day, everything allowed, 10 s. */
export const testContext = (changes: Partial<ServiceContext> = {}): ServiceContext => ({
  signal: AbortSignal.timeout(10_000),
  locale: "en",
  timezone: "Europe/Warsaw",
  now: new Date("2026-08-01T10:00:00Z"),
  permit: permitOf("full"),
  ...changes,
});

const codeOf = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "answered",
    (error: unknown) => (isAppError(error) ? error.code : `not typed: ${error}`),
  );

/** What every domain service owes its callers; run it once per service. */
export const ragServiceContract = (name: string, given: RagServiceCase): void => {
  describe(`${name} as a domain service`, () => {
    let server: ProviderServer;
    const now = given.now ?? new Date("2026-08-01T10:00:00Z");
    const context = (changes: Partial<ServiceContext> = {}) => testContext({ now, ...changes });
    const build = () => {
      const deps = testServiceDeps(server, given.environment?.(server.url));
      const service = given.create(deps);
      return { service, deps, slots: service.slots.parse(given.slots) };
    };

    beforeAll(async () => {
      server = await startProviderServer();
    });
    beforeEach(() => {
      server.reset();
      given.script(server);
    });
    afterAll(() => server.close());

    test("refuses slots that are not its own", () => {
      const { service } = build();
      for (const junk of given.junkSlots)
        expect(service.slots.safeParse(junk).success, JSON.stringify(junk)).toBe(false);
    });

    test("answers with evidence and says it in English and Polish", async () => {
      const { service, slots } = build();
      for (const locale of ["en", "pl"] as const) {
        const { evidence, degraded } = await service.query(slots, context({ locale }));
        expect(evidence.length).toBeGreaterThan(0);
        for (const item of evidence) {
          const { id: _, ...parsed } = Evidence.parse({ ...item, id: "e1" });
          expect(parsed).toMatchObject({ service: service.id });
          expect(item.text.trim()).not.toBe("");
        }
        for (const line of degraded) Degraded.parse(line);
        const text = service.render(evidence, locale, "Europe/Warsaw");
        for (const part of given.says[locale]) expect(text).toContain(part);
        // Evidence crosses caches and processes as JSON: what it says must survive that.
        expect(service.render(JSON.parse(JSON.stringify(evidence)), locale, "Europe/Warsaw")).toBe(text);
      }
      expect(server.unscripted).toEqual([]);
    });

    test("sends nothing of a query that may not leave", async () => {
      const { service, slots } = build();
      expect(await codeOf(service.query(slots, context({ permit: permitOf("blocked") })))).toBe("EGRESS_BLOCKED");
      expect(server.requests).toEqual([]);
    });

    const failures: Record<string, Reply> = {
      "with a failure of their own": { status: 500, body: { error: "secret-inner-detail" } },
      "that they are asked too often": { status: 429, body: {}, headers: { "retry-after": "60" } },
      "with garbage": { body: "<<<not what was asked>>>" },
      "with JSON of another shape": { body: { unexpected: ["secret-inner-detail"] } },
      "with half a reply": { body: { a: "x".repeat(400) }, cut: true },
    };
    for (const [how, reply] of Object.entries(failures)) {
      test(`says so in time when all providers answer ${how}`, async () => {
        server.always(reply);
        const { service, slots } = build();
        const started = performance.now();
        const error = await service.query(slots, context()).catch((thrown: unknown) => thrown);
        expect(isAppError(error) && error.code).toBe("UPSTREAM_UNAVAILABLE");
        expect((error as Error).message).not.toMatch(/secret-inner-detail|http|127\.0\.0\.1|undefined/);
        expect(performance.now() - started).toBeLessThan(4_000);
      });
    }

    test("says so in time when providers stay silent", async () => {
      server.always({ delayMs: 20_000 });
      const { service, slots } = build();
      const started = performance.now();
      expect(await codeOf(service.query(slots, context()))).toBe("UPSTREAM_UNAVAILABLE");
      expect(performance.now() - started).toBeLessThan(6_000);
    });

    test("says so when nothing listens at the providers' addresses", async () => {
      const gone = await startProviderServer();
      await gone.close();
      const deps = testServiceDeps(gone, given.environment?.(gone.url));
      const service = given.create(deps);
      expect(await codeOf(service.query(service.slots.parse(given.slots), context()))).toBe("UPSTREAM_UNAVAILABLE");
    });

    test("stops at once when the caller leaves", async () => {
      server.always({ delayMs: 3_000 });
      const { service, slots } = build();
      const caller = new AbortController();
      const asked = service.query(slots, context({ signal: caller.signal }));
      setTimeout(() => caller.abort(new Error("caller left")), 50);
      const started = performance.now();
      await expect(asked).rejects.toThrow("caller left");
      expect(performance.now() - started).toBeLessThan(1_000);
    });

    test("asks nothing of a caller who has already left", async () => {
      const { service, slots } = build();
      await expect(service.query(slots, context({ signal: AbortSignal.abort(new Error("gone")) }))).rejects.toThrow();
      expect(server.requests).toEqual([]);
    });

    test("says nothing about no evidence", () => {
      const { service } = build();
      for (const locale of ["en", "pl", "not a locale"])
        expect(typeof service.render([], locale, "UTC")).toBe("string");
    });
  });
};
