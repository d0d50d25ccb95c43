import { createHash } from "node:crypto";
import { AppError } from "../platform/errors/app-error.ts";
import type { Principal } from "../platform/policy/principal.ts";

/** A key as configured, while it is still in clear. */
export interface ApiKey {
  readonly secret: string;
  readonly principal: Principal;
}

const named = /^([\w.-]{1,64})=([^=].*)$/;
const withProfile = /^(.+):([a-z][a-z-]{0,31})$/;
/** In the place of the profile: an administrator's key, or an auditor's, who reads what messages of shared threads said before. */
const roles: ReadonlySet<string> = new Set(["admin", "auditor"]);

const refuse = (position: number, problem: string): never => {
  throw new AppError("CONFIG_INVALID", `ATHENA_API_KEYS, entry ${position}: ${problem}`);
};

const parseEntry = (entry: string, position: number): ApiKey => {
  const [, name, rest = entry] = named.exec(entry) ?? [];
  // `ops=` is a variable that did not expand, not a secret.
  if (name === undefined && /^[\w.-]+=$/.test(entry)) refuse(position, "the secret is empty; write name=secret.");
  const [, secret = rest, word = "openai"] = withProfile.exec(rest) ?? [];
  if (/^(?:null|undefined)?$/.test(secret.trim())) refuse(position, "the secret is empty.");
  if (!/^[\x21-\x7e]+$/.test(secret)) refuse(position, "a secret is made of visible ASCII characters.");
  const id = name ?? createHash("sha256").update(secret).digest("hex").slice(0, 12);
  const role = roles.has(word) ? { roles: ["user", word], profile: "openai" } : { roles: ["user"], profile: word };
  return { secret, principal: Object.freeze({ id: `key:${id}`, ...role }) };
};

/**
 * Reads `name=secret[:profile]`, or `name=secret:admin` for an administrator and `:auditor` for an auditor, separated by commas; a bare
 * secret is named by the start of its SHA-256. One name may have
 * several secrets (rotation). Undefined or only commas: no keys.
 * @throws {AppError} CONFIG_INVALID naming the entry by its position, never by its text.
 */
export const parseApiKeys = (setting: string | undefined): readonly ApiKey[] => {
  const entries = (setting ?? "").split(",").map((entry) => entry.trim());
  const keys = entries.flatMap((entry, index) => (entry === "" ? [] : [parseEntry(entry, index + 1)]));
  const owners = new Map<string, string>();
  for (const { secret, principal } of keys) {
    const owner = owners.get(secret) ?? principal.id;
    if (owner !== principal.id) throw new AppError("CONFIG_INVALID", "ATHENA_API_KEYS gives one secret to two names.");
    owners.set(secret, owner);
  }
  return keys;
};
