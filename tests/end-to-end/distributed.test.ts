import { afterAll, beforeAll, expect, test } from "vitest";
import { type RunningEngine, startEngine } from "../support/engine.ts";
import { type Postgres, startPostgres } from "../support/postgres.ts";
import { type RedisServer, startRedis } from "../support/redis.ts";
import { describeWithServer } from "../support/servers.ts";

const question = "What's the weather in Kraków tomorrow, how high is Gdańsk airport, and what is 17 % of 2,340?";

interface Ready {
  readonly status: string;
  readonly dependencies: readonly { readonly name: string; readonly kind: string; readonly state: string }[];
}

describeWithServer("postgres", "on PostgreSQL", () =>
  describeWithServer("redis", "and Redis", () => {
    let postgres: Postgres;
    let redis: RedisServer;
    let athena: RunningEngine;
    beforeAll(async () => {
      [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
      athena = await startEngine({ DATABASE_URL: postgres.url, REDIS_URL: redis.url });
    });
    afterAll(async () => {
      await athena.close();
      await Promise.all([postgres.stop(), redis.stop()]);
    });
    const ask = async () => {
      const response = await athena.post("/v1/chat/completions", {
        model: "athena",
        messages: [{ role: "user", content: question }],
      });
      const { choices } = (await response.json()) as { choices: { message: { content: string } }[] };
      return choices[0]?.message.content ?? "";
    };
    const ready = () => fetch(`${athena.url}/ready`).then((reply) => reply.json() as Promise<Ready>);

    test("the first question is answered as it is on the embedded parts", async () => {
      const answer = await ask();
      expect(answer).toContain("489 ft");
      expect(answer).toContain("397.8");
      expect(answer).toMatch(/weather.*cannot be reached/i);
      expect((await ready()).dependencies).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ name: "database", kind: "external", state: "up" }),
          expect.objectContaining({ name: "cache", kind: "external", state: "up" }),
        ]),
      );
    });

    test("a cache that goes away costs no answer and is named", async () => {
      await redis.stop();
      expect(await ask()).toContain("397.8");
      const { dependencies } = await ready();
      expect(dependencies.find(({ name }) => name === "cache")?.state).not.toBe("up");
    });
  }),
);
