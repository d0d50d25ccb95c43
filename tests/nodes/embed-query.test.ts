import { describe, expect, test } from "vitest";
import { createEmbedQuery } from "../../nodes/embed-query.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import type { ModelGateway } from "../../platform/models/model-gateway.ts";
import { permitOf } from "../support/permit.ts";

type Embed = ModelGateway["embed"];
const usage = { promptTokens: 1, completionTokens: 0, estimated: true };
const never = new AbortController().signal;
const embedWith = (embed: Embed, signal = never, timeoutMs = 1_000) =>
  createEmbedQuery({ models: { embed }, model: "ollama/embed", timeoutMs })(permitOf("full"), signal)?.(["is it cold"]);

describe("vectors of a query", () => {
  test("come from the model that embedded the examples, under the query's own permit", async () => {
    const permit = permitOf("local-only");
    const asked: Parameters<Embed>[0][] = [];
    const embed = createEmbedQuery({
      models: {
        embed: async (request) => {
          asked.push(request);
          return { vectors: [Float32Array.of(1)], usage };
        },
      },
      model: "ollama/embed",
      timeoutMs: 1_000,
    })(permit, never);
    expect(await embed?.(["is it cold"])).toEqual([Float32Array.of(1)]);
    expect(asked).toMatchObject([{ model: "ollama/embed", inputs: ["is it cold"] }]);
    expect(asked[0]?.permit).toBe(permit);
  });

  test("are none without a model or without a permit", () => {
    const embed: Embed = async () => ({ vectors: [], usage });
    expect(createEmbedQuery({ models: { embed }, model: undefined, timeoutMs: 9 })(permitOf(), never)).toBeUndefined();
    expect(createEmbedQuery({ models: { embed }, model: "a/b", timeoutMs: 9 })(undefined, never)).toBeUndefined();
  });

  test("are none when the gate holds them, the model fails or takes too long", async () => {
    const held = async () => Promise.reject(new AppError("EGRESS_BLOCKED", "Nothing may leave."));
    expect(await embedWith(held)).toBeUndefined();
    const slow: Embed = ({ signal }) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));
    expect(await embedWith(slow, never, 20)).toBeUndefined();
  });

  test("stop with the query", async () => {
    const query = new AbortController();
    const asking = embedWith(async ({ signal }) => {
      query.abort(new Error("the client left"));
      signal.throwIfAborted();
      return { vectors: [], usage };
    }, query.signal);
    await expect(asking).rejects.toThrow("the client left");
  });
});
