import { AppError } from "../platform/errors/app-error.ts";
import type { Principal } from "../platform/policy/principal.ts";

/** Lets administrators pass. @throws {AppError} POLICY_DENIED */
export const requireAdmin = ({ roles }: Pick<Principal, "roles">): void => {
  if (!roles.includes("admin")) throw new AppError("POLICY_DENIED", "This is for administrators.");
};
