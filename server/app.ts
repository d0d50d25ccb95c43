import express, { type Express } from "express";
import { AppError } from "../platform/errors/app-error.ts";
import { parseApiKeys } from "./api-keys.ts";
import { createAuthenticate } from "./authenticate.ts";
import { createIdentify } from "./clients/identify.ts";
import { createIdentifyCore } from "./core/identify-core.ts";
import { createSendError } from "./errors/send-error.ts";
import { createBeginExchange } from "./http/begin-exchange.ts";
import { createCors } from "./http/cors.ts";
import { createGuardHost } from "./http/guard-host.ts";
import { defaultStreamLimits, type StreamLimits } from "./http/line-stream.ts";
import { normalisePath } from "./http/normalise-path.ts";
import { createRouter } from "./mount-routes.ts";
import { createRouteList } from "./routes/route-list.ts";
import type { ServerDeps } from "./server-deps.ts";

export interface AppOptions {
  readonly stream?: StreamLimits;
  /** When a stream of a raw `provider/model` starts though its upstream has said nothing yet. */
  readonly rawFirstByteMs?: number;
}

/**
 * The whole HTTP edge as one Express application; it does not listen yet. `app.enable("draining")` makes `/ready` answer
 * 503 and every answer the last one of its connection.
 * @throws {AppError} CONFIG_INVALID for keys that cannot be read.
 */
export const createApp = (deps: ServerDeps, options: AppOptions = {}): Express => {
  const { settings, logger, metrics } = deps;
  const keys = parseApiKeys(settings.ATHENA_API_KEYS);
  for (const { principal } of keys) {
    if (deps.clientProfiles().some(({ id }) => id === principal.profile)) continue;
    logger.warn({ key: principal.id, profile: principal.profile }, "a key names a client profile that there is not");
  }
  const origins = settings.ATHENA_CORS_ORIGINS;
  const routes = createRouteList(deps, {
    stream: options.stream ?? defaultStreamLimits,
    rawFirstByteMs: options.rawFirstByteMs ?? 5_000,
  });
  const { router, isOllamaPath } = createRouter(routes, {
    identify: createIdentify({
      authenticate: createAuthenticate(keys, settings.ATHENA_PROFILE),
      profiles: deps.clientProfiles,
      secret: settings.ATHENA_IDENTITY_SECRET,
    }),
    identifyCore: createIdentifyCore(settings.ATHENA_CORE_KEY),
    maxBodyBytes: settings.ATHENA_MAX_BODY_BYTES,
  });

  const app = express();
  app.disable("x-powered-by");
  app.set("etag", false);
  app.set("query parser", "simple");
  app.use(createBeginExchange({ logger, metrics }));
  app.use(createGuardHost({ anonymous: keys.length === 0, origins }));
  app.use(createCors(origins));
  app.use(normalisePath);
  app.use(router);
  // Ollama's clients keep a path prefix of the configured URL; only paths that nothing else serves get here.
  app.use(function stripOllamaPrefix(request, response, next) {
    const at = request.path.lastIndexOf("/api/");
    if (at <= 0 || !isOllamaPath(request.path.slice(at))) return next();
    request.url = request.url.slice(at);
    router(request, response, next);
  });
  app.use(() => {
    throw new AppError("NOT_FOUND", "There is no such route.");
  });
  app.use(createSendError(logger));
  return app;
};
