import { localPrincipal } from "../../platform/policy/principal.ts";
import type { ApiKey } from "../api-keys.ts";

/** The roles that a principal has now; undefined: no key is its any more. Without keys there is the local user alone. */
export const createRolesOf = (keys: readonly ApiKey[]): ((principal: string) => readonly string[] | undefined) => {
  if (keys.length === 0) return (id) => (id === localPrincipal.id ? localPrincipal.roles : undefined);
  const roles = new Map(keys.map(({ principal }) => [principal.id, principal.roles]));
  return (id) => roles.get(id);
};
