import type { RequestHandler } from "express";

const exposed =
  "x-request-id, retry-after, retry-after-ms, x-should-retry, x-athena-thread, x-athena-version, idempotency-replayed";
const headerNames = /^[\w\-, ]{1,1000}$/;

/** Lets pages of the listed origins (`*`: any) call; never with cookies. Without origins it does nothing. */
export const createCors = (origins: readonly string[]): RequestHandler => {
  const allowed = new Set(origins);
  const any = allowed.has("*");
  return function cors(request, response, next) {
    const { origin } = request.headers;
    if (allowed.size === 0 || origin === undefined) return next();
    response.setHeader("Vary", "Origin");
    if (!any && !allowed.has(origin)) return next();
    response.setHeader("Access-Control-Allow-Origin", any ? "*" : origin);
    response.setHeader("Access-Control-Expose-Headers", exposed);
    if (request.method !== "OPTIONS" || request.headers["access-control-request-method"] === undefined) return next();
    const wanted = request.headers["access-control-request-headers"];
    response.setHeader("Access-Control-Allow-Methods", "GET, HEAD, POST, PATCH, DELETE");
    if (wanted !== undefined && headerNames.test(wanted)) response.setHeader("Access-Control-Allow-Headers", wanted);
    response.setHeader("Access-Control-Max-Age", "600");
    response.status(204).end();
  };
};
