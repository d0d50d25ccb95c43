import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningEngine, startEngine } from "../support/engine.ts";
import { longestPause } from "../support/longest-pause.ts";

const size = 100_000;
const fill = (piece: string) => piece.repeat(Math.ceil(size / piece.length)).slice(0, size);

describe("100 KB of hostile text", () => {
  let athena: RunningEngine;
  const ask = async (text: string, mode: string) => {
    const response = await athena.post("/ai/query", { sender: "eve", text, mode });
    await response.text();
    return response.status;
  };
  beforeAll(async () => {
    athena = await startEngine();
    await ask("How high is Gdańsk airport?", "open");
  });
  afterAll(() => athena.close());

  test.each([
    ["one letter", fill("a")],
    ["open brackets", fill("([{")],
    ["numbers and commas", fill("1,")],
    ["digits", fill("7")],
    ["spaces", `x${fill(" ")}`],
    ["and and and", fill("weather in Paris and ")],
    ["quotes and backslashes", fill('\\"')],
    ["towns", fill("San ")],
    ["addresses", fill("a@b.")],
    ["combining marks", fill("e\u0301\u0301\u0301")],
    ["percent of", fill("17 % of ")],
  ])("never holds the process up: %s", async (_, text) => {
    for (const mode of ["open", "confidential"]) {
      const pause = await longestPause(async () => expect([200, 403]).toContain(await ask(text, mode)));
      expect(pause, mode).toBeLessThan(50);
    }
  });
});
