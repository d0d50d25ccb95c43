import { join } from "node:path";
import express from "express";
import type { Logger } from "pino";
import { keyedMessageId } from "../../atlas/keyed-message-id.ts";
import { loadMasterKey } from "../../atlas/master-key.ts";
import { openSessionStore } from "../../platform/cache/open-session-store.ts";
import type { Settings } from "../../platform/config/settings.ts";
import { holdDataFolder } from "../../platform/db/embedded/data-folder-lock.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import { openBroadcast } from "../../platform/events/open-broadcast.ts";
import { createMetrics } from "../../platform/metrics/metrics.ts";
import { parseApiKeys } from "../api-keys.ts";
import { createAuthenticate } from "../authenticate.ts";
import { createChatServer } from "../chat-socket/create-chat-server.ts";
import { createSendError } from "../errors/send-error.ts";
import { createBeginExchange } from "../http/begin-exchange.ts";
import { createGuardHost } from "../http/guard-host.ts";
import { type Listening, listen } from "../listen.ts";
import { createRouter } from "../mount-routes.ts";
import { assertSafeBinding } from "../safe-binding.ts";
import { createStopList } from "../stop-list.ts";
import { createFrontBackend } from "./create-front-backend.ts";
import { createEngineClient } from "./engine-client.ts";
import { createEngineWatch } from "./engine-watch.ts";
import { createFlusher } from "./flusher.ts";
import { createFrontCallers } from "./front-callers.ts";
import { createEntrySeal } from "./front-entry.ts";
import { createFrontRoutes } from "./front-routes.ts";
import { createLiveThreads } from "./live-threads.ts";
import { createRefusedMessages } from "./refused-messages.ts";
import { createRefusedRoutes } from "./refused-routes.ts";

export interface Front {
  listen(): Promise<Listening>;
  close(): Promise<void>;
}

/** How long the last flush may take when the front stops; what is left waits for the next start. */
const lastFlushMs = 10_000;
/** What another process did to shared messages is counted as late as this. */
const countMs = 5_000;
/** The largest body: the ids of a thousand messages. */
const maxBodyBytes = 65_536;
const awayReason =
  "The engine is away: what is said is kept and brought to it later; questions are not answered meanwhile.";

/**
 * Builds a front: the chat server on a buffer, before the engine at `ATHENA_BACKEND_URL`.
 * @throws {AppError} CONFIG_INVALID when a setting is missing or lets strangers in, or another front uses the data folder.
 */
