import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import type { Database } from "../../platform/db/database.ts";
import { createDeadLetters } from "../../platform/events/dead-letters.ts";
import type { BusEvent, ConsumerOptions, EventBus, RunningConsumer } from "../../platform/events/event-bus.ts";
import { processedOnce } from "../../platform/events/processed-once.ts";
import { until } from "../support/until.ts";

export interface EventBusSetup {
  readonly database: () => Database;
  /** A process's own bus on the same events; every call another process. */
  readonly openBus: () => Promise<EventBus>;
}

/** An event about a service, in a name space of the test's own. */
export const healthEvent = (space: string, aggregate: string, change: Partial<BusEvent> = {}): BusEvent => ({
  id: randomUUID(),
  subject: `ops.health.${space}`,
  payload: { service: "weather", state: "up" },
  aggregate: { type: space, id: aggregate },
  createdAt: new Date().toISOString(),
  ...change,
});

/** What every event bus does. */
export const eventBusContract = ({ database, openBus }: EventBusSetup): void => {
  describe("event bus", () => {
    const running: RunningConsumer[] = [];
    const buses: EventBus[] = [];
    afterEach(async () => {
      await Promise.all(running.splice(0).map((consumer) => consumer.stop()));
      await Promise.all(buses.splice(0).map((bus) => bus.close()));
    });
    const open = async (): Promise<EventBus> => {
      const bus = await openBus();
      buses.push(bus);
      return bus;
    };
    const space = (): string => `s${randomUUID().slice(0, 8)}`;
    const consume = async (bus: EventBus, options: ConsumerOptions): Promise<RunningConsumer> => {
      const consumer = await bus.consume({ backoffMs: [50], ...options });
      running.push(consumer);
      return consumer;
    };
    const collector = (name: string, change: Partial<ConsumerOptions> = {}) => {
      const seen: string[] = [];
      const options: ConsumerOptions = {
        name,
        subjects: [`ops.health.${name}`],
        handle: async ({ event }) => {
          seen.push(event.id);
        },
        ...change,
      };
      return { seen, options };
    };

    test("delivers what a consumer's subjects take in, each aggregate's events in order, and nothing else", async () => {
      const bus = await open();
      const name = space();
      const order = new Map<string, string[]>();
      await consume(bus, {
        name,
        subjects: [`ops.*.${name}`],
        handle: async ({ event, attempt }) => {
          expect(attempt).toBe(1);
          await delay(Math.random() * 5);
          order.set(event.aggregate.id, [...(order.get(event.aggregate.id) ?? []), event.id]);
        },
      });
      const events = Array.from({ length: 60 }, (_, index) => healthEvent(name, `a${index % 7}`));
      await bus.publish(events.slice(0, 20));
      await bus.publish([healthEvent(space(), "a1")]);
      await bus.publish(events.slice(20));
      await until(() => [...order.values()].flat().length === events.length);
      for (const [aggregate, ids] of order) {
        expect(ids).toEqual(events.filter((event) => event.aggregate.id === aggregate).map(({ id }) => id));
      }
    });

    test("gives an event as it was published", async () => {
      const bus = await open();
      const name = space();
      const received: BusEvent[] = [];
      const { options } = collector(name, { handle: async ({ event }) => void received.push(event) });
      await consume(bus, options);
      const event = healthEvent(name, "ż\n.*>");
      await bus.publish([event]);
      await until(() => received.length === 1);
      expect(received).toEqual([event]);
    });

    test("stores an id once, however often it is published", async () => {
      const bus = await open();
      const name = space();
      const { seen, options } = collector(name);
      await consume(bus, options);
      const [first, second] = [healthEvent(name, "a"), healthEvent(name, "a")];
      await bus.publish([first]);
      await bus.publish([first, second]);
      await until(() => seen.includes(second.id));
      expect(seen).toEqual([first.id, second.id]);
    });

    test("a consumer goes on where one of its name stopped, in another process too", async () => {
      const name = space();
      const first = await open();
      const before = collector(name);
      const consumer = await consume(first, before.options);
      const events = Array.from({ length: 6 }, () => healthEvent(name, "a"));
      const ids = events.map(({ id }) => id);
      await first.publish(events.slice(0, 3));
      await until(() => before.seen.length === 3);
      await consumer.stop();
      await first.publish(events.slice(3));
      const after = collector(name);
      await consume(await open(), after.options);
      await until(() => after.seen.length === 3);
      expect([...before.seen, ...after.seen]).toEqual(ids);
    });

    test("two processes serve one consumer one after the other, so that order is kept", async () => {
      const name = space();
      const seen: { id: string; by: number }[] = [];
      const processes = [await open(), await open()];
      const consumers: RunningConsumer[] = [];
      for (const [by, bus] of processes.entries()) {
        const { options } = collector(name, { handle: async ({ event }) => void seen.push({ id: event.id, by }) });
        consumers.push(await consume(bus, options));
      }
      const events = Array.from({ length: 40 }, () => healthEvent(name, "a"));
      await processes[0]!.publish(events.slice(0, 20));
      await until(() => seen.length === 20);
      const holder = seen[0]!.by;
      await consumers[holder]!.stop();
      await processes[1]!.publish(events.slice(20));
      await until(() => seen.length === 40);
      expect(seen.map(({ id }) => id)).toEqual(events.map(({ id }) => id));
      expect(new Set(seen.slice(0, 20).map(({ by }) => by))).toEqual(new Set([holder]));
      expect(new Set(seen.slice(20).map(({ by }) => by))).toEqual(new Set([1 - holder]));
    });

    test("an event that fails comes again after a pause; its aggregate waits, others do not", async () => {
      const bus = await open();
      const name = space();
      const attempts: string[] = [];
      await consume(bus, {
        name,
        subjects: [`ops.health.${name}`],
        backoffMs: [1_500, 50],
        handle: async ({ event, attempt }) => {
          attempts.push(`${event.aggregate.id}${(event.payload as { state: string }).state}${attempt}`);
          if (event.aggregate.id === "bad" && attempt < 3) throw new Error("not yet");
        },
      });
      const down = { service: "weather", state: "down" };
      await bus.publish([
        healthEvent(name, "bad"),
        healthEvent(name, "bad", { payload: down }),
        healthEvent(name, "good"),
      ]);
      const from = performance.now();
      await until(() => attempts.includes("goodup1"));
      expect(performance.now() - from).toBeLessThan(1_000);
      await until(() => attempts.length === 5);
      expect(attempts.filter((attempt) => attempt.startsWith("bad"))).toEqual([
        "badup1",
        "badup2",
        "badup3",
        "baddown1",
      ]);
    });

    test("what waits for another attempt waits through a restart, before what came later", async () => {
      const name = space();
      const first = await open();
      const attempts: string[] = [];
      const failing = collector(name, {
        backoffMs: [300],
        handle: async ({ event }) => {
          attempts.push(event.id);
          throw new Error("no");
        },
      });
      const consumer = await consume(first, failing.options);
      const events = Array.from({ length: 3 }, () => healthEvent(name, "a"));
      await first.publish(events.slice(0, 2));
      await until(() => attempts.length === 1);
      await until(
        async () => (await database().query("select from event_retries where consumer = $1", [name])).length === 2,
      );
      await consumer.stop();
      await first.publish(events.slice(2));
      const after: [string, number][] = [];
      const { options } = collector(name, {
        handle: async ({ event, attempt }) => void after.push([event.id, attempt]),
      });
      await consume(await open(), options);
      await until(() => after.length === 3);
      expect(after).toEqual([
        [events[0]!.id, 2],
        [events[1]!.id, 1],
        [events[2]!.id, 1],
      ]);
      expect(await database().query("select from event_retries where consumer = $1", [name])).toEqual([]);
    });

    test("an event that keeps failing becomes a dead letter with its history, and can be given to its consumer again", async () => {
      const bus = await open();
      const name = space();
      const deadLetters = createDeadLetters(database());
      const told: string[] = [];
      const handled: string[] = [];
      let broken = true;
      await consume(bus, {
        name,
        subjects: [`ops.health.${name}`],
        maxDeliver: 3,
        backoffMs: [20],
        handle: async ({ event }) => {
          if (broken && event.id === bad.id) throw new TypeError("secret content");
          handled.push(event.id);
        },
        onDeadLetter: (event) => void told.push(event.id),
      });
      const [bad, next] = [healthEvent(name, "a"), healthEvent(name, "a")];
      await bus.publish([bad, next]);
      await until(() => handled.includes(next.id));
      expect(told).toEqual([bad.id]);
      const [letter] = await deadLetters.list({ consumer: name });
      expect(letter).toMatchObject({ event: bad, consumer: name, status: "waiting" });
      expect(letter!.history.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
      expect(JSON.stringify(letter)).not.toContain("secret content");
      expect(letter!.error).toMatch(/^TypeError at event-bus\.contract\.ts:\d+$/);
      const events = await database().query(
        "select payload from outbox where event_type = $1 and payload ->> 'consumer' = $2",
        [`dlq.${bad.subject}`, name],
      );
      expect(events).toEqual([{ payload: { consumer: name, event_id: bad.id, subject: bad.subject, attempts: 3 } }]);

      broken = false;
      expect(await deadLetters.retry([letter!.id])).toBe(1);
      await until(() => handled.includes(bad.id));
      expect(await deadLetters.list({ consumer: name, status: "retried" })).toHaveLength(1);
      expect(await deadLetters.retry([letter!.id])).toBe(0);
    });

    test("an event that does not fit its subject is a dead letter at once, and the rest goes on", async () => {
      const bus = await open();
      const name = space();
      const { seen, options } = collector(name);
      await consume(bus, options);
      const [bad, good] = [
        healthEvent(name, "a", { payload: { service: "", text: "secret" } }),
        healthEvent(name, "a"),
      ];
      await bus.publish([bad, good]);
      await until(() => seen.length === 1);
      expect(seen).toEqual([good.id]);
      const [letter] = await createDeadLetters(database()).list({ consumer: name });
      expect(letter?.error).toBe("INVALID_INPUT: The event does not fit its subject: service, state.");
      expect(letter?.history).toHaveLength(1);
    });

    test("an attempt that takes too long is told to stop and counts as failed", async () => {
      const bus = await open();
      const name = space();
      const aborted: number[] = [];
      const done: number[] = [];
      const { options } = collector(name, {
        ackWaitMs: 100,
        handle: async ({ attempt, signal }) => {
          if (attempt > 1) return void done.push(attempt);
          signal.addEventListener("abort", () => aborted.push(attempt));
          await new Promise(() => {});
        },
      });
      await consume(bus, options);
      await bus.publish([healthEvent(name, "a")]);
      await until(() => done.length === 1);
      expect({ aborted, done }).toEqual({ aborted: [1], done: [2] });
    });

    test("long work is not delivered a second time meanwhile", async () => {
      const bus = await open();
      const name = space();
      let begun = 0;
      let ended = 0;
      const { options } = collector(name, {
        handle: async () => {
          begun += 1;
          await delay(4_500); // longer than the setup's lease
          ended += 1;
        },
      });
      await consume(bus, options);
      await bus.publish([healthEvent(name, "a")]);
      await until(() => ended === 1);
      await delay(300);
      expect(begun).toBe(1);
    });

    test("stopping lets an attempt under way end, and leaves the rest to the next", async () => {
      const bus = await open();
      const name = space();
      const begun: string[] = [];
      const ended: string[] = [];
      const gate = Promise.withResolvers<void>();
      const { options } = collector(name, {
        concurrency: 1,
        handle: async ({ event }) => {
          begun.push(event.id);
          await gate.promise;
          ended.push(event.id);
        },
      });
      const consumer = await consume(bus, options);
      const events = Array.from({ length: 3 }, (_, index) => healthEvent(name, `a${index}`));
      await bus.publish(events);
      await until(() => begun.length === 1);
      const stopped = consumer.stop();
      gate.resolve();
      await stopped;
      expect(ended).toEqual(begun);
      expect(begun).toHaveLength(1);
      const rest = collector(name);
      await consume(await open(), rest.options);
      await until(() => rest.seen.length === 2);
      expect([...begun, ...rest.seen].sort()).toEqual(events.map(({ id }) => id).sort());
    });

    test("an effect in the transaction of processedOnce happens once, whoever tries", async () => {
      const [consumer, id] = [space(), randomUUID()];
      const effect = (fails: boolean) =>
        database().transaction(async (connection) => {
          const first = await processedOnce(connection, consumer, id);
          if (fails) throw new Error("rolled back");
          return first;
        });
      await expect(effect(true)).rejects.toThrow("rolled back");
      const outcomes = await Promise.all([effect(false), effect(false), effect(false)]);
      expect(outcomes.filter(Boolean)).toHaveLength(1);
    });

    test("says how long a round trip takes", async () => {
      expect(await (await open()).ping()).toBeGreaterThan(0);
    });
  });
};
