import type { Response } from "express";
import { AppError } from "../../platform/errors/app-error.ts";

const clientClosed = (): AppError => new AppError("CLIENT_CLOSED", "The client closed the connection.");

/** A signal that aborts with CLIENT_CLOSED when the client goes away before its answer is complete. */
export const hangUpSignal = (response: Response): AbortSignal => {
  const controller = new AbortController();
  if (response.destroyed) controller.abort(clientClosed());
  else {
    response.once("close", () => {
      if (!response.writableFinished) controller.abort(clientClosed());
    });
  }
  return controller.signal;
};
