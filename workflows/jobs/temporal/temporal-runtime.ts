import { makeTelemetryFilterString, Runtime } from "@temporalio/worker";
import type { Logger } from "pino";

let isInstalled = false;

/** Temporal's native part, which a process has once: it logs with ours, and signals are for ours to act upon. */
export const installRuntime = (logger: Logger): void => {
  if (isInstalled) return;
  isInstalled = true;
  const tell = (
    level: "trace" | "debug" | "info" | "warn" | "error",
    message: string,
    { error, ...meta }: { readonly error?: unknown; readonly [name: string]: unknown } = {},
  ): void => logger[level]({ part: "temporal", ...meta, ...(error === undefined ? {} : { err: error }) }, message);
  const levels = { TRACE: "trace", DEBUG: "debug", INFO: "debug", WARN: "warn", ERROR: "error" } as const;
  Runtime.install({
    shutdownSignals: [],
    logger: {
      trace: (message, meta) => tell("trace", message, meta),
      debug: (message, meta) => tell("debug", message, meta),
      info: (message, meta) => tell("debug", message, meta),
      warn: (message, meta) => tell("warn", message, meta),
      error: (message, meta) => tell("error", message, meta),
      log: (level, message, meta) => tell(levels[level], message, meta),
    },
    telemetryOptions: { logging: { forward: {}, filter: makeTelemetryFilterString({ core: "WARN" }) } },
  });
};
