import { type DestinationStream, destination, type Level, type Logger, pino } from "pino";

export interface LoggerOptions {
  readonly level: Level | "silent";
  /** Values that are replaced wherever they turn up in a line. */
  readonly secrets: readonly string[];
  /** 1: standard output (default); 2: standard error, for commands whose output is an answer. */
  readonly to?: 1 | 2 | DestinationStream;
}

/** Field names whose values are never written, at the top and two levels down. */
const hidden = [
  "authorization",
  "cookie",
  "set-cookie",
  "x-api-key",
  "apiKey",
  "api_key",
  "password",
  "secret",
  "token",
];
const atDepths = (name: string): readonly string[] => {
  const key = `["${name}"]`;
  return [key, `*${key}`, `*.*${key}`];
};

/**
 * Logs lines of JSON from a level up, without process id or host name. Fields that hold secrets by their name are left out,
 * and known secrets are replaced wherever else they turn up (an error's text, an address).
 */
export const createLogger = ({ level, secrets, to = 1 }: LoggerOptions): Logger => {
  const written = secrets.map((secret) => JSON.stringify(secret).slice(1, -1));
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: hidden.flatMap(atDepths), censor: "[hidden]" },
      hooks: {
        streamWrite: (line) => written.reduce((text, secret) => text.replaceAll(secret, "[hidden]"), line),
      },
    },
    typeof to === "number" ? destination(to) : to,
  );
};
