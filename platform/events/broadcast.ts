/** What is told: ids and small facts, never content. */
export type Note = Readonly<Record<string, string | number>>;

/**
 * Tells whoever listens to a topic right now, on every process that shares the carrier: in this process, Redis or core NATS.
 * A note may be lost (the carrier was away) and is never kept: it says where to look, it does not hold what there is to see.
 */
export interface Broadcast {
  readonly kind: "embedded" | "redis" | "nats";
  /** Subscribers of this process hear it before this returns. Neither waits nor throws. */
  publish(topic: string, note: Note): void;
  /** Hears every note on a topic until the result is called. */
  subscribe(topic: string, hear: (note: Note) => void): () => void;
  close(): Promise<void>;
}

/** Carries notes to other processes. */
export interface NoteCarrier {
  send(topic: string, note: Note): void;
  /** Begins to listen to a topic; the result ends it. */
  listen(topic: string): () => void;
  close(): Promise<void>;
}

/** A topic is an id of ours: it becomes part of a channel's or a subject's name. */
const topicPattern = /^[\w-]{1,128}$/;

/**
 * A broadcast over a carrier, or in this process alone. `connect` is given what takes in the notes of other processes; the
 * carrier must not give back its own.
 */
export const createBroadcast = (
  kind: Broadcast["kind"],
  connect: (receive: (topic: string, note: Note) => void) => NoteCarrier | undefined = () => undefined,
): Broadcast => {
  const topics = new Map<string, { readonly hearers: Set<(note: Note) => void>; readonly end: () => void }>();
  const receive = (topic: string, note: Note): void => {
    for (const hear of [...(topics.get(topic)?.hearers ?? [])]) hear(note);
  };
  const carrier = connect(receive);

  return {
    kind,
    publish(topic, note) {
      receive(topic, note);
      carrier?.send(topic, note);
    },
    subscribe(topic, hear) {
      if (!topicPattern.test(topic)) throw new Error("not a topic");
      const entry = topics.get(topic) ?? { hearers: new Set(), end: carrier?.listen(topic) ?? (() => undefined) };
      topics.set(topic, entry);
      // One function may listen twice: each subscription is its own.
      const own = (note: Note) => hear(note);
      entry.hearers.add(own);
      return () => {
        entry.hearers.delete(own);
        if (entry.hearers.size > 0 || topics.get(topic) !== entry) return;
        topics.delete(topic);
        entry.end();
      };
    },
    async close() {
      topics.clear();
      await carrier?.close();
    },
  };
};

/** A note as it travels, with the process that sent it. */
export const encodeNote = (origin: string, note: Note): string => JSON.stringify([origin, note]);

/** The note of another process; undefined for an own one, and for what is none. */
export const decodeNote = (origin: string, text: string): Note | undefined => {
  try {
    const [from, note] = JSON.parse(text) as [unknown, unknown];
    return from !== origin && typeof note === "object" && note !== null && !Array.isArray(note)
      ? (note as Note)
      : undefined;
  } catch {
    return undefined;
  }
};
