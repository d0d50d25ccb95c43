import { AppError } from "../platform/errors/app-error.ts";
import type { Principal } from "../platform/policy/principal.ts";

/** Lets administrators pass: the local user of an engine without keys, else keys with `:admin`. @throws {AppError} POLICY_DENIED */
export const requireAdmin = ({ roles }: Pick<Principal, "roles">): void => {
  if (roles.includes("admin")) return;
  throw new AppError("POLICY_DENIED", "This is for administrators: the keys that ATHENA_API_KEYS gives with ':admin'.");
};
