import { setTimeout as delay } from "node:timers/promises";
import {
  DiscardPolicy,
  type JetStreamClient,
  type JetStreamManager,
  jetstream,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
} from "@nats-io/jetstream";
import {
  AuthorizationError,
  type ConnectionOptions,
  connect,
  type NatsConnection,
  nanos,
} from "@nats-io/transport-node";
import type { Logger } from "pino";
import { AppError } from "../errors/app-error.ts";
import { subjectRoots } from "./subjects.ts";

export interface NatsConnectionOptions {
  /** Servers separated by commas, each with user and password or a token if it needs them. */
  readonly url: string;
  readonly stream: string;
  readonly replicas: number;
  readonly retentionMs: number;
  readonly logger: Pick<Logger, "info" | "warn">;
}

/** A connection whose stream is there. */
export interface LiveNats {
  readonly connection: NatsConnection;
  readonly client: JetStreamClient;
  readonly manager: JetStreamManager;
  /** Aborts when the connection breaks, also when it is made again at once: messages may have been lost on the way. */
  readonly broken: AbortSignal;
}

export interface NatsLink {
  /** @throws {AppError} EVENTS_UNAVAILABLE while the server cannot be reached. */
  live(): LiveNats;
  close(): Promise<void>;
}

/** Longest wait for a connection and for one answer. */
export const natsTimeoutMs = 2_000;
const retryMs = 500;
/** The server forgets after this time which ids it has stored; consumers do not. */
const duplicateWindowMs = 10 * 60_000;

export const natsUnavailable = (cause?: unknown): AppError =>
  new AppError("EVENTS_UNAVAILABLE", "NATS cannot be reached.", { cause });

/** Addresses and credentials of a setting such as `nats://user:password@one:4222,nats://two:4222`. */
export const toNatsOptions = (text: string): ConnectionOptions => {
  const urls = text.split(",").map((part) => {
    const address = part.trim();
    const url = URL.parse(address.includes("://") ? address : `nats://${address}`);
    if (!url?.host || !/^(nats|tls):$/.test(url.protocol)) {
      throw new AppError("CONFIG_INVALID", "NATS_URL: expected nats://host:4222 or tls://host:4222.");
    }
    return url;
  });
  const { username, password } = urls.find((url) => url.username !== "") ?? { username: "", password: "" };
  const [user, pass] = [decodeURIComponent(username), decodeURIComponent(password)];
  return {
    servers: urls.map(({ host }) => host),
    ...(user === "" ? {} : pass === "" ? { token: user } : { user, pass }),
    ...(urls.some(({ protocol }) => protocol === "tls:") ? { tls: {} } : {}),
  };
};

/**
 * Connects to NATS and keeps the connection and its stream. A server that is away does not hinder the start.
 * @throws {AppError} CONFIG_INVALID when the address is wrong, or the server refuses the user, password or token.
 */
export const openNatsLink = async (options: NatsConnectionOptions): Promise<NatsLink> => {
  const { url, stream, replicas, retentionMs, logger } = options;
  const closing = new AbortController();
  const settings: ConnectionOptions = {
    ...toNatsOptions(url),
    name: "athena",
    timeout: natsTimeoutMs,
    pingInterval: 5_000,
    maxPingOut: 2,
    // A new connection is made here, so that what was in flight is looked after in one place.
    reconnect: false,
    ignoreClusterUpdates: true,
  };
  let live: LiveNats | undefined;

  const provideStream = async (manager: JetStreamManager): Promise<void> => {
    const config = {
      name: stream,
      subjects: [...subjectRoots],
      storage: StorageType.File,
      retention: RetentionPolicy.Limits,
      discard: DiscardPolicy.Old,
      max_age: nanos(retentionMs),
      duplicate_window: nanos(Math.min(duplicateWindowMs, retentionMs)),
      num_replicas: replicas,
    };
    // Adding it again as it is changes nothing; with other settings it is refused.
    await manager.streams.add(config).catch(() => manager.streams.update(stream, config));
  };

  const join = async (): Promise<void> => {
    const connection = await connect(settings);
    const broken = new AbortController();
    void connection.closed().then(() => {
      broken.abort();
      if (live?.connection === connection) live = undefined;
    });
    try {
      const manager = await jetstreamManager(connection, { timeout: natsTimeoutMs });
      await provideStream(manager);
      live = { connection, client: jetstream(connection, { timeout: natsTimeoutMs }), manager, broken: broken.signal };
    } catch (error) {
      await connection.close();
      throw error;
    }
  };

  const keep = async (): Promise<void> => {
    let told = live === undefined;
    while (!closing.signal.aborted) {
      if (live) {
        await live.connection.closed(); // broken, or ended by `close`
        if (!closing.signal.aborted) logger.warn("the connection to NATS broke");
        told = true;
      }
      if (closing.signal.aborted) break;
      await join().then(
        () => told && logger.info("NATS is connected"),
        () => delay(retryMs, undefined, { signal: closing.signal, ref: false }).catch(() => undefined),
      );
    }
    await live?.connection.close(); // made while it was being closed
  };

  await join().catch((error: unknown) => {
    if (error instanceof AuthorizationError) {
      throw new AppError("CONFIG_INVALID", "NATS refuses the user, password or token of NATS_URL.", { cause: error });
    }
    logger.warn({ err: error }, "NATS cannot be reached yet; events wait in the outbox");
  });
  const keeping = keep();

  return {
    live() {
      if (!live) throw natsUnavailable();
      return live;
    },
    async close() {
      closing.abort();
      await live?.connection.close();
      await keeping;
    },
  };
};
