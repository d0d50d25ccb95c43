import type { Request, Response } from "express";
import { expect, test } from "vitest";
import { createMetrics } from "../../../platform/metrics/metrics.ts";
import { createFrontRoutes } from "../../../server/front/front-routes.ts";

const readiness = async (engine: boolean, ping: () => Promise<number>) => {
  const routes = createFrontRoutes({
    client: { alive: async () => engine },
    store: { kind: "redis", ping },
    counts: () => ({ waiting: 3, refused: 2 }),
    metrics: createMetrics(),
  });
  const answer: { status: number; body?: unknown } = { status: 200 };
  const response = {
    status(status: number) {
      answer.status = status;
      return response;
    },
    setHeader: () => response,
    json: (body: unknown) => {
      answer.body = body;
    },
  };
  const ready = routes.find(({ path }) => path === "/ready")!;
  const request = { app: { enabled: () => false } } as unknown as Request;
  await ready.handle({ request, response: response as unknown as Response } as Parameters<typeof ready.handle>[0]);
  return answer;
};
const sessions = (state: "up" | "down") => expect.objectContaining({ name: "sessions", kind: "external", state });
const backend = (state: "up" | "down") => expect.objectContaining({ name: "backend", state });

test("a front is ready while it takes messages, with the engine or without", async () => {
  const up = async () => 1;
  expect(await readiness(true, up)).toMatchObject({
    status: 200,
    body: { status: "ready", dependencies: [backend("up"), sessions("up")], messages: { waiting: 3, refused: 2 } },
  });
  expect(await readiness(false, up)).toMatchObject({
    status: 200,
    body: { status: "degraded", dependencies: [backend("down"), sessions("up")] },
  });
});

test("a front whose store is away is not ready", async () => {
  const down = () => Promise.reject(new Error("away"));
  expect(await readiness(true, down)).toMatchObject({
    status: 503,
    body: { status: "unavailable", dependencies: [backend("up"), sessions("down")] },
  });
});
