import type { WebSocket } from "ws";
import { type CloseReason, closeCodes } from "./close-codes.ts";
import type { ServerFrame } from "./server-frames.ts";

/** Frames to one client, with back-pressure. */
export interface FrameSender {
  readonly open: boolean;
  /** Sends a frame; resolves when there is room for more. After the end it does nothing. */
  send(frame: ServerFrame): Promise<void>;
  /** Sends a frame that is worth nothing later, unless the client is behind. */
  mention(frame: ServerFrame): void;
  close(reason: CloseReason): void;
}

/** How long a client has to take the closing code before the connection is cut. */
const farewellMs = 2_000;

export interface FrameSenderLimits {
  readonly queuedBytes: number;
  readonly stalledMs: number;
}

/** Queues at most one frame beyond `queuedBytes`; a client that reads nothing for `stalledMs` is cut off and told to resume. */
export const createFrameSender = (socket: WebSocket, { queuedBytes, stalledMs }: FrameSenderLimits): FrameSender => {
  const isOpen = () => socket.readyState === socket.OPEN;
  /** All who wait for room share one watch. */
  let room: Promise<void> | undefined;

  const close = (reason: CloseReason): void => {
    if (!isOpen()) return;
    const { code, reason: words } = closeCodes[reason];
    socket.close(code, words);
    setTimeout(() => socket.terminate(), farewellMs).unref();
  };

  const waitForRoom = async (): Promise<void> => {
    let least = socket.bufferedAmount;
    let lastProgress = performance.now();
    await new Promise<void>((resolve) => {
      const watch = setInterval(look, 20);
      function look(): void {
        const waiting = socket.bufferedAmount;
        if (waiting < least) [least, lastProgress] = [waiting, performance.now()];
        const stalled = performance.now() - lastProgress > stalledMs;
        if (isOpen() && waiting > queuedBytes && !stalled) return;
        clearInterval(watch);
        if (stalled && waiting > queuedBytes) close("slow");
        resolve();
      }
    });
  };

  return {
    get open() {
      return isOpen();
    },
    async send(frame) {
      while (isOpen() && socket.bufferedAmount > queuedBytes) {
        room ??= waitForRoom().finally(() => (room = undefined));
        await room;
      }
      if (isOpen()) socket.send(JSON.stringify(frame));
    },
    mention(frame) {
      if (isOpen() && socket.bufferedAmount <= queuedBytes) socket.send(JSON.stringify(frame));
    },
    close,
  };
};
