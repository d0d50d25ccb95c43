import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadSettings } from "../../../platform/config/settings.ts";
import type { Note } from "../../../platform/events/broadcast.ts";
import { openBroadcast } from "../../../platform/events/open-broadcast.ts";
import { broadcastContract } from "../../contracts/broadcast.contract.ts";
import { startNats } from "../../support/nats.ts";
import { startRedis } from "../../support/redis.ts";
import { describeWithServer } from "../../support/servers.ts";
import { until } from "../../support/until.ts";

const logger = pino({ level: "silent" });
const openWith = (environment: Record<string, string>) =>
  openBroadcast({ settings: loadSettings(environment), logger });

describe("in this process", () => {
  broadcastContract(() => openWith({}), { joins: false });
});

for (const [kind, start, variable] of [
  ["redis", startRedis, "REDIS_URL"],
  ["nats", startNats, "NATS_URL"],
] as const) {
  describeWithServer(kind, `through ${kind}`, () => {
    let server: Awaited<ReturnType<typeof start>>;
    beforeAll(async () => {
      server = await start();
    });
    afterAll(() => server?.stop());
    const open = () => openWith({ [variable]: server.url });

    broadcastContract(open);

    test("goes on by itself after the carrier was away, and never fails meanwhile", async () => {
      const [here, there] = [await open(), await open()];
      const topic = randomUUID();
      const heard: Note[] = [];
      const own: Note[] = [];
      there.subscribe(topic, (note) => heard.push(note));
      here.subscribe(topic, (note) => own.push(note));
      const tell = async (count: number) => {
        here.publish(topic, { count });
        await delay(25);
        return heard.some((note) => note.count === count);
      };
      await until(() => tell(1));
      await server.crash();
      await delay(100);
      const before = own.length;
      expect(await tell(2)).toBe(false);
      expect(own).toHaveLength(before + 1); // this process is told all the same
      await server.restart();
      await until(() => tell(3));
      await Promise.all([here.close(), there.close()]);
    });

    test("does not wait for a carrier that is not there", async () => {
      await server.crash();
      const broadcast = await open();
      const heard: Note[] = [];
      broadcast.subscribe("topic", (note) => heard.push(note));
      broadcast.publish("topic", { here: 1 });
      expect(heard).toEqual([{ here: 1 }]);
      await broadcast.close();
      await server.restart();
    });
  });
}

test("closed while NATS is away, it stops looking for it", async () => {
  let attempts = 0;
  const refusing = createServer((socket) => {
    attempts += 1;
    socket.destroy();
  }).listen(0, "127.0.0.1");
  await once(refusing, "listening");
  const { port } = refusing.address() as { port: number };
  const broadcast = await openWith({ NATS_URL: `nats://127.0.0.1:${port}` });
  await until(() => attempts > 1);
  await broadcast.close();
  const before = attempts;
  await delay(1_200);
  expect(attempts).toBe(before);
  refusing.close();
});
