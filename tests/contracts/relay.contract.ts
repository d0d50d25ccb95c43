import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { pino } from "pino";
import { afterEach, describe, expect, test } from "vitest";
import type { Database } from "../../platform/db/database.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import { createDeadLetters } from "../../platform/events/dead-letters.ts";
import { createEmbeddedBus } from "../../platform/events/embedded-bus.ts";
import type { BusEvent, EventBus } from "../../platform/events/event-bus.ts";
import { publish } from "../../platform/events/outbox.ts";
import { type Relay, type RelayDeps, startRelay } from "../../platform/events/relay.ts";
import { republish } from "../../platform/events/republish.ts";
import { sweepEvents } from "../../platform/events/sweep-events.ts";
import { createMetrics } from "../../platform/metrics/metrics.ts";
import { until } from "../support/until.ts";

const logger = pino({ level: "silent" });

/** A bus that keeps what it is given and refuses what it is told to. */
const recordingBus = (refuse: (event: BusEvent) => AppError | undefined = () => undefined) => {
  const published: BusEvent[] = [];
  const bus: EventBus = {
    kind: "embedded",
    async publish(events) {
      const known = new Set(published.map(({ id }) => id));
      for (const event of events) {
        const error = refuse(event);
        if (error) throw error;
      }
      published.push(...events.filter(({ id }) => !known.has(id)));
    },
    consume: () => Promise.reject(new Error("nobody consumes here")),
    ping: async () => {
      const error = refuse({} as BusEvent);
      if (error) throw error;
      return 0.1;
    },
    close: async () => undefined,
  };
  return { bus, published };
};

