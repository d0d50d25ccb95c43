import { localPrincipal } from "../../platform/policy/principal.ts";
import { keyOfPrincipal } from "../../platform/policy/principal-id.ts";
import type { ApiKey } from "../api-keys.ts";

/** The roles that a principal has now; undefined: no key is its any more. */
export type RolesOf = (principal: string) => readonly string[] | undefined;

/** People behind a front end's key have that key's roles. Without keys there is the local user alone, and people behind it. */
export const createRolesOf = (keys: readonly ApiKey[]): RolesOf => {
  const known = keys.length === 0 ? [localPrincipal] : keys.map(({ principal }) => principal);
  const roles = new Map(known.map((principal) => [principal.id, principal.roles]));
  return (id) => roles.get(keyOfPrincipal(id));
};
