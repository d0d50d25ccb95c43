import type { Broadcast } from "../../platform/events/broadcast.ts";
import { parseApiKeys } from "../api-keys.ts";
import { createAuthenticate } from "../authenticate.ts";
import { createIdentify } from "../clients/identify.ts";
import type { Upgrades } from "../listen.ts";
import type { ServerDeps } from "../server-deps.ts";
import type { ChatLimits } from "./chat-limits.ts";
import { createChatServer } from "./create-chat-server.ts";
import { createLocalBackend } from "./local-backend.ts";

/** `/ws/chat` on the engine in this process. */
export const createServerChat = (
  deps: ServerDeps,
  broadcast: Broadcast,
  limits: Partial<ChatLimits> = {},
): Upgrades => {
  const { settings, metrics, logger } = deps;
  const keys = parseApiKeys(settings.ATHENA_API_KEYS);
  const identify = createIdentify({
    authenticate: createAuthenticate(keys, settings.ATHENA_PROFILE),
    profiles: deps.clientProfiles,
    secret: settings.ATHENA_IDENTITY_SECRET,
  });
  return createChatServer({
    backend: createLocalBackend({ ...deps, identify }),
    broadcast,
    metrics,
    logger,
    anonymous: keys.length === 0,
    origins: settings.ATHENA_CORS_ORIGINS,
    limits: {
      frameBytes: settings.ATHENA_MAX_BODY_BYTES,
      textChars: settings.ATHENA_MAX_MESSAGE_CHARS,
      connectionsPerPrincipal: settings.ATHENA_CHAT_CONNECTIONS,
      ...limits,
    },
  });
};
