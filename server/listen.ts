import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import type { Express } from "express";
import { AppError } from "../platform/errors/app-error.ts";

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  /** Longest time for a request's headers, and for a silent connection; default 10,000. */
  readonly headersTimeoutMs?: number;
  /** Longest time for a whole request; default 30,000. */
  readonly requestTimeoutMs?: number;
  readonly upgrades?: Upgrades;
}

/** What takes connections over from HTTP, such as WebSockets. */
export interface Upgrades {
  /** Whether it takes this request; others are answered as if they had not asked. */
  wants(request: Pick<IncomingMessage, "url">): boolean;
  take(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Lets what is under way end for at most `limitMs`, then closes every connection. */
  close(limitMs: number): Promise<void>;
}

export interface Listening {
  /** `http://127.0.0.1:8000`. */
  readonly url: string;
  readonly port: number;
  /**
   * Says at once that it is not ready, takes no new connection, lets running requests and streams finish for at most
   * `limitMs` (default 25,000), then cuts them. Resolves when the last connection is gone; may be called twice.
   */
  close(limitMs?: number): Promise<void>;
}

/** A connection that is open for so long when the server closes, without a request, will have none. */
const silentMs = 500;

const problemOf = (error: NodeJS.ErrnoException, host: string, port: number): string => {
  if (error.code === "EADDRINUSE") return `${host}:${port} is already in use; set ATHENA_PORT to another port.`;
  if (error.code === "EACCES") return `this user may not listen on ${host}:${port}; set ATHENA_PORT above 1023.`;
  return `cannot listen on ${host}:${port} (${error.code ?? "unknown error"}).`;
};

/**
 * Starts to listen; port 0 takes a free one.
 * @throws {AppError} CONFIG_INVALID when the address cannot be had.
 */
export const listen = async (
  app: Express,
  { host, port, headersTimeoutMs = 10_000, requestTimeoutMs = 30_000, upgrades }: ListenOptions,
): Promise<Listening> => {
  const server = createServer(
    {
      headersTimeout: headersTimeoutMs,
      requestTimeout: requestTimeoutMs,
      keepAliveTimeout: 10_000,
      connectionsCheckingInterval: headersTimeoutMs / 5, // the limits are only looked at this often
      ...(upgrades ? { shouldUpgradeCallback: (request: IncomingMessage) => upgrades.wants(request) } : {}),
    },
    app,
  );
  if (upgrades) server.on("upgrade", upgrades.take);
  // Connections on which nothing was asked yet: browsers and clients open some in advance.
  const silent = new Set<Duplex>();
  server.on("connection", (socket) => {
    silent.add(socket);
    socket.once("close", () => silent.delete(socket));
  });
  server.on("request", ({ socket }) => silent.delete(socket));
  server.on("upgrade", (_request, socket) => silent.delete(socket));
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        new AppError("CONFIG_INVALID", `ATHENA_HOST, ATHENA_PORT: ${problemOf(error, host, port)}`, { cause: error }),
      ),
    );
    server.listen({ host, port, backlog: 1_024 }, resolve);
  });
  const address = server.address() as AddressInfo;
  const name = address.family === "IPv6" ? `[${address.address}]` : address.address;

  let closing: Promise<void> | undefined;
  const close = (limitMs: number): Promise<void> =>
    new Promise((resolve) => {
      app.enable("draining");
      // Connections whose request began before draining was set stay open after their answer: close them as they idle.
      const sweep = setInterval(() => server.closeIdleConnections(), 50);
      const cutSilent = setTimeout(
        () => {
          for (const socket of silent) socket.destroy();
        },
        Math.min(silentMs, limitMs),
      );
      const cut = setTimeout(() => server.closeAllConnections(), limitMs);
      void upgrades?.close(limitMs); // the server waits for them, but does not close them
      server.close(() => {
        clearInterval(sweep);
        clearTimeout(cutSilent);
        clearTimeout(cut);
        resolve();
      });
    });

  return {
    url: `http://${name}:${address.port}`,
    port: address.port,
    close(limitMs = 25_000) {
      closing ??= close(limitMs);
      return closing;
    },
  };
};
