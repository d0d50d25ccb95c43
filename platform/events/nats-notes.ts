import { setTimeout as delay } from "node:timers/promises";
import { type ConnectionOptions, connect, type NatsConnection, type Subscription } from "@nats-io/transport-node";
import type { Logger } from "pino";
import { decodeNote, encodeNote, type Note, type NoteCarrier } from "./broadcast.ts";
import { toNatsOptions } from "./nats-connection.ts";

export interface NatsNotesOptions {
  readonly url: string;
  readonly origin: string;
  readonly logger: Pick<Logger, "info" | "warn">;
  readonly receive: (topic: string, note: Note) => void;
}

// Outside the subjects of the stream: notes are not kept.
const prefix = "athena-live.";
const retryMs = 500;

/** Carries notes over core NATS. While it is away, what is sent is lost; afterwards it listens again by itself. */
export const connectNatsNotes = ({ url, origin, logger, receive }: NatsNotesOptions): NoteCarrier => {
  const wanted = new Map<string, Subscription | undefined>();
  let connection: NatsConnection | undefined;
  const closing = new AbortController();

  const subscribe = (to: NatsConnection, topic: string): Subscription =>
    to.subscribe(prefix + topic, {
      callback(error, message) {
        const note = error ? undefined : decodeNote(origin, message.string());
        if (note) receive(topic, note);
      },
    });

  const options: ConnectionOptions = {
    ...toNatsOptions(url),
    name: "athena live",
    timeout: 2_000,
    maxReconnectAttempts: -1,
    reconnectTimeWait: retryMs,
    pingInterval: 5_000,
    maxPingOut: 2,
    ignoreClusterUpdates: true,
  };
  /** The first connection is waited for here: the library's own wait cannot be ended. */
  const join = async (): Promise<void> => {
    for (let told = false; !closing.signal.aborted; told = true) {
      try {
        const made = await connect(options);
        if (closing.signal.aborted) return await made.close();
        connection = made;
        for (const topic of wanted.keys()) wanted.set(topic, subscribe(made, topic));
        return;
      } catch (error) {
        if (!told) logger.warn({ err: error }, "NATS cannot carry messages to other processes yet");
        await delay(retryMs, undefined, { signal: closing.signal, ref: false }).catch(() => undefined);
      }
    }
  };
  const joining = join();

  return {
    send(topic, note) {
      try {
        connection?.publish(prefix + topic, encodeNote(origin, note));
      } catch {
        // Closed meanwhile: whoever listens elsewhere looks by itself after a while.
      }
    },
    listen(topic) {
      wanted.set(topic, connection && subscribe(connection, topic));
      return () => {
        wanted.get(topic)?.unsubscribe();
        wanted.delete(topic);
      };
    },
    async close() {
      closing.abort();
      await joining; // an attempt under way ends within its time limit
      await connection?.close();
    },
  };
};
