import { AppError } from "../../platform/errors/app-error.ts";
import { createAuthenticate } from "../authenticate.ts";
import type { Identify } from "../clients/identify.ts";

/**
 * Checks the key that engine and deep core share; no other key opens what is between them.
 * @throws {AppError} UNAUTHENTICATED; NOT_CONFIGURED when there is no key to show.
 */
export const createIdentifyCore = (key: string | undefined): Identify => {
  if (key === undefined) {
    return () => {
      throw new AppError("NOT_CONFIGURED", "No core is configured: set ATHENA_CORE_KEY.");
    };
  }
  const authenticate = createAuthenticate([
    { secret: key, principal: Object.freeze({ id: "core", roles: ["core"], profile: "openai" }) },
  ]);
  return ({ authorization }) => authenticate(authorization);
};
