import WebSocket from "ws";
import { until } from "./until.ts";

// biome-ignore lint/suspicious/noExplicitAny: frames are what the tests look at
export type Frame = any;

/** A client of `/ws/chat` that keeps every frame. */
export interface ChatClient {
  readonly frames: Frame[];
  readonly socket: WebSocket;
  send(frame: object): void;
  /** Frames of one type. */
  of(type: string): Frame[];
  /** Waits for a frame that fits, from the first one on. */
  frame(fits: (frame: Frame) => boolean, timeoutMs?: number): Promise<Frame>;
  /** The last position of the frames so far. */
  position(): number;
  /** Resolves with the closing code. */
  readonly closed: Promise<number>;
  close(): Promise<void>;
}

/** Connects and sends the hello, when there is one. */
export const connectChat = async (
  url: string,
  hello?: object,
  headers: Record<string, string> = {},
): Promise<ChatClient> => {
  const socket = new WebSocket(`${url.replace(/^http/, "ws")}/ws/chat`, { headers });
  const frames: Frame[] = [];
  socket.on("message", (data) => frames.push(JSON.parse(String(data))));
  const closed = new Promise<number>((resolve) => socket.once("close", resolve));
  await new Promise<void>((resolve, reject) => {
    socket.once("open", () => resolve());
    socket.once("error", reject);
  });
  socket.on("error", () => undefined);
  const client: ChatClient = {
    frames,
    socket,
    closed,
    send: (frame) => socket.send(JSON.stringify(frame)),
    of: (type) => frames.filter((frame) => frame.type === type),
    async frame(fits, timeoutMs = 30_000) {
      await until(() => frames.some(fits), timeoutMs).catch(() => {
        throw new Error(`no such frame (${fits}) among: ${JSON.stringify(frames).slice(0, 2_000)}`);
      });
      return frames.find(fits);
    },
    position: () =>
      Math.max(0, ...frames.filter(({ type }) => type === "message").map(({ position }) => position ?? 0)),
    async close() {
      socket.close();
      await closed;
    },
  };
  if (hello) {
    client.send({ type: "hello", ...hello });
    await client.frame(({ type }) => type === "welcome" || type === "error");
  }
  return client;
};
