import express, { type Express } from "express";
import type { Logger } from "pino";
import { AppError } from "../../platform/errors/app-error.ts";
import { createSendError } from "../errors/send-error.ts";
import { createBeginExchange } from "../http/begin-exchange.ts";
import { createGuardHost } from "../http/guard-host.ts";
import { normalisePath } from "../http/normalise-path.ts";
import { createRouter, type MountDeps } from "../mount-routes.ts";
import { createWorkerRoutes, type WorkerRoutesDeps } from "./worker-routes.ts";

export interface WorkerAppDeps extends WorkerRoutesDeps, Pick<MountDeps, "identify" | "identifyCore" | "maxBodyBytes"> {
  readonly logger: Logger;
  /** No keys are set: only this machine may ask. */
  readonly anonymous: boolean;
}

/** What a worker shows over HTTP: how it is, and what it did. */
export const createWorkerApp = ({ logger, anonymous, ...deps }: WorkerAppDeps): Express => {
  const { router } = createRouter(createWorkerRoutes(deps), deps);
  const app = express();
  app.disable("x-powered-by");
  app.set("etag", false);
  app.set("query parser", "simple");
  app.use(createBeginExchange({ logger, metrics: deps.metrics }));
  app.use(createGuardHost({ anonymous, origins: [] }));
  app.use(normalisePath);
  app.use(router);
  app.use(() => {
    throw new AppError("NOT_FOUND", "There is no such route.");
  });
  app.use(createSendError(logger));
  return app;
};
