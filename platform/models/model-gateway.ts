import type { EgressPermit } from "../egress/egress.ts";

/** One part of a message; text-only messages are plain strings. */
export type ContentPart =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "image"; readonly mediaType: string; readonly base64: string };

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** Parsed arguments; `{}` when there are none. */
  readonly arguments: Record<string, unknown>;
}

/** A message in the engine's own form; every surface maps to it and every provider from it. */
export type ChatMessage =
  | { readonly role: "system"; readonly content: string }
  | { readonly role: "user"; readonly content: string | readonly ContentPart[] }
  | { readonly role: "assistant"; readonly content: string; readonly toolCalls?: readonly ToolCall[] }
  | { readonly role: "tool"; readonly content: string; readonly toolCallId: string; readonly toolName?: string };

/** A tool as the client declared it; the schema travels unchanged. */
export interface ToolDeclaration {
  readonly name: string;
  readonly description?: string;
  readonly parameters: Record<string, unknown>;
  readonly strict?: boolean;
}

export type ToolChoice = "auto" | "none" | "required" | { readonly name: string };

export type ResponseFormat =
  | { readonly type: "text" }
  | { readonly type: "json_object" }
  | {
      readonly type: "json_schema";
      readonly name: string;
      readonly schema: Record<string, unknown>;
      readonly strict?: boolean;
    };

/** Tokens as the provider counted them; `estimated` when it gave none and they were counted here. */
export interface Usage {
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly cachedTokens?: number;
  readonly reasoningTokens?: number;
  readonly estimated: boolean;
}

export interface ChatRequest {
  /** `provider/model` or an alias of the registry. */
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly tools?: readonly ToolDeclaration[];
  readonly toolChoice?: ToolChoice;
  readonly parallelToolCalls?: boolean;
  /** Calls that were not asked for come as calls too, for a caller who answers them; default: as text. */
  readonly undeclaredCalls?: boolean;
  readonly responseFormat?: ResponseFormat;
  readonly temperature?: number;
  readonly topP?: number;
  readonly maxTokens?: number;
  readonly stop?: readonly string[];
  readonly seed?: number;
  readonly presencePenalty?: number;
  readonly frequencyPenalty?: number;
  /** Ollama only. */
  readonly keepAlive?: string | number;
  readonly contextLength?: number;
  readonly think?: boolean | string;
  readonly permit: EgressPermit;
  readonly signal: AbortSignal;
  /** When the query must be finished (`performance.now()` milliseconds): retries and back-off stay inside it. */
  readonly deadlineAt: number;
}

export type FinishReason = "stop" | "length" | "tool_calls" | "content_filter";

/** What a streamed answer is made of, in order; exactly one `finish` ends it. */
export type ChatEvent =
  | { readonly type: "start"; readonly model: string }
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "reasoning"; readonly text: string }
  | { readonly type: "toolCall"; readonly call: ToolCall }
  | { readonly type: "finish"; readonly reason: FinishReason; readonly usage: Usage };

export interface ModelInfo {
  /** `openai/gpt-oss` … */
  readonly id: string;
  readonly provider: "openai" | "ollama";
  readonly local: boolean;
  readonly capabilities: readonly ("chat" | "tools" | "vision" | "embeddings")[];
}

export interface ProviderState {
  readonly name: "openai" | "ollama";
  readonly url: string;
  readonly local: boolean;
  readonly state: "up" | "down" | "open-breaker";
  readonly latencyMs?: number;
}

/**
 * The only place that talks to language and embedding models.
 * Errors are AppErrors: MODEL_NOT_FOUND, PROVIDER_TIMEOUT, PROVIDER_OVERLOADED, PROVIDER_SERVER_ERROR, PROVIDER_REFUSED,
 * CONTEXT_TOO_LONG, GUARDRAIL_VIOLATION, EGRESS_BLOCKED, DEADLINE_EXCEEDED, NOT_CONFIGURED.
 */
export interface ModelGateway {
  /** Whether any chat model is configured. */
  readonly configured: boolean;
  /** The model that writes the engine's own answers (`ATHENA_MODEL` or the one found at start); undefined: facts-only. */
  readonly answerModel: string | undefined;
  /** Whether the answer model is served locally. */
  readonly answerModelLocal: boolean;
  /**
   * Streams one answer from the first candidate that gives a first event; retries and falls back only before that.
   * Candidates that the permit's class does not allow are skipped, never called.
   */
  stream(request: ChatRequest): AsyncIterable<ChatEvent>;
  /** Vectors of unit length, one per input, in order. */
  embed(request: {
    readonly model: string;
    readonly inputs: readonly string[];
    readonly dimensions?: number;
    readonly permit: EgressPermit;
    readonly signal: AbortSignal;
  }): Promise<{ readonly vectors: readonly Float32Array[]; readonly usage: Usage }>;
  /** Models of all providers from a short-lived cache; never waits for a slow provider longer than 200 ms. */
  models(): Promise<readonly ModelInfo[]>;
  states(): Promise<readonly ProviderState[]>;
  close(): Promise<void>;
}
