import type { ErrorRequestHandler, Request, Response } from "express";
import type { Logger } from "pino";
import { exchangeOf } from "../http/exchange.ts";
import { answerUnread } from "../http/read-body.ts";
import type { Surface } from "../route.ts";
import { type Failure, logFailure, toFailure } from "./failure.ts";
import { toNativeError } from "./native-error.ts";
import { toOllamaError } from "./ollama-error.ts";
import { toOpenAiError } from "./openai-error.ts";

const envelopes = {
  openai: toOpenAiError,
  ollama: toOllamaError,
  native: toNativeError,
  operations: toNativeError,
} as const satisfies Record<Surface, unknown>;

/** Whether the client may still be sending a body that nobody will read. */
const isUnread = (request: Request): boolean =>
  !request.complete && (request.headers["content-length"] !== undefined || "transfer-encoding" in request.headers);

const send = async (request: Request, response: Response, failure: Failure): Promise<void> => {
  const { requestId, surface } = exchangeOf(response);
  const body = Buffer.from(JSON.stringify(envelopes[surface](failure.error, requestId)));
  response.status(failure.status);
  response.setHeader("Content-Type", "application/json; charset=utf-8");
  for (const [name, value] of Object.entries(failure.headers)) response.setHeader(name, value);
  if (isUnread(request)) await answerUnread(request, response, body);
  else response.setHeader("Content-Length", body.length).end(body);
};

/** The last handler: every failure before the first byte, in the envelope of the surface that was called. */
export const createSendError = (logger: Logger): ErrorRequestHandler =>
  async function sendError(thrown: unknown, request, response, _next) {
    const failure = toFailure(thrown);
    logFailure(logger, failure, exchangeOf(response).requestId);
    if (response.headersSent) response.destroy();
    else if (!response.destroyed) await send(request, response, failure);
  };
