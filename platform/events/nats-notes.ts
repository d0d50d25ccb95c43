import { connect, type NatsConnection, type Subscription } from "@nats-io/transport-node";
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

/** Carries notes over core NATS. While it is away, what is sent is lost; afterwards it listens again by itself. */
export const connectNatsNotes = ({ url, origin, logger, receive }: NatsNotesOptions): NoteCarrier => {
  const wanted = new Map<string, Subscription | undefined>();
  let connection: NatsConnection | undefined;
  let closed = false;

  const subscribe = (to: NatsConnection, topic: string): Subscription =>
    to.subscribe(prefix + topic, {
      callback(error, message) {
        const note = error ? undefined : decodeNote(origin, message.string());
        if (note) receive(topic, note);
      },
    });

  const connecting = connect({
    ...toNatsOptions(url),
    name: "athena live",
    timeout: 2_000,
    waitOnFirstConnect: true,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 500,
    pingInterval: 5_000,
    maxPingOut: 2,
    ignoreClusterUpdates: true,
  }).then(
    async (made) => {
      if (closed) return made.close();
      connection = made;
      for (const topic of wanted.keys()) wanted.set(topic, subscribe(made, topic));
    },
    () => logger.warn("NATS cannot carry messages to other processes"),
  );

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
      closed = true;
      if (connection) await connection.close();
      else void connecting;
    },
  };
};
