import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Logger } from "pino";
import type { WebSocket } from "ws";
import { AppError, isAppError } from "../../platform/errors/app-error.ts";
import { parseInput } from "../http/parse-input.ts";
import { parseJson } from "../http/parse-json.ts";
import type { ChatBackend } from "./chat-backend.ts";
import type { ChatLimits } from "./chat-limits.ts";
import type { ChatRooms } from "./chat-rooms.ts";
import { type ChatSession, openChatSession } from "./chat-session.ts";
import { ClientFrame, type HelloFrame } from "./client-frames.ts";
import { toErrorFrame } from "./error-frame.ts";
import { createFrameQueue } from "./frame-queue.ts";
import { createFrameSender } from "./frame-sender.ts";
import type { PrincipalCount } from "./principal-count.ts";

export interface ServeConnectionDeps {
  readonly backend: ChatBackend;
  readonly rooms: ChatRooms;
  readonly limits: ChatLimits;
  readonly logger: Logger;
  /** How many connections each principal has. */
  readonly count: PrincipalCount;
}

/** One connection, as its server sees it. */
export interface ChatConnection {
  readonly known: boolean;
  /** Says that it is still here, and cuts a client that does not answer. */
  beat(): void;
  tellDegraded(part: string, reason: string, over: boolean): void;
  close(): void;
  /** Resolves when no answer is under way. */
  settled(): Promise<void>;
}

/** Serves one client from its `hello` to its end. `request` is that of the handshake. */
export const serveConnection = (
  socket: WebSocket,
  request: Pick<IncomingMessage, "headers" | "socket">,
  { backend, rooms, limits, logger, count }: ServeConnectionDeps,
): ChatConnection => {
  const sender = createFrameSender(socket, limits);
  // Read at once: a socket that was closed meanwhile does not know it any more.
  const handshake = { headers: request.headers, peer: request.socket.remoteAddress };
  let session: ChatSession | undefined;
  let greeted = false;
  let alive = true;
  let leaveCount = (): void => undefined;
  const early: Exclude<ClientFrame, HelloFrame>[] = [];
  const late = setTimeout(() => sender.close("late"), limits.helloMs);

  const complain = (error: unknown): void => sender.mention(toErrorFrame(error, logger, randomUUID()));

  const greet = async (hello: HelloFrame): Promise<void> => {
    try {
      const caller = await backend.identify(hello.token ?? undefined, handshake);
      const leave = count.enter(caller.id);
      if (!leave) throw new AppError("RATE_LIMITED", "You have too many connections open.");
      leaveCount = leave;
      if (!sender.open) return leave();
      const opened = await openChatSession({ backend, rooms, sender, limits, logger, caller }, hello);
      if (!sender.open) return opened.leave();
      session = opened;
      for (const frame of early.splice(0)) opened.handle(frame);
    } catch (error) {
      complain(error);
      if (isAppError(error, "UNAUTHENTICATED")) sender.close("unauthenticated");
      else if (isAppError(error, "NOT_FOUND")) sender.close("gone");
      else sender.close(isAppError(error, "RATE_LIMITED") ? "tooMany" : "failed");
    } finally {
      clearTimeout(late);
    }
  };

  const take = (text: Buffer): void => {
    let frame: ClientFrame;
    try {
      frame = parseInput(ClientFrame, parseJson(text));
    } catch (error) {
      complain(error);
      if (!greeted) sender.close("badHello");
      return;
    }
    if (frame.type === "hello") {
      if (greeted) complain(new AppError("INVALID_INPUT", "This connection has said hello already."));
      else void greet(frame);
      greeted = true;
    } else if (session) session.handle(frame);
    else if (greeted && early.length < limits.burst) early.push(frame);
    else sender.close(greeted ? "tooMany" : "badHello");
  };

  const queue = createFrameQueue(take, limits, {
    hold: () => socket.pause(),
    release: () => socket.resume(),
  });

  socket.on("message", (data: Buffer, isBinary: boolean) => {
    alive = true;
    if (isBinary) complain(new AppError("INVALID_INPUT", "Frames are JSON texts."));
    else if (!queue.push(data)) sender.close("tooMany");
  });
  socket.on("pong", () => {
    alive = true;
  });
  // A frame that is too large or broken: ws closes by itself, with the code that the protocol has for it.
  socket.on("error", (error) => logger.debug({ err: error }, "a chat connection broke"));
  socket.on("close", () => {
    clearTimeout(late);
    queue.stop();
    session?.leave();
    leaveCount();
  });

  return {
    get known() {
      return session !== undefined;
    },
    beat() {
      if (!alive) return socket.terminate();
      alive = false;
      if (!sender.open) return;
      socket.ping();
      if (session) sender.mention({ type: "ping", position: session.position, time: new Date().toISOString() });
    },
    tellDegraded(part, reason, over) {
      if (session) sender.mention({ type: "degraded", part, reason, ...(over ? { over: true } : {}) });
    },
    close: () => sender.close("goingAway"),
    settled: async () => session?.settled(),
  };
};
