import type { IncomingHttpHeaders } from "node:http";
import express, { type Express } from "express";
import type { Logger } from "pino";
import type { DeepIndex } from "../../atlas/core/deep-index.ts";
import type { EdgeFollower } from "../../atlas/core/follow-edge.ts";
import type { Embedder } from "../../atlas/vectors/embedder.ts";
import type { Settings } from "../../platform/config/settings.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import type { Metrics } from "../../platform/metrics/metrics.ts";
import { createSendError } from "../errors/send-error.ts";
import { createBeginExchange } from "../http/begin-exchange.ts";
import { createGuardHost } from "../http/guard-host.ts";
import { normalisePath } from "../http/normalise-path.ts";
import { createRouter } from "../mount-routes.ts";
import { createCoreRoutes } from "./core-routes.ts";
import { createIdentifyCore } from "./identify-core.ts";

export interface CoreAppDeps {
  readonly settings: Pick<Settings, "ATHENA_CORE_KEY" | "ATHENA_CORE_NAME" | "ATHENA_MAX_BODY_BYTES">;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly index: DeepIndex;
  readonly embedder: Embedder;
  readonly follower: Pick<EdgeFollower, "state">;
}

/** core-api as one Express application: index, search and embedding for whoever has the key, health for everybody. */
export const createCoreApp = ({ settings, logger, metrics, index, embedder, follower }: CoreAppDeps): Express => {
  const identifyCore = createIdentifyCore(settings.ATHENA_CORE_KEY);
  const hasKey = (headers: IncomingHttpHeaders): boolean => {
    try {
      identifyCore(headers);
      return true;
    } catch {
      return false;
    }
  };
  const { router } = createRouter(
    createCoreRoutes({ name: settings.ATHENA_CORE_NAME, index, embedder, follower, metrics, hasKey }),
    {
      identify: identifyCore,
      identifyCore,
      maxBodyBytes: settings.ATHENA_MAX_BODY_BYTES,
    },
  );
  const app = express();
  app.disable("x-powered-by");
  app.set("etag", false);
  app.set("query parser", "simple");
  app.use(createBeginExchange({ logger, metrics }));
  app.use(createGuardHost({ anonymous: false, origins: [] }));
  app.use(normalisePath);
  app.use(router);
  app.use(() => {
    throw new AppError("NOT_FOUND", "There is no such route.");
  });
  app.use(createSendError(logger));
  return app;
};
