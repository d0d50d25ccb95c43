import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { AppError } from "../platform/errors/app-error.ts";
import { localPrincipal, type Principal } from "../platform/policy/principal.ts";
import type { ApiKey } from "./api-keys.ts";

/** Who sent this `Authorization` header. @throws {AppError} UNAUTHENTICATED */
export type Authenticate = (authorization: string | undefined) => Principal;

const bearer = /^Bearer +(\S+) *$/i;

/**
 * Checks `Authorization: Bearer SECRET` against the configured keys. Only keyed hashes stay in memory; every key is
 * compared, each in constant time. Without keys everyone is the local user, whatever header clients
 * insist on sending; `localProfile` is the client profile then.
 */
export const createAuthenticate = (keys: readonly ApiKey[], localProfile = localPrincipal.profile): Authenticate => {
  const local = Object.freeze({ ...localPrincipal, profile: localProfile });
  if (keys.length === 0) return () => local;
  const pepper = randomBytes(32);
  const hash = (secret: string): Buffer => createHmac("sha256", pepper).update(secret).digest();
  const known = keys.map(({ secret, principal }) => ({ hash: hash(secret), principal }));
  return function authenticate(authorization) {
    const secret = bearer.exec(authorization ?? "")?.[1];
    if (secret === undefined) {
      throw new AppError("UNAUTHENTICATED", "No API key was given. Send it as 'Authorization: Bearer KEY'.");
    }
    const given = hash(secret);
    let found: Principal | undefined;
    for (const key of known) if (timingSafeEqual(key.hash, given)) found = key.principal;
    if (found === undefined) throw new AppError("UNAUTHENTICATED", "The API key is not valid.");
    return found;
  };
};
