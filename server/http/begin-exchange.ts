import { randomUUID } from "node:crypto";
import type { RequestHandler } from "express";
import type { Logger } from "pino";
import type { Metrics } from "../../platform/metrics/metrics.ts";
import { version } from "../version.ts";
import { exchangeOf, setExchange } from "./exchange.ts";
import { securityHeaders } from "./security-headers.ts";
import { surfaceOfPath } from "./surface-of-path.ts";

/** Gives every request its id and the fixed headers, and counts and logs it when its answer has ended. */
export const createBeginExchange = ({ logger, metrics }: { logger: Logger; metrics: Metrics }): RequestHandler => {
  // Computed once: helmet builds its policy anew on every call, which costs more than all the rest of this function.
  const fixedHeaders = [...securityHeaders(), ["X-Athena-Version", version] as const];
  return function beginExchange(request, response, next) {
    const exchange = {
      requestId: randomUUID(),
      startedAt: performance.now(),
      surface: surfaceOfPath(request.url),
      routePath: "none",
    };
    setExchange(response, exchange);
    response.setHeader("x-request-id", exchange.requestId);
    for (const [name, value] of fixedHeaders) response.setHeader(name, value);
    if (request.app.enabled("draining")) response.setHeader("Connection", "close");
    response.once("close", function countExchange() {
      const { routePath } = exchangeOf(response);
      const status = response.writableFinished ? response.statusCode : 499;
      const ms = performance.now() - exchange.startedAt;
      metrics.httpSeconds.labels(routePath, request.method, String(status)).observe(ms / 1000);
      logger.debug({ requestId: exchange.requestId, route: routePath, method: request.method, status, ms }, "answered");
    });
    next();
  };
};
