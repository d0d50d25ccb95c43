import type { ModelReply } from "../support/model-script.ts";

/**
 * A server under test, and the model behind it. The suites run against the edge on scripted parts and against the whole
 * server with a model server behind it; both list the model `stand-in` under `openai/`.
 */
export interface ClientTarget {
  /** Origin, such as `http://127.0.0.1:8000`. */
  readonly url: string;
  /** What the model says to the next requests, in order. */
  enqueue(...replies: readonly ModelReply[]): void;
  /** Forgets what is queued. */
  reset(): void;
  /** How many generations were stopped because their caller left. */
  aborted(): number;
}

/** A request that is small talk: the model answers it, no service or tool takes part. */
export const smallTalk = "Tell me a little story about a lighthouse.";
export const story = ["There was a lighthouse. ", "It loved the sea."] as const;
export const rawModel = "openai/stand-in";

/** Everything that an iterable gives. */
export const collect = async <Item>(items: AsyncIterable<Item>): Promise<Item[]> => {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
};
