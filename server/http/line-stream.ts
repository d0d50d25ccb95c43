import type { Response } from "express";
import type { Gauge } from "prom-client";

/** How patient a stream is; tests shorten it. */
export interface StreamLimits {
  /** Silence after which a keep-alive is sent. */
  readonly keepAliveMs: number;
  /** How long a client may read nothing before it is cut off. */
  readonly stalledMs: number;
}

export const defaultStreamLimits: StreamLimits = { keepAliveMs: 15_000, stalledMs: 10_000 };

/** Text sent piece by piece, with back-pressure. */
export interface LineStream {
  /** Sends text; resolves when the client has room for more. After a hang-up it does nothing. */
  write(text: string): Promise<void>;
  /** Sends the last text and ends. */
  end(text?: string): Promise<void>;
}

const pieceBytes = 64 * 1024;

/**
 * Opens a stream whose headers are already set on the response. Never queues more than one piece of 64 KB beyond what the
 * client has room for; cuts a client that reads nothing for `stalledMs`.
 * @param keepAlive text that says "still here"; asked each time.
 */
export const openLineStream = (
  response: Response,
  { keepAlive, limits, openStreams }: { keepAlive: () => string; limits: StreamLimits; openStreams: Gauge },
): LineStream => {
  let lastWrite = performance.now();
  let busy = false;
  const beat = setInterval(() => {
    if (busy || response.writableNeedDrain || performance.now() - lastWrite < limits.keepAliveMs) return;
    lastWrite = performance.now();
    response.write(keepAlive());
  }, limits.keepAliveMs / 4);
  openStreams.inc();
  response.once("close", () => {
    clearInterval(beat);
    openStreams.dec();
  });
  response.flushHeaders();

  const room = (): Promise<void> =>
    new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        response.off("drain", done).off("close", done);
        resolve();
      };
      const timer = setTimeout(() => response.destroy(), limits.stalledMs);
      response.once("drain", done).once("close", done);
    });

  const send = async (text: string): Promise<void> => {
    if (text.length < pieceBytes) {
      if (!response.write(text)) await room();
      return;
    }
    const bytes = Buffer.from(text);
    for (let start = 0; start < bytes.length && !response.destroyed; start += pieceBytes) {
      if (!response.write(bytes.subarray(start, start + pieceBytes))) await room();
    }
  };

  const write = async (text: string): Promise<void> => {
    if (response.destroyed || response.writableEnded) return;
    lastWrite = performance.now();
    busy = true;
    try {
      await send(text);
    } finally {
      busy = false;
    }
  };

  return {
    write,
    async end(text = "") {
      clearInterval(beat);
      if (text !== "") await write(text);
      if (response.destroyed || response.writableEnded) return;
      const timer = setTimeout(() => response.destroy(), limits.stalledMs);
      response.once("close", () => clearTimeout(timer));
      response.end();
    },
  };
};