export const composeFront = async (settings: Settings, logger: Logger): Promise<Front> => {
  const { ATHENA_BACKEND_URL: backendUrl, ATHENA_HOST: host } = settings;
  if (backendUrl === undefined) {
    throw new AppError("CONFIG_INVALID", "ATHENA_BACKEND_URL is not set: a front needs the address of its engine.");
  }
  assertSafeBinding(settings);
  const stopList = createStopList(logger);
  try {
    const folder = join(settings.ATHENA_DATA_DIR, "front");
    const letGo = await holdDataFolder(folder);
    stopList.add("data folder", letGo);
    const metrics = createMetrics();
    const masterKey = await loadMasterKey({
      ATHENA_MASTER_KEY: settings.ATHENA_MASTER_KEY,
      dataDir: settings.ATHENA_DATA_DIR,
    });
    const store = await openSessionStore({ settings, logger });
    stopList.add("sessions", () => store.close());
    const broadcast = await openBroadcast({ settings, logger });
    stopList.add("broadcast", () => broadcast.close());
    const box = masterKey.box("front");
    const seal = createEntrySeal(box);
    const client = createEngineClient({ url: backendUrl, queryMs: settings.ATHENA_DEADLINE_SECONDS * 1_000 + 5_000 });
    const live = createLiveThreads({
      store,
      box,
      broadcast,
      onConfidential: (threadId) => void flusher.flush(threadId).then(() => scrub(threadId)),
    });
    /** What is sealed with the front's own key would outlive the thread's. */
    const scrub = async (threadId: string): Promise<void> => {
      await store.scrub(threadId).catch((error: unknown) => {
        logger.warn({ err: error, threadId }, "what was settled of a confidential thread is still in the journal");
      });
    };
    stopList.add("live threads", () => live.close());

    const counts = { waiting: 0, refused: 0 };
    const count = async (): Promise<void> => {
      [counts.waiting, counts.refused] = await Promise.all([
        store.count(),
        store.refused.count().catch(() => counts.refused),
      ]);
      metrics.frontWaiting.set(counts.waiting);
      metrics.frontRefused.set(counts.refused);
    };
    await count();
    if (counts.refused > 0) {
      logger.warn({ messages: counts.refused }, "the engine has refused messages; see 'athena front refused list'");
    }
    const counting = setInterval(() => void count(), countMs).unref();
    stopList.add("counts", () => clearInterval(counting));

    const engine = createEngineWatch({
      onChange(isThere) {
        if (isThere) {
          logger.info("the engine is back");
          flusher.wake();
        } else logger.warn("the engine is away; messages are kept");
        chat.tellDegraded("backend", isThere ? "The engine is back." : awayReason, isThere);
      },
    });

    const callers = createFrontCallers({ client: { me: (token) => engine.touch(() => client.me(token)) } });

    const flusher = createFlusher({
      store,
      seal,
      logger,
      tokenOf: callers.tokenOf,
      everyMessages: settings.ATHENA_FRONT_FLUSH_MESSAGES,
      everyMs: settings.ATHENA_FRONT_FLUSH_SECONDS * 1_000,
      async append(token, threadId, since, messages) {
        const outcome = await engine.call(() => client.append(token, threadId, since, messages));
        if (outcome.state === "ok") live.know({ id: threadId, mode: outcome.mode, lastPosition: 0 });
        return outcome;
      },
      onFlushed(threadId, { lastPosition, settled }) {
        metrics.frontFlushed.inc({ outcome: "settled" }, settled);
        if (lastPosition !== undefined) live.reaches(threadId, lastPosition);
        if (settled > 0 && live.isConfidential(threadId)) void scrub(threadId);
        if (settled > 0) {
          broadcast.publish(threadId, { kind: "said", position: live.lastPosition(threadId), at: Date.now() });
        }
        void count();
      },
      onRefused(threadId, { key, principal }, error) {
        metrics.frontFlushed.inc({ outcome: "refused" });
        logger.error({ err: error, threadId, key, principal }, "the engine refuses a message; it is put aside");
        const message_id = keyedMessageId(threadId, principal, key);
        broadcast.publish(threadId, { kind: "refused", author: principal, message_id, code: error.code });
      },
    });
    const refused = createRefusedMessages({
      refused: store.refused,
      seal,
      onRetried: (threadId) => flusher.added(threadId),
    });

    const keys = parseApiKeys(settings.ATHENA_API_KEYS);
    const chat = createChatServer({
      backend: createFrontBackend({ client, store, refused, seal, callers, live, flusher, broadcast, engine }),
      broadcast,
      metrics,
      logger,
      // Whether the engine knows its callers shows when they say hello; then it is looked at once more.
      anonymous: keys.length === 0,
      origins: settings.ATHENA_CORS_ORIGINS,
      limits: {
        frameBytes: settings.ATHENA_MAX_BODY_BYTES,
        textChars: settings.ATHENA_MAX_MESSAGE_CHARS,
        connectionsPerPrincipal: settings.ATHENA_CHAT_CONNECTIONS,
      },
    });

    const app = express();
    app.disable("x-powered-by");
    app.set("query parser", "simple");
    app.use(createBeginExchange({ logger, metrics }));
    app.use(createGuardHost({ anonymous: keys.length === 0, origins: settings.ATHENA_CORS_ORIGINS }));
    const authenticate = createAuthenticate(keys);
    const routes = [
      ...createFrontRoutes({ client, store, counts: () => counts, metrics }),
      ...createRefusedRoutes({
        refused: {
          ...refused,
          retry: (which) => refused.retry(which).finally(count),
          drop: (which) => refused.drop(which).finally(count),
        },
        logger,
      }),
    ];
    const { router } = createRouter(routes, {
      identify: ({ authorization }) => authenticate(authorization),
      identifyCore() {
        throw new AppError("UNAUTHENTICATED", "A front has nothing for the core.");
      },
      maxBodyBytes,
    });
    app.use(router);
    app.use(() => {
      throw new AppError("NOT_FOUND", "There is no such route; a front serves /ws/chat.");
    });
    app.use(createSendError(logger));

    return {
      async listen() {
        stopList.add("flusher", () => flusher.stop(lastFlushMs));
        const listening = await listen(app, { host, port: settings.ATHENA_PORT, upgrades: chat });
        flusher.start();
        stopList.add("server", () => listening.close());
        return listening;
      },
      close: () => stopList.stop(),
    };
  } catch (error) {
    await stopList.stop();
    throw error;
  }
};
