import type { QueryEvent, QueryInput } from "../nodes/query.ts";
import type { Degraded, Evidence } from "../platform/evidence/evidence.ts";
import type { ToolCall, Usage } from "../platform/models/model-gateway.ts";

export type { QueryEvent, QueryInput } from "../nodes/query.ts";

/** The finished query. Its messages are committed to the timeline. */
export interface QueryResult {
  readonly threadId: string;
  /** The user's message. */
  readonly messageId: string;
  readonly position: number;
  readonly answer: string;
  /** Where the answer lies in the thread. */
  readonly answered?: { readonly messageId: string; readonly position: number };
  /** What left the process for it. */
  readonly receipt?: readonly object[];
  readonly reasoning?: string;
  /** Calls of the client's own tools; then `finishReason` is `tool_calls`. */
  readonly toolCalls: readonly ToolCall[];
  readonly finishReason: "stop" | "length" | "tool_calls" | "content_filter";
  readonly intents: readonly { readonly name: string; readonly confidence: number; readonly tier: string }[];
  readonly evidence: readonly Evidence[];
  readonly degraded: readonly Degraded[];
  readonly egress: string;
  readonly validation: { readonly ok: boolean; readonly violations: readonly string[] };
  readonly usage: Usage;
  /** Milliseconds by part: `total`, `classify`, `steps`, `compose`, `first_token`. */
  readonly timings: Readonly<Record<string, number>>;
  /** The model that wrote the answer; undefined: templates. */
  readonly model: string | undefined;
  /** Confidential, nothing may leave and nothing local could answer: 403 on the native surface, a message on the chat surfaces. */
  readonly refused: boolean;
}

/**
 * Runs one query through the graph. `onEvent` is called in order; when it returns a promise the graph waits for it (back-pressure).
 * @throws {AppError} before the first event: NOT_FOUND (thread), INVALID_INPUT, DATABASE_UNAVAILABLE; later: DEADLINE_EXCEEDED, CLIENT_CLOSED.
 */
export interface QueryEngine {
  run(input: QueryInput, onEvent?: (event: QueryEvent) => void | Promise<void>): Promise<QueryResult>;
}
