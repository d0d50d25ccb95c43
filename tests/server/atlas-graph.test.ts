import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Graph } from "../../atlas/graph/graph.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import { type Edge, jsonOf, startEdge } from "../support/start-edge.ts";

const asked: unknown[] = [];
const atlasGraph: Graph = {
  async around(_principal, request) {
    asked.push(request);
    if (request.entity !== "db-7") throw new AppError("NOT_FOUND", "There is no such entity.");
    return {
      nodes: [
        { id: "e", kind: "entity", type: "host", label: "db-7" },
        {
          id: "m",
          kind: "message",
          parent: "t",
          position: 3,
          role: "user",
          author: "ada",
          createdAt: "2026-03-01T00:00:00.000Z",
          scopeKey: "user:ada",
        },
      ],
      edges: [{ from: "m", to: "e", kind: "mentions", origins: ["rule"] }],
      truncated: false,
    };
  },
  async topics(_principal, request) {
    asked.push(request);
    return [{ topic: "Cluster/Storage", items: 2, itemsWithBelow: 5, newestAt: "2026-03-01T00:00:00.000Z" }];
  },
};

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge({ deps: { atlasGraph } });
});
afterAll(() => edge.close());

describe("GET /atlas/graph", () => {
  test("answers nodes and edges, without the keys of scopes", async () => {
    const response = await fetch(`${edge.url}/atlas/graph?entity=db-7&depth=2&limit=50`);
    expect(response.status).toBe(200);
    expect(await jsonOf(response)).toEqual({
      nodes: [
        { id: "e", kind: "entity", type: "host", label: "db-7" },
        {
          id: "m",
          kind: "message",
          thread_id: "t",
          role: "user",
          position: 3,
          author: "ada",
          created_at: "2026-03-01T00:00:00.000Z",
        },
      ],
      edges: [{ from: "m", to: "e", kind: "mentions", origins: ["rule"] }],
      truncated: false,
    });
    expect(asked.at(-1)).toEqual({ entity: "db-7", depth: 2, limit: 50 });
  });

  test.each([
    ["", 400],
    ["?entity=", 400],
    ["?entity=%20", 400],
    ["?entity=db-7&depth=0", 400],
    ["?entity=db-7&depth=4", 400],
    ["?entity=db-7&limit=501", 400],
    ["?entity=db-7&limit=ten", 400],
    [`?entity=${"x".repeat(513)}`, 400],
    ["?entity=nobody", 404],
    ["?entity=%00", 404],
  ])("answers %s with %i", async (query, status) => {
    const response = await fetch(`${edge.url}/atlas/graph${query}`);
    expect(response.status).toBe(status);
    expect((await jsonOf(response)).error.code).toBe(status === 400 ? "invalid_input" : "not_found");
  });
});

test("GET /atlas/topics answers the topics with their counts", async () => {
  const response = await fetch(`${edge.url}/atlas/topics?under=Cluster`);
  expect(await jsonOf(response)).toEqual({
    topics: [{ topic: "Cluster/Storage", items: 2, items_with_below: 5, newest_at: "2026-03-01T00:00:00.000Z" }],
  });
  expect(asked.at(-1)).toEqual({ limit: 100, under: "Cluster" });
});
