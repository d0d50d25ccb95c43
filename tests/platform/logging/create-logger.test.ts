import { expect, test } from "vitest";
import { secretValues } from "../../../platform/config/secret-values.ts";
import { loadSettings } from "../../../platform/config/settings.ts";
import { createLogger } from "../../../platform/logging/create-logger.ts";

const logging = (environment: Record<string, string> = {}) => {
  const lines: string[] = [];
  const settings = loadSettings({ LOG_LEVEL: "info", ...environment });
  const to = { write: (line: string) => void lines.push(line) };
  const logger = createLogger({ level: settings.LOG_LEVEL, secrets: secretValues(settings), to });
  return { logger, lines };
};

test("writes one JSON line with level and time, and nothing about the host", () => {
  const { logger, lines } = logging();
  logger.info({ port: 8000 }, "listens");
  expect(JSON.parse(lines[0] ?? "")).toEqual({
    level: "info",
    time: expect.stringMatching(/^\d{4}-.*Z$/),
    port: 8000,
    msg: "listens",
  });
});

test("writes nothing below its level", () => {
  const { logger, lines } = logging({ LOG_LEVEL: "warn" });
  logger.info("quiet");
  logger.warn("loud");
  expect(lines).toHaveLength(1);
});

test("hides headers and fields that hold secrets, also inside other fields", () => {
  const { logger, lines } = logging();
  logger.info({
    headers: { authorization: "Bearer abc", cookie: "id=abc" },
    apiKey: "abc",
    a: { b: { token: "abc" } },
  });
  expect(lines[0]).not.toContain("abc");
  expect(lines[0]).toContain("[hidden]");
});

test("hides configured secrets wherever they turn up", () => {
  const { logger, lines } = logging({
    OPENAI_API_KEY: "sk-1234567890",
    ATHENA_API_KEYS: "ops=ops-secret-1,dev=dev-secret-2:ollama",
    DATABASE_URL: "postgres://athena:p%40ssw0rd-of-db@db.example/athena",
    OLLAMA_BASE_URL: "http://user:ollama-password@127.0.0.1:11434",
  });
  logger.error(new Error("no access with sk-1234567890 or ops-secret-1 or dev-secret-2:ollama"));
  logger.error(
    { address: "http://x:ollama-password@h", other: "p@ssw0rd-of-db" },
    "postgres://athena:p%40ssw0rd-of-db@db.example/athena",
  );
  for (const secret of [
    "sk-1234567890",
    "ops-secret-1",
    "dev-secret-2",
    "p@ssw0rd-of-db",
    "p%40ssw0rd",
    "ollama-password",
  ]) {
    expect(lines.join("")).not.toContain(secret);
  }
});
