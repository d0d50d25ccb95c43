import { connect } from "@nats-io/transport-node";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PoolDatabase } from "../../../platform/db/pool-database.ts";
import { createDeadLetters } from "../../../platform/events/dead-letters.ts";
import type { BusEvent, EventBus } from "../../../platform/events/event-bus.ts";
import { type NatsBusOptions, openNatsBus } from "../../../platform/events/nats-bus.ts";
import { toNatsOptions } from "../../../platform/events/nats-connection.ts";
import { publish } from "../../../platform/events/outbox.ts";
import { processedOnce } from "../../../platform/events/processed-once.ts";
import { startRelay } from "../../../platform/events/relay.ts";
import { republish } from "../../../platform/events/republish.ts";
import { createMetrics } from "../../../platform/metrics/metrics.ts";
import { eventBusContract, healthEvent } from "../../contracts/event-bus.contract.ts";
import { openMigratedEmbedded } from "../../support/embedded-database.ts";
import { type NatsServer, startNats } from "../../support/nats.ts";
import { describeWithServer } from "../../support/servers.ts";
import { until } from "../../support/until.ts";

const logger = pino({ level: "silent" });

describeWithServer("nats", "with NATS", () => {
  let server: NatsServer;
  let database: PoolDatabase;
  beforeAll(async () => {
    [server, database] = await Promise.all([startNats(), openMigratedEmbedded()]);
  });
  afterAll(async () => {
    await database?.close();
    await server?.stop();
  });

  const openBus = (change: Partial<NatsBusOptions> = {}) =>
    openNatsBus({
      url: server.url,
      stream: "TEST",
      replicas: 1,
      retentionMs: 3_600_000,
      database,
      metrics: createMetrics(),
      logger,
      idleMs: 100,
      leaseMs: 3_000,
      ...change,
    });
  eventBusContract({ database: () => database, openBus });

  const withBus = async (work: (bus: EventBus) => Promise<void>): Promise<void> => {
    const bus = await openBus();
    await work(bus).finally(() => bus.close());
  };

  test("the stream of an earlier version takes on the settings of this one", async () => {
    await withBus(async () => undefined);
    const bus = await openBus({ retentionMs: 7_200_000 });
    await bus.publish([healthEvent("again", "a")]);
    await bus.close();
  });

  test("an event that NATS would not take is refused as too large", () =>
    withBus(async (bus) => {
      const huge = healthEvent("huge", "a", { payload: { service: "x".repeat(1_100_000), state: "up" } });
      await expect(bus.publish([huge])).rejects.toMatchObject({ code: "TOO_LARGE" });
    }));

  test("what others publish is taken when its payload fits, and else is a dead letter", () =>
    withBus(async (bus) => {
      const seen: BusEvent[] = [];
      await bus.consume({
        name: "foreign",
        subjects: ["ops.health.foreign"],
        handle: async ({ event }) => void seen.push(event),
      });
      const outsider = await connect({ servers: server.url });
      for (const data of ["no json {", '{"service":"weather","state":"up"}', "[]", ""]) {
        outsider.publish("ops.health.foreign", data);
      }
      await outsider.drain();
      await until(() => seen.length === 1);
      expect(seen[0]?.payload).toEqual({ service: "weather", state: "up" });
      const deadLetters = createDeadLetters(database);
      await until(async () => (await deadLetters.list({ consumer: "foreign" })).length === 3);
    }));

  test("consumers go on when the server comes back from a crash, in order", () =>
    withBus(async (bus) => {
      const seen: string[] = [];
      await bus.consume({
        name: "crash",
        subjects: ["ops.health.crash"],
        handle: async ({ event }) => {
          const first = await processedOnce(database, "crash", event.id);
          if (first) seen.push(event.id);
        },
      });
      const events = Array.from({ length: 40 }, () => healthEvent("crash", "a"));
      await bus.publish(events.slice(0, 20));
      await until(() => seen.length > 5);
      await server.crash();
      await expect(bus.publish(events.slice(20))).rejects.toMatchObject({ code: "EVENTS_UNAVAILABLE" });
      await expect(bus.ping()).rejects.toMatchObject({ code: "EVENTS_UNAVAILABLE" });
      await server.restart();
      await until(async () => (await bus.ping().catch(() => 0)) > 0);
      await bus.publish(events.slice(20));
      await until(() => seen.length === 40);
      expect(seen).toEqual(events.map(({ id }) => id));
    }));

  test("a server that stands still is noticed, and nothing waits for it for long", () =>
    withBus(async (bus) => {
      const from = performance.now();
      try {
        server.pause();
        // The signal may reach its threads one after the other: a first ping may still be answered.
        await bus.ping().catch(() => undefined);
        await expect(bus.ping()).rejects.toMatchObject({ code: "EVENTS_UNAVAILABLE" });
        await expect(bus.publish([healthEvent("still", "a")])).rejects.toMatchObject({ code: "EVENTS_UNAVAILABLE" });
      } finally {
        server.resume();
      }
      expect(performance.now() - from).toBeLessThan(10_000);
      await until(async () => (await bus.ping().catch(() => 0)) > 0);
    }));

  test("when the server has lost what it acknowledged, one command brings it back, and nothing takes effect twice", () =>
    withBus(async (bus) => {
      const effects: string[] = [];
      const consume = (to: EventBus) =>
        to.consume({
          name: "restored",
          subjects: ["ops.health.restored"],
          handle: async ({ event }) => {
            if (await processedOnce(database, "restored", event.id)) effects.push(event.id);
          },
        });
      const consumer = await consume(bus);
      const relay = startRelay({ database, bus, metrics: createMetrics(), logger, idleMs: 30 });
      const write = () =>
        publish(database, {
          subject: "ops.health.{service}",
          tokens: { service: "restored" },
          payload: { service: "weather", state: "up" },
          aggregate: { type: "test", id: "restored" },
        });
      const published = async () =>
        (await database.query("select from outbox where aggregate_id = 'restored' and status = 'published'")).length;
      const since = new Date();
      for (let index = 0; index < 5; index += 1) await write();
      await until(() => effects.length === 5);
      await consumer.stop();
      for (let index = 0; index < 5; index += 1) await write();
      await until(async () => (await published()) === 10);
      await server.crash();
      await server.restart("empty");
      await until(async () => (await bus.ping().catch(() => 0)) > 0);
      await consume(bus);
      expect(await republish(database, { since, subject: "ops.health.restored" })).toBe(10);
      await until(() => effects.length === 10);
      await relay.stop();
      expect(new Set(effects).size).toBe(10);
    }));
});

test.each([
  ["nats://one:4222", { servers: ["one:4222"] }],
  ["one:4222", { servers: ["one:4222"] }],
  ["nats://ada:p%40ss@one:4222, nats://two:4222", { servers: ["one:4222", "two:4222"], user: "ada", pass: "p@ss" }],
  ["tls://token@one:4222", { servers: ["one:4222"], token: "token", tls: {} }],
])("reads the address %s", (text, options) => {
  expect(toNatsOptions(text)).toEqual(options);
});

test.each(["http://one:4222", "nats://", ""])("refuses the address '%s'", (text) => {
  expect(() => toNatsOptions(text)).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
});
