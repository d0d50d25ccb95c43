import type { Request, Response } from "express";
import { AppError } from "../../platform/errors/app-error.ts";
import { parseJson } from "./parse-json.ts";

const jsonType = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;
const charsetOf = /;\s*charset\s*=\s*"?([^\s;"]+)/i;

const checkType = (request: Request, lenientType: boolean): void => {
  const type = request.headers["content-type"];
  const encoding = request.headers["content-encoding"];
  if (encoding !== undefined && encoding.toLowerCase() !== "identity") {
    throw new AppError("UNSUPPORTED_MEDIA_TYPE", "Compressed bodies are not accepted; send the JSON as it is.");
  }
  if (!lenientType && (type === undefined || !jsonType.test(type))) {
    throw new AppError("UNSUPPORTED_MEDIA_TYPE", "Send the body with Content-Type: application/json.");
  }
  const charset = type === undefined ? undefined : charsetOf.exec(type)?.[1]?.toLowerCase();
  if (charset !== undefined && charset !== "utf-8" && charset !== "utf8" && charset !== "us-ascii") {
    throw new AppError("INVALID_INPUT", "The body must be JSON in UTF-8.", { field: "Content-Type" });
  }
};

const tooLarge = (limit: number): AppError =>
  new AppError("TOO_LARGE", `The body is larger than ${limit} bytes.`, { field: "body" });

const collect = (request: Request, limit: number): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const settle = (finish: () => void): void => {
      request.off("data", onData).off("end", onEnd).off("error", onError).off("close", onError);
      finish();
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > limit) settle(() => reject(tooLarge(limit)));
      else chunks.push(chunk);
    };
    const onEnd = (): void => settle(() => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size)));
    const onError = (): void =>
      settle(() => reject(new AppError("CLIENT_CLOSED", "The client closed the connection while sending.")));
    request.on("data", onData).on("end", onEnd).on("error", onError).on("close", onError);
  });

/** Lets go of what a refused request still sends, so that its client gets to read the answer: at most 8 MB, at most 2 s. */
const drain = (request: Request): Promise<void> =>
  new Promise((resolve) => {
    let size = 0;
    const stop = (): void => {
      clearTimeout(timer);
      request.off("data", onData).off("end", stop).off("close", stop).off("error", stop);
      resolve();
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > 8 * 1024 * 1024) stop();
    };
    const timer = setTimeout(stop, 2_000);
    request.on("data", onData).on("end", stop).on("close", stop).on("error", stop);
  });

/**
 * Sends a complete answer now, though the request's body has not been read, then drains a bounded part of it and closes.
 * Resolves when the connection may go.
 */
export const answerUnread = async (request: Request, response: Response, body: Buffer): Promise<void> => {
  response.setHeader("Connection", "close");
  response.setHeader("Content-Length", body.length);
  response.write(body);
  await drain(request);
  response.end();
};

/**
 * The JSON body of a request, at most `limit` bytes.
 * @param lenientType accepts any or no content type (programs that call Ollama with `curl -d`).
 * @throws {AppError} TOO_LARGE (before more than the limit was read), UNSUPPORTED_MEDIA_TYPE, INVALID_INPUT, CLIENT_CLOSED
 */
export const readJsonBody = async (
  request: Request,
  { limit, lenientType }: { readonly limit: number; readonly lenientType: boolean },
): Promise<unknown> => {
  checkType(request, lenientType);
  if (Number(request.headers["content-length"] ?? 0) > limit) throw tooLarge(limit);
  const bytes = await collect(request, limit);
  if (bytes.length === 0) throw new AppError("INVALID_INPUT", "The request has no body.", { field: "body" });
  return parseJson(bytes);
};
