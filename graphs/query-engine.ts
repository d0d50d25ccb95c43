import type { Mode } from "../platform/egress/egress-class.ts";
import type { Degraded, Evidence } from "../platform/evidence/evidence.ts";
import type {
  ChatMessage,
  ResponseFormat,
  ToolCall,
  ToolChoice,
  ToolDeclaration,
  Usage,
} from "../platform/models/model-gateway.ts";
import type { Principal } from "../platform/policy/principal.ts";

/** One user turn, as every surface hands it to the graph. */
export interface QueryInput {
  readonly principal: Principal;
  readonly surface: "openai" | "ollama" | "ai-query" | "agents-run" | "chat" | "webhook" | "cli";
  /** Undefined: a fresh thread is made. */
  readonly threadId?: string;
  /**
   * OpenAI and Ollama: the request's whole `messages`, history included. Native surfaces: only the new user message;
   * history comes from the timeline.
   */
  readonly messages: readonly ChatMessage[];
  readonly mode: Mode;
  readonly consent: boolean;
  readonly scope?: "personal" | "team" | "public";
  /** BCP 47; undefined: the text's own language, else the setting. */
  readonly locale?: string;
  readonly timezone?: string;
  /** Overrides the answer model (an alias or `provider/model`). */
  readonly model?: string;
  readonly clientTools?: readonly ToolDeclaration[];
  readonly toolChoice?: ToolChoice;
  readonly parallelToolCalls?: boolean;
  readonly responseFormat?: ResponseFormat;
  readonly sampling?: {
    readonly temperature?: number;
    readonly topP?: number;
    readonly maxTokens?: number;
    readonly stop?: readonly string[];
    readonly seed?: number;
  };
  /** Kept in the user's message: the caller's own `source`, `ts`, `sender`, `mentions`. */
  readonly meta?: Record<string, unknown>;
  readonly requestId: string;
  /** Aborts when nobody waits any more. */
  readonly signal: AbortSignal;
}

/** What a surface can show while the query runs. `accepted` comes first, once the user's message is committed. */
export type QueryEvent =
  | { readonly type: "accepted"; readonly threadId: string; readonly messageId: string; readonly position: number }
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "reasoning"; readonly text: string }
  | { readonly type: "toolCall"; readonly call: ToolCall };

/** The finished query. Its messages are committed to the timeline. */
export interface QueryResult {
  readonly threadId: string;
  /** The user's message. */
  readonly messageId: string;
  readonly position: number;
  readonly answer: string;
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