/** From the outbox to the bus, on whatever database. */
export const relayContract = (database: () => Database): void => {
  describe("relay", () => {
    const relays: Relay[] = [];
    afterEach(async () => {
      await Promise.all(relays.splice(0).map((relay) => relay.stop()));
      await database().query("delete from outbox");
      await database().query("delete from event_consumers");
    });
    const start = (bus: EventBus, change: Partial<RelayDeps> = {}): Relay => {
      const deps = { database: database(), bus, metrics: createMetrics(), logger, idleMs: 30, leaseMs: 1_000 };
      const relay = startRelay({ ...deps, refusedPauseMs: 20, ...change });
      relays.push(relay);
      return relay;
    };
    const write = (aggregate: string, service: string, connection = database() as Parameters<typeof publish>[0]) =>
      publish(connection, {
        subject: "ops.health.{service}",
        tokens: { service },
        payload: { service, state: "up" },
        aggregate: { type: "test", id: aggregate },
      });
    const statuses = async () => {
      const rows = await database().query<{ status: string; count: number }>(
        "select status, count(*)::integer as count from outbox where aggregate_type = 'test' group by status",
      );
      return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
    };
    const subjectsOf = (events: readonly BusEvent[], aggregate?: string) =>
      events
        .filter((event) => aggregate === undefined || event.aggregate.id === aggregate)
        .map(({ subject }) => subject);

    test("publishes what the outbox holds, in order, and marks it", async () => {
      for (let index = 0; index < 120; index += 1) await write(`a${index % 3}`, `n${index}`);
      const { bus, published } = recordingBus();
      start(bus);
      await until(async () => (await statuses()).published === 120);
      for (const aggregate of ["a0", "a1", "a2"]) {
        const expected = Array.from({ length: 120 }, (_, index) => index)
          .filter((index) => `a${index % 3}` === aggregate)
          .map((index) => `ops.health.n${index}`);
        expect(subjectsOf(published, aggregate)).toEqual(expected);
      }
      const [row] = await database().query<Record<string, unknown>>(
        "select published_at is not null as at, claimed_until from outbox limit 1",
      );
      expect(row).toEqual({ at: true, claimed_until: null });
    });

    test("wakes when it is poked, long before it would look by itself", async () => {
      const { bus, published } = recordingBus();
      const relay = start(bus, { idleMs: 60_000 });
      await write("a", "first");
      relay.poke();
      await until(() => published.length === 1, 20_000);
      await write("a", "second");
      relay.poke();
      await until(() => published.length === 2, 20_000);
    });

    test("four relays publish everything once and keep each aggregate's order", async () => {
      const { bus, published } = recordingBus();
      const total = 400;
      for (let index = 0; index < 4; index += 1) start(bus, { batchEvents: 7 });
      await Promise.all(
        Array.from({ length: 10 }, async (_, writer) => {
          for (let index = 0; index < total / 10; index += 1) await write(`w${writer}`, `n${index}`);
        }),
      );
      await until(async () => (await statuses()).published === total);
      expect(published).toHaveLength(total);
      for (let writer = 0; writer < 10; writer += 1) {
        const expected = Array.from({ length: total / 10 }, (_, index) => `ops.health.n${index}`);
        expect(subjectsOf(published, `w${writer}`)).toEqual(expected);
      }
    });

    test("while the bus is away everything waits, and goes out when it is back", async () => {
      let away = true;
      const { bus, published } = recordingBus(() => (away ? new AppError("EVENTS_UNAVAILABLE", "away") : undefined));
      start(bus);
      for (let index = 0; index < 20; index += 1) await write("a", `n${index}`);
      await until(async () => {
        const rows = await database().query("select from outbox where claimed_until is null and status = 'pending'");
        return rows.length === 20;
      });
      away = false;
      await until(() => published.length === 20);
      expect(subjectsOf(published)).toEqual(Array.from({ length: 20 }, (_, index) => `ops.health.n${index}`));
    });

    test("an event that the bus refuses stops nothing, and its aggregate only until it is a dead letter", async () => {
      const refused: BusEvent[] = [];
      const { bus, published } = recordingBus((event) => {
        if (event.subject !== "ops.health.poison") return undefined;
        refused.push(event);
        return new AppError("TOO_LARGE", "The event is larger than the bus takes.");
      });
      await write("bad", "poison");
      await write("bad", "behind");
      for (let index = 0; index < 10; index += 1) await write("good", `n${index}`);
      start(bus, { refusedPauseMs: 100 });
      const from = performance.now();
      await until(() => subjectsOf(published, "good").length === 10);
      expect(performance.now() - from).toBeLessThan(1_000);
      expect(subjectsOf(published, "bad")).toEqual([]);
      await until(() => subjectsOf(published, "bad").length === 1);
      expect(await statuses()).toEqual({ published: 11, failed: 1 });
      const deadLetters = createDeadLetters(database());
      const letters = await deadLetters.list({ consumer: "relay" });
      expect(letters.map(({ event }) => event)).toEqual([refused[0]]);
      expect(letters[0]!.error).toBe("TOO_LARGE: The event is larger than the bus takes.");
      await until(() => published.some(({ subject }) => subject === "dlq.ops.health.poison"));
      expect(await deadLetters.retry(letters.map(({ id }) => id))).toBe(1);
      await until(async () => (await deadLetters.list({ consumer: "relay" })).length === 1);
    });

    test("what a relay that died had claimed is published by another after its lease", async () => {
      await write("a", "first");
      await database().query("select from outbox_claim(10, 300)");
      await write("a", "second");
      await write("b", "third");
      const { bus, published } = recordingBus();
      start(bus);
      await until(() => published.length === 1);
      expect(subjectsOf(published)).toEqual(["ops.health.third"]);
      await until(() => published.length === 3);
      expect(subjectsOf(published, "a")).toEqual(["ops.health.first", "ops.health.second"]);
    });

    test("40 writers that commit late or not at all: nothing committed is missed, nothing else is delivered", async () => {
      const bus = createEmbeddedBus({ database: database(), metrics: createMetrics(), logger, idleMs: 20 });
      const seen: string[] = [];
      const consumer = await bus.consume({
        name: "late",
        subjects: ["ops.health.late"],
        handle: async ({ event }) => void seen.push(event.id),
      });
      start(bus, { batchEvents: 5 });
      start(bus, { batchEvents: 5 });
      const committed: string[] = [];
      const turn = async (writer: number, index: number) => {
        const fails = (writer + index) % 5 === 0;
        const ids: string[] = [];
        const writing = database().transaction(async (connection) => {
          await write(`w${writer}`, "late", connection);
          const [row] = await connection.query<{ id: string }>(
            "select id from outbox where aggregate_id = $1 order by sequence desc limit 1",
            [`w${writer}`],
          );
          ids.push(row!.id);
          if (database().kind === "external") await delay(Math.random() * 30);
          if (fails) throw new Error("rolled back");
        });
        await writing.then(
          () => committed.push(...ids),
          () => expect(fails).toBe(true),
        );
      };
      await Promise.all(
        Array.from({ length: 40 }, async (_, writer) => {
          for (let index = 0; index < 5; index += 1) await turn(writer, index);
        }),
      );
      await until(() => seen.length >= committed.length);
      await delay(100);
      expect([...seen].sort()).toEqual([...committed].sort());
      expect(committed).toHaveLength(160);
      await consumer.stop();
    });

    test("a stored but unmarked event is stored once on the embedded bus", async () => {
      await write("a", "first");
      const bus = createEmbeddedBus({ database: database(), metrics: createMetrics(), logger });
      let dies = true;
      const dying: EventBus = {
        ...bus,
        async publish(events) {
          await bus.publish(events);
          if (dies) throw new AppError("EVENTS_UNAVAILABLE", "the answer was lost");
        },
      };
      start(dying);
      const count = async () =>
        (await database().query("select from bus_events where subject = 'ops.health.first'")).length;
      await until(async () => (await count()) === 1);
      dies = false;
      await until(async () => (await statuses()).published === 1);
      expect(await count()).toBe(1);
    });

    test("published events can be published again, by time and subject, and leave after their retention", async () => {
      const { bus, published } = recordingBus();
      start(bus);
      await write("a", "old");
      await until(async () => (await statuses()).published === 1);
      await database().query("update outbox set published_at = now() - interval '8 days'");
      await write("a", "one");
      await write("a", "two");
      await until(async () => (await statuses()).published === 3);
      const since = new Date(Date.now() - 3_600_000);
      published.length = 0;
      expect(await republish(database(), { since, subject: "ops.*.two" })).toBe(1);
      await until(() => published.length === 1);
      expect(await republish(database(), { since, subject: "ops.health" })).toBe(0);
      expect(await republish(database(), { since })).toBe(2);
      await until(() => subjectsOf(published).length === 2);
      expect(new Set(subjectsOf(published))).toEqual(new Set(["ops.health.one", "ops.health.two"]));

      await database().query(
        "insert into processed_events values ('c', 'old', now() - interval '15 days'), ('c', 'new', now())",
      );
      await database().query(
        `insert into bus_events (id, subject, payload, aggregate_type, aggregate_id, created_at, stored_at)
         values ($1, 'x', '{}', 'test', 'kept?', now(), now() - interval '8 days')`,
        [randomUUID()],
      );
      await database().query("insert into event_consumers (name, position) values ('slow', 0)");
      await until(async () => (await statuses()).published === 3);
      await sweepEvents(database(), { retentionMs: 7 * 86_400_000 });
      expect(await statuses()).toEqual({ published: 2 });
      expect(await database().query("select event_id from processed_events where consumer = 'c'")).toEqual([
        { event_id: "new" },
      ]);
      const old = () => database().query("select from bus_events where aggregate_id = 'kept?'");
      expect(await old()).toHaveLength(1); // a consumer has not read it yet
      await database().query("update event_consumers set position = 1000000 where name = 'slow'");
      await database().query(
        "insert into event_consumers (name, lease_until) values ('gone', now() - interval '8 days')",
      );
      await sweepEvents(database(), { retentionMs: 7 * 86_400_000 });
      expect(await old()).toHaveLength(0);
    });
  });
};
