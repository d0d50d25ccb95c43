import { randomUUID } from "node:crypto";
import { type IncomingMessage, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import type { Logger } from "pino";
import { WebSocketServer } from "ws";
import { AppError } from "../../platform/errors/app-error.ts";
import type { Broadcast } from "../../platform/events/broadcast.ts";
import type { Metrics } from "../../platform/metrics/metrics.ts";
import { toFailure } from "../errors/failure.ts";
import { toNativeError } from "../errors/native-error.ts";
import type { Upgrades } from "../listen.ts";
import type { ChatBackend } from "./chat-backend.ts";
import { type ChatLimits, defaultChatLimits } from "./chat-limits.ts";
import { createChatRooms } from "./chat-rooms.ts";
import { type HandshakeRules, judgeHandshake } from "./judge-handshake.ts";
import { createPrincipalCount } from "./principal-count.ts";
import { type ChatConnection, serveConnection } from "./serve-connection.ts";

export interface ChatServerDeps extends HandshakeRules {
  readonly backend: ChatBackend;
  readonly broadcast: Broadcast;
  readonly metrics: Pick<Metrics, "chatConnections" | "chatFanout">;
  readonly logger: Logger;
  readonly limits?: Partial<ChatLimits>;
}

const chatPath = "/ws/chat";

/** Answers a handshake that is not taken, as a route would: Express does not see it. */
const refuse = (socket: Duplex, thrown: AppError): void => {
  const { error, status, headers } = toFailure(thrown);
  const requestId = randomUUID();
  const body = JSON.stringify(toNativeError(error, requestId));
  const lines = Object.entries({
    Connection: "close",
    "x-request-id": requestId,
    "Content-Type": "application/json; charset=utf-8",
    "Content-Length": Buffer.byteLength(body),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join("")}\r\n${body}`);
};

/** Connections to `/ws/chat`, for a server to hand its upgrades to. */
export interface ChatServer extends Upgrades {
  /** Tells every client that a part is away, or (`over`) back. */
  tellDegraded(part: string, reason: string, over: boolean): void;
}

/** `/ws/chat` on a backend. */
export const createChatServer = ({
  backend,
  broadcast,
  metrics,
  logger,
  anonymous,
  origins,
  limits: given = {},
}: ChatServerDeps): ChatServer => {
  const limits: ChatLimits = { ...defaultChatLimits, ...given };
  const rooms = createChatRooms({ broadcast, metrics });
  const count = createPrincipalCount(limits.connectionsPerPrincipal);
  const connections = new Set<ChatConnection>();
  // Compression off: it would cost memory for each connection, and a small frame may be a large message.
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: limits.frameBytes,
    perMessageDeflate: false,
    clientTracking: true,
  });
  const beat = setInterval(() => {
    for (const connection of connections) connection.beat();
  }, limits.heartbeatMs);
  const sweep = setInterval(() => rooms.sweep(), limits.sweepMs);
  for (const timer of [beat, sweep]) timer.unref();
  let closing = false;

  const unknown = (): number => [...connections].filter(({ known }) => !known).length;

  return {
    wants: ({ url = "" }) => url === chatPath || url.startsWith(`${chatPath}?`),
    take(request: IncomingMessage, socket: Duplex, head: Buffer) {
      socket.on("error", () => socket.destroy());
      const problem = judgeHandshake(request, { anonymous, origins });
      if (problem !== undefined) return refuse(socket, new AppError("POLICY_DENIED", problem));
      if (closing || connections.size >= limits.connections || unknown() >= limits.unknownConnections) {
        return refuse(socket, new AppError("UPSTREAM_UNAVAILABLE", "No more connections can be taken."));
      }
      server.handleUpgrade(request, socket, head, (opened) => {
        const connection = serveConnection(opened, request, { backend, rooms, limits, logger, count });
        connections.add(connection);
        metrics.chatConnections.set(connections.size);
        opened.once("close", () => {
          connections.delete(connection);
          metrics.chatConnections.set(connections.size);
        });
      });
    },
    tellDegraded(part, reason, over) {
      for (const connection of connections) connection.tellDegraded(part, reason, over);
    },
    async close(limitMs) {
      closing = true;
      clearInterval(beat);
      const answered = Promise.all([...connections].map((connection) => connection.settled()));
      await Promise.race([answered, delay(limitMs, undefined, { ref: false })]);
      for (const connection of connections) connection.close();
      await Promise.race([
        delay(1_000, undefined, { ref: false }),
        (async () => {
          while (connections.size > 0) await delay(20);
        })(),
      ]);
      clearInterval(sweep);
      for (const client of server.clients) client.terminate();
      rooms.close();
    },
  };
};
