import type { ClientProfileRow } from "../../platform/config/registry.ts";
import type { Settings } from "../../platform/config/settings.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import { localPrincipal, type Principal } from "../../platform/policy/principal.ts";
import { keyOfPrincipal } from "../../platform/policy/principal-id.ts";
import { type ApiKey, parseApiKeys } from "../api-keys.ts";
import { namesPeople } from "../clients/identify.ts";
import { MeReply } from "../routes/me.ts";
import { type ServerOnDatabase, serverWith } from "./server-on-database.ts";

type KeySettings = Pick<Settings, "ATHENA_API_KEYS" | "ATHENA_PROFILE">;

/** The keys of the settings as commands try them: administrators' first. */
const commandKeys = ({ ATHENA_API_KEYS }: KeySettings): readonly ApiKey[] => {
  const keys = parseApiKeys(ATHENA_API_KEYS);
  const isAdmin = ({ principal }: ApiKey) => principal.roles.includes("admin");
  return [...keys.filter(isAdmin), ...keys.filter((key) => !isAdmin(key))];
};

const nobody = (hasKeys: boolean): AppError =>
  new AppError(
    "CONFIG_INVALID",
    hasKeys
      ? "Each key in ATHENA_API_KEYS belongs to a front end that names its people: add a key of your own, such as me=SECRET."
      : "ATHENA_PROFILE belongs to a front end that names its people: set ATHENA_API_KEYS with a key for it and one of your own, such as web=SECRET:open-webui,me=SECRET.",
  );

/**
 * Who the commands are on a database: the first key that is a person itself, an administrator's before others; without keys the
 * local user. @throws {AppError} CONFIG_INVALID: all of them are front ends, behind which people stand
 */
export const commandPrincipal = (settings: KeySettings, profiles: readonly ClientProfileRow[]): Principal => {
  const keys = commandKeys(settings);
  const known =
    keys.length === 0
      ? [{ ...localPrincipal, profile: settings.ATHENA_PROFILE }]
      : keys.map(({ principal }) => principal);
  const principal = known.find(({ profile }) => !namesPeople(profiles, profile));
  if (principal) return principal;
  throw nobody(keys.length > 0);
};

/** The secret to ask a server with as the same one; undefined without keys. @throws {AppError} CONFIG_INVALID as `commandPrincipal`; see `ServerOnDatabase` */
export const secretOfPerson = async (url: string, settings: KeySettings): Promise<string | undefined> => {
  const keys = commandKeys(settings);
  for (const secret of keys.length === 0 ? [undefined] : keys.map((key) => key.secret)) {
    // It knows its profiles, which are in its registry.
    const { id } = await serverWith(url, secret).get("/me", MeReply);
    if (id === keyOfPrincipal(id)) return secret;
  }
  throw nobody(keys.length > 0);
};

/** A server asked as the same one. @throws {AppError} as `secretOfPerson` */
export const serverAsPerson = async (url: string, settings: KeySettings): Promise<ServerOnDatabase> =>
  serverWith(url, await secretOfPerson(url, settings));
