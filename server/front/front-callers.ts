import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import { AppError, isAppError } from "../../platform/errors/app-error.ts";
import type { ChatCaller } from "../chat-socket/chat-backend.ts";
import type { EngineClient } from "./engine-client.ts";

/** Who is behind a key, as the engine says. While it is away those it has known lately are let in. */
export interface FrontCallers {
  /** @throws {AppError} UNAUTHENTICATED; UPSTREAM_UNAVAILABLE when nobody can tell. */
  identify(token: string | undefined): Promise<ChatCaller>;
  /** The newest key of a principal that the engine has accepted. */
  tokenOf(principal: string): string | undefined;
}

/** How long a key is believed that the engine cannot be asked about. */
const believedMs = 600_000;
const mostCallers = 10_000;

export const createFrontCallers = ({ client }: { readonly client: Pick<EngineClient, "me"> }): FrontCallers => {
  const callers = new LRUCache<string, ChatCaller>({ max: mostCallers, ttl: believedMs });
  const tokens = new LRUCache<string, string>({ max: mostCallers });
  return {
    async identify(token) {
      const name = createHash("sha256")
        .update(token ?? "")
        .digest("hex");
      try {
        const principal = await client.me(token);
        const caller = { id: principal.id, principal, token };
        callers.set(name, caller);
        if (token !== undefined) tokens.set(principal.id, token);
        return caller;
      } catch (error) {
        if (isAppError(error, "UNAUTHENTICATED")) callers.delete(name);
        const known = isAppError(error) && error.retryable ? callers.get(name) : undefined;
        if (known) return known;
        if (!isAppError(error)) throw new AppError("UPSTREAM_UNAVAILABLE", "Nobody can tell who you are now.");
        throw error;
      }
    },
    tokenOf: (principal) => tokens.get(principal),
  };
};
