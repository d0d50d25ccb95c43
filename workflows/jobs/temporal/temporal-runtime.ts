import { makeTelemetryFilterString, Runtime, type Logger as TemporalLogger } from "@temporalio/worker";
import type { Logger } from "pino";
import { isAppError } from "../../../platform/errors/app-error.ts";
import { errorForLog } from "../error-for-log.ts";

let isInstalled = false;

/** What Temporal's packages have to say, in our log. */
export const createRuntimeLogger = (logger: Logger): TemporalLogger => {
  const tell = (
    level: "trace" | "debug" | "info" | "warn" | "error",
    message: string,
    { error, ...meta }: { readonly error?: unknown; readonly [name: string]: unknown } = {},
  ): void => {
    // It tells of each step that failed, with the step's own words. Ours are those of the codec only: it knows no content.
    const err = isAppError(error) ? error : errorForLog(error, undefined);
    logger[level]({ part: "temporal", ...meta, ...(error === undefined ? {} : { err }) }, message);
  };
  const levels = { TRACE: "trace", DEBUG: "debug", INFO: "debug", WARN: "warn", ERROR: "error" } as const;
  return {
    trace: (message, meta) => tell("trace", message, meta),
    debug: (message, meta) => tell("debug", message, meta),
    info: (message, meta) => tell("debug", message, meta),
    warn: (message, meta) => tell("warn", message, meta),
    error: (message, meta) => tell("error", message, meta),
    log: (level, message, meta) => tell(levels[level], message, meta),
  };
};

/** Temporal's native part, which a process has once: it logs with ours, and signals are for ours to act upon. */
export const installRuntime = (logger: Logger): void => {
  if (isInstalled) return;
  isInstalled = true;
  Runtime.install({
    shutdownSignals: [],
    logger: createRuntimeLogger(logger),
    telemetryOptions: { logging: { forward: {}, filter: makeTelemetryFilterString({ core: "WARN" }) } },
  });
};
