import { createHash, randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { jwtVerify } from "jose";
import type { ClientProfileRow } from "../../platform/config/registry.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import type { Principal } from "../../platform/policy/principal.ts";
import type { Authenticate } from "../authenticate.ts";
import { externalConversationId } from "./external-conversation-id.ts";

export interface IdentifyDeps {
  readonly authenticate: Authenticate;
  readonly profiles: () => readonly ClientProfileRow[];
  /** Secret that front ends sign a person's token with (HS256). */
  readonly secret?: string | undefined;
}

/**
 * Who asks: the key's holder or, where its profile says so, the person behind it.
 * @throws {AppError} UNAUTHENTICATED for a wrong key, a token that does not verify, and a person named in plain while a signing
 * secret is set.
 */
export type Identify = (headers: IncomingHttpHeaders) => Promise<Principal> | Principal;

const longestTokenAge = "1 day";
const clockTolerance = 60;

/** Headers come as one string; a repeated one is nobody's. */
const headerOf = (headers: IncomingHttpHeaders, name: string | undefined): string | undefined => {
  const value = name === undefined ? undefined : headers[name];
  return typeof value === "string" && value.trim() !== "" && !value.includes("{{") ? value.trim() : undefined;
};

/** Ids that read well stay as they are; others are hashed, so that no id can look like another's. */
const segmentOf = (id: string): string =>
  /^(?!sha256\.)[\w.@+-]{1,96}$/.test(id) ? id : `sha256.${createHash("sha256").update(id).digest("hex").slice(0, 32)}`;

const personOf = (principal: Principal, id: string): Principal => ({
  ...principal,
  id: `${principal.id}/user:${segmentOf(id)}`,
});

const profileOf = (profiles: readonly ClientProfileRow[], profile: string): ClientProfileRow | undefined =>
  profiles.find(({ id }) => id === profile);

/** Whether a key of that profile is a front end's, behind which people stand; else its holder is the person. */
export const namesPeople = (profiles: readonly ClientProfileRow[], profile: string): boolean =>
  (profileOf(profiles, profile)?.identity.from ?? "key") !== "key";

/** Nobody is guessed: what one unknown person says is never found again by another one behind the same key. */
const unknownPerson = (principal: Principal, profile: ClientProfileRow, headers: IncomingHttpHeaders): Principal => {
  const conversation = externalConversationId(profile, { headers });
  const name = conversation === undefined ? `once:${randomUUID()}` : `chat:${segmentOf(conversation)}`;
  return { ...principal, id: `${principal.id}/${name}` };
};

export const createIdentify = ({ authenticate, profiles, secret }: IdentifyDeps): Identify => {
  const key = secret === undefined ? undefined : new TextEncoder().encode(secret);

  const verify = async (token: string, { identity }: ClientProfileRow, signed: Uint8Array): Promise<string> => {
    try {
      const { payload } = await jwtVerify(token, signed, {
        algorithms: ["HS256"],
        requiredClaims: ["sub", "iat", "exp"],
        maxTokenAge: longestTokenAge,
        clockTolerance,
        ...(identity.issuer === undefined ? {} : { issuer: identity.issuer }),
      });
      if (typeof payload.sub === "string" && payload.sub.trim() !== "") return payload.sub;
    } catch {
      // Which check failed is nobody's business.
    }
    throw new AppError("UNAUTHENTICATED", "The person's token is not valid.");
  };

  return (headers) => {
    const principal = authenticate(headers.authorization);
    const profile = profileOf(profiles(), principal.profile);
    if (profile === undefined || profile.identity.from === "key") return principal;
    const { identity } = profile;
    const named = headerOf(headers, identity.header);
    if (identity.from === "jwt" && named !== undefined && key !== undefined) {
      return verify(named, profile, key).then((id) => personOf(principal, id));
    }
    const inPlain = identity.plainHeaders.some((name) => headerOf(headers, name) !== undefined);
    if (key !== undefined && inPlain) {
      throw new AppError(
        "UNAUTHENTICATED",
        "A person named in plain headers is not believed while a signing secret is set.",
      );
    }
    if (identity.from === "header" && named !== undefined) return personOf(principal, named);
    return unknownPerson(principal, profile, headers);
  };
};
