import type { Logger } from "pino";
import { logFailure, toFailure } from "../errors/failure.ts";
import type { ServerFrame } from "./server-frames.ts";

type ErrorFrame = Extract<ServerFrame, { readonly type: "error" }>;

/** Whatever was thrown, as a frame; what an operator has to see is logged. */
export const toErrorFrame = (thrown: unknown, logger: Logger, requestId: string, ref?: string): ErrorFrame => {
  const failure = toFailure(thrown);
  logFailure(logger, failure, requestId);
  const { code, message, retryable, field, retryAfterSeconds, facts } = failure.error;
  return {
    ...facts,
    type: "error",
    ...(ref === undefined ? {} : { ref }),
    code: code.toLowerCase(),
    message,
    retryable,
    ...(field === undefined ? {} : { field }),
    ...(retryAfterSeconds === undefined ? {} : { retry_after_seconds: retryAfterSeconds }),
    request_id: requestId,
  };
};
