import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import manifest from "../../../package.json" with { type: "json" };
import { runAthena } from "../../support/run-command.ts";

describe("athena", () => {
  test.each([
    [["--help"], ["serve", "ask", "service", "migrate", "config", "Exit codes"]],
    [["serve", "--help"], ["ATHENA_PORT"]],
    [
      ["ask", "--help"],
      ["--json", "--mode", "--thread", "--locale"],
    ],
    [
      ["service", "--help"],
      ["--port", "--host"],
    ],
    [["migrate", "--help"], ["database"]],
    [["config", "--help"], ["--json"]],
  ])("%j explains itself", async (parameters, words) => {
    const { code, stdout, stderr } = await runAthena(parameters);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const word of words) expect(stdout).toContain(word);
  });

  test("says its version", async () => {
    expect((await runAthena(["--version"])).stdout.trim()).toBe(manifest.version);
  });

  test.each([
    [["frobnicate"], "unknown command"],
    [["ask"], "missing required argument 'question'"],
    [["ask", "hi", "--mode", "odd"], "Allowed choices are open, confidential"],
    [["ask", "hi", "--shout"], "unknown option '--shout'"],
    [["service", "weather", "--port", "99999"], "A port is a number from 0 to 65535"],
  ])("%j is wrong usage: exit code 2 and a sentence on standard error", async (parameters, sentence) => {
    const { code, stdout, stderr } = await runAthena(parameters);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(sentence);
  });

  test("names the wrong variable when the settings cannot be used", async () => {
    const { code, stderr } = await runAthena(["serve"], { ATHENA_PORT: "eight" });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^athena: .*\n {2}ATHENA_PORT: /);
    expect(stderr).not.toContain(" at ");
  });

  test("stops with a sentence below Node 24", async () => {
    // The check is the first thing in a file that old versions can read, so it is run with another version's number.
    const folder = mkdtempSync(join(tmpdir(), "old-node-"));
    const source = readFileSync(resolve(import.meta.dirname, "../../../bin/athena.js"), "utf8");
    const file = join(folder, "athena.cjs");
    writeFileSync(
      file,
      source.replace("process.versions.node", '"20.11.0"').replace("process.version ", '"v20.11.0" '),
    );
    try {
      const { execFileSync } = await import("node:child_process");
      expect(() => execFileSync(process.execPath, [file], { stdio: "pipe" })).toThrow(/Athena needs Node 24 or newer/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("athena config", () => {
  const environment = {
    ATHENA_PORT: "8123",
    ATHENA_API_KEYS: "ops=a-long-secret-of-ops",
    OPENAI_API_KEY: "short",
    DATABASE_URL: "postgres://athena:hunter2hunter2@db.example/athena",
    OPENAI_BASE_URL: "http://user:pass@127.0.0.1:9/v1",
    EVENT_FEEDS: "https://calendar.example/private-token/basic.ics?key=1",
  };

  test("shows value and source of each setting and no secret", async () => {
    const { code, stdout } = await runAthena(["config"], environment);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ATHENA_PORT +environment +8123$/m);
    expect(stdout).toMatch(/^ATHENA_HOST +default +127\.0\.0\.1$/m);
    expect(stdout).toMatch(/^ATHENA_MODEL +default +\(unset\)$/m);
    expect(stdout).toMatch(/^ATHENA_API_KEYS +environment +…-ops$/m);
    expect(stdout).toMatch(/^OPENAI_API_KEY +environment +…$/m);
    for (const secret of ["a-long-secret", "short", "hunter2", "user:pass", "private-token", "key=1"]) {
      expect(stdout).not.toContain(secret);
    }
  });

  test("prints the same as JSON", async () => {
    const { stdout } = await runAthena(["config", "--json"], environment);
    const shown = JSON.parse(stdout) as { name: string; value: unknown; source: string }[];
    expect(shown).toContainEqual({ name: "ATHENA_PORT", value: 8123, source: "environment" });
    expect(shown).toContainEqual({ name: "ATHENA_API_KEYS", value: "…-ops", source: "environment" });
    expect(shown).toContainEqual({ name: "NEWS_FEEDS", value: null, source: "default" });
    expect(shown).toContainEqual({
      name: "EVENT_FEEDS",
      value: ["https://calendar.example/…?…"],
      source: "environment",
    });
  });
});
