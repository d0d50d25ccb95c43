import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ChatClient, connectChat } from "../../support/chat-client.ts";
import { createChatSpeaker } from "../../support/chat-speaker.ts";
import { startNats } from "../../support/nats.ts";
import { type Postgres, startPostgres } from "../../support/postgres.ts";
import { startRedis } from "../../support/redis.ts";
import { freePort } from "../../support/server-process.ts";
import { describeWithServer } from "../../support/servers.ts";
import { type AthenaProcess, startAthena } from "../../support/start-athena.ts";
import { until } from "../../support/until.ts";

const masterKey = "5e".repeat(32);

for (const [kind, start, variable] of [
  ["redis", startRedis, "REDIS_URL"],
  ["nats", startNats, "NATS_URL"],
] as const) {
  describeWithServer("postgres", `two processes on PostgreSQL and ${kind}`, () => {
    describeWithServer(kind, kind, () => {
      let postgres: Postgres;
      let carrier: Awaited<ReturnType<typeof start>>;
      let servers: AthenaProcess[] = [];
      let dataDir: string;
      const clients: ChatClient[] = [];
      const environment = () => ({
        DATABASE_URL: postgres.url,
        [variable]: carrier.url,
        ATHENA_MASTER_KEY: masterKey,
        ATHENA_DATA_DIR: dataDir,
      });

      beforeAll(async () => {
        dataDir = await mkdtemp(join(tmpdir(), "athena-several-"));
        [postgres, carrier] = await Promise.all([startPostgres(), start()]);
        // One after the other: the first brings the schema up to date.
        servers = [await startAthena("serve", await freePort(), environment())];
        servers.push(await startAthena("serve", await freePort(), environment()));
      }, 120_000);
      afterAll(async () => {
        for (const client of clients) client.socket.terminate();
        await Promise.all(servers.map((server) => server.kill()));
        await Promise.all([postgres?.stop(), carrier?.stop()]);
        await rm(dataDir, { recursive: true, force: true });
      });
      const enter = async (server: AthenaProcess, hello: object = {}): Promise<ChatClient> => {
        const client = await connectChat(server.url, hello);
        clients.push(client);
        return client;
      };

      test("what is said at one is at once with the clients of the other", async () => {
        const [here, there] = [await enter(servers[0]!), await enter(servers[1]!)];
        here.send({ type: "message", text: "warm", reply: false });
        await there.frame(({ content }) => content === "warm");
        const from = performance.now();
        for (let count = 0; count < 20; count += 1) here.send({ type: "message", text: `m${count}`, reply: false });
        await there.frame(({ content }) => content === "m19");
        // Far below the 5 s after which a lost note is noticed.
        expect(performance.now() - from).toBeLessThan(2_500);
        expect(there.of("message").map(({ position }) => position)).toEqual(
          Array.from({ length: 21 }, (_, i) => i + 1),
        );
        there.send({ type: "typing" });
        await here.frame(({ type }) => type === "typing");
        expect(there.of("typing")).toEqual([]);
      }, 30_000);

      test("while the carrier is away messages arrive all the same, a little later", async () => {
        const [here, there] = [await enter(servers[0]!), await enter(servers[1]!)];
        await carrier.crash();
        here.send({ type: "message", text: "without a carrier", reply: false });
        await there.frame(({ content }) => content === "without a carrier", 20_000);
        await carrier.restart();
      }, 40_000);

      test.runIf(kind === "redis")(
        "two fronts share what they keep: one goes on for the other that was killed",
        async () => {
          const backend = { ATHENA_BACKEND_URL: servers[0]!.url, ATHENA_FRONT_FLUSH_SECONDS: "0.1" };
          const startFront = async (name: string) =>
            startAthena("front", await freePort(), {
              ...environment(),
              ...backend,
              ATHENA_DATA_DIR: join(dataDir, name),
            });
          const fronts = [await startFront("one"), await startFront("two")];
          const thread_id = (await enter(servers[0]!)).of("welcome")[0].thread_id;
          const reader = await enter(servers[1]!, { thread_id });
          const speakers = fronts.map((_, index) =>
            createChatSpeaker(() => fronts[index]!.url, { thread_id }, `front${index}`),
          );
          for (let number = 0; number < 15; number += 1) {
            await Promise.all(speakers.map((speaker) => speaker.say(number)));
          }
          // What waits of the one is brought by the other.
          await fronts[0]!.kill();
          const said = speakers.flatMap(({ acknowledged }) => acknowledged);
          await until(() => said.every((text) => reader.of("message").some(({ content }) => content === text)), 20_000);
          const contents = reader.of("message").map(({ content }) => content);
          for (const { acknowledged } of speakers) {
            expect(contents.filter((content) => acknowledged.includes(content))).toEqual(acknowledged);
          }
          for (const speaker of speakers) speaker.close();
          await fronts[1]!.kill();
        },
        60_000,
      );
    });
  });
}
