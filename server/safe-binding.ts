import type { Settings } from "../platform/config/settings.ts";
import { AppError } from "../platform/errors/app-error.ts";
import { parseApiKeys } from "./api-keys.ts";
import { isLoopbackHost } from "./http/is-loopback-host.ts";

/**
 * Refuses settings under which strangers could act as the local user: no keys and an address that others can reach, or no
 * keys and pages of any origin.
 * @throws {AppError} CONFIG_INVALID saying what to set.
 */
export const assertSafeBinding = (
  settings: Pick<Settings, "ATHENA_HOST" | "ATHENA_API_KEYS" | "ATHENA_CORS_ORIGINS">,
): void => {
  if (parseApiKeys(settings.ATHENA_API_KEYS).length > 0) return;
  if (!isLoopbackHost(settings.ATHENA_HOST)) {
    throw new AppError(
      "CONFIG_INVALID",
      "ATHENA_HOST lets other machines in, but nobody could tell them apart: set ATHENA_API_KEYS (name=secret), or set ATHENA_HOST to 127.0.0.1.",
    );
  }
  if (settings.ATHENA_CORS_ORIGINS.includes("*")) {
    throw new AppError(
      "CONFIG_INVALID",
      "ATHENA_CORS_ORIGINS is '*', which would let any web page act as the local user: list the origins, or set ATHENA_API_KEYS.",
    );
  }
};
