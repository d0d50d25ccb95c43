import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeEach, describe, expect, test } from "vitest";
import type { ModelReply } from "../support/model-script.ts";
import { type ClientTarget, story } from "./client-target.ts";

const python = fileURLToPath(new URL("../../.cache/python/bin/python", import.meta.url));
const run = promisify(execFile);

const calls: ModelReply = {
  toolCalls: [
    { id: "call_1", name: "turn_on", arguments: { area: "hall" } },
    { id: "call_2", name: "turn_on", arguments: { area: "attic" } },
  ],
};
const told: ModelReply = { text: story };
const lineEnds: ModelReply = { text: ["a\u2028b\u2029", "c\u0085d 👩‍🚀"] };
const broken: ModelReply = { text: story, errorAfterChunks: 2 };
const schema: ModelReply = { text: '{"title":"The lighthouse"}' };
const results: ModelReply = { text: "Both are on." };

/** The official Python clients, unmodified; skipped where `scripts/provision.sh` has not been run, except in CI. */
export const pythonSuite = (target: () => ClientTarget): void => {
  beforeEach(() => target().reset());
  const missing = !existsSync(python);

  describe.skipIf(missing && process.env.CI !== "true")("for Python (needs scripts/provision.sh)", () => {
    test.each([
      ["openai_client.py", [told, told, told, calls, results, schema, lineEnds, broken, told]],
      ["ollama_client.py", [told, told, calls, results, schema, lineEnds, told, broken, told]],
    ] as const)("%s passes", { timeout: 60_000 }, async (script, replies) => {
      target().enqueue(...replies);
      const path = fileURLToPath(new URL(script, import.meta.url));
      const { stdout } = await run(python, [path], {
        env: { ...process.env, BASE_URL: target().url, NO_PROXY: "127.0.0.1", PYTHONDONTWRITEBYTECODE: "1" },
        timeout: 50_000,
      });
      expect(stdout.trim()).toBe("passed");
    });
  });
};
