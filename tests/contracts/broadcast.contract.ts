import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import type { Broadcast, Note } from "../../platform/events/broadcast.ts";
import { until } from "../support/until.ts";

/** What every broadcast keeps. `open` gives one as a process of its own would; carriers that join none give one only. */
export const broadcastContract = (
  open: () => Promise<Broadcast>,
  { joins }: { readonly joins: boolean } = { joins: true },
): void => {
  const opened: Broadcast[] = [];
  const openOne = async () => {
    const broadcast = await open();
    opened.push(broadcast);
    return broadcast;
  };
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((broadcast) => broadcast.close()));
  });

  /** Publishes until it is heard: a carrier needs a moment to listen. */
  const heardBy = (heard: readonly Note[], publish: () => void) =>
    until(async () => {
      publish();
      await delay(20);
      return heard.length > 0;
    });

  describe("a broadcast", () => {
    test("tells each subscriber of a topic in this process at once, and once", async () => {
      const broadcast = await openOne();
      const [topic, other] = [randomUUID(), randomUUID()];
      const heard: unknown[] = [];
      broadcast.subscribe(topic, (note) => heard.push(["one", note]));
      const end = broadcast.subscribe(topic, (note) => heard.push(["two", note]));
      broadcast.subscribe(other, (note) => heard.push(["other", note]));
      broadcast.publish(topic, { position: 7, kind: "said" });
      expect(heard).toEqual([
        ["one", { position: 7, kind: "said" }],
        ["two", { position: 7, kind: "said" }],
      ]);
      end();
      broadcast.publish(topic, { position: 8 });
      await delay(100);
      expect(heard).toHaveLength(3);
    });

    test("refuses a topic that could name something else", async () => {
      const broadcast = await openOne();
      for (const topic of ["", "*", "a.b", ">", "a b"]) expect(() => broadcast.subscribe(topic, () => {})).toThrow();
    });

    test.runIf(joins)("tells the subscribers of other processes, in order, until they end", async () => {
      const [here, there] = [await openOne(), await openOne()];
      const topic = randomUUID();
      const heard: Note[] = [];
      const end = there.subscribe(topic, (note) => heard.push(note));
      await heardBy(heard, () => here.publish(topic, { probe: 1 }));
      await delay(100);
      heard.length = 0;
      for (let position = 1; position <= 200; position += 1) here.publish(topic, { position });
      await until(() => heard.length >= 200);
      expect(heard).toEqual(Array.from({ length: 200 }, (_, index) => ({ position: index + 1 })));
      end();
      await delay(100);
      here.publish(topic, { position: 201 });
      await delay(100);
      expect(heard).toHaveLength(200);
    });
  });
};
