/** A tool call that the pretended model makes. */
export interface ScriptedToolCall {
  /** Undefined: the OpenAI side makes one up, the Ollama side sends none. */
  readonly id?: string;
  readonly name: string;
  /** An object, or raw text for calls whose arguments are broken. */
  readonly arguments: Record<string, unknown> | string;
}

export interface ScriptedUsage {
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly cachedTokens?: number;
  readonly reasoningTokens?: number;
}

interface Pace {
  /** Before the status line is sent. */
  readonly delayMs?: number;
  /** Between the status line and the first chunk. */
  readonly firstChunkDelayMs?: number;
  /** Between chunks. */
  readonly chunkDelayMs?: number;
}

/** A well-formed answer; an array of texts is one chunk each. */
export interface ScriptedAnswer extends Pace {
  readonly kind?: "answer";
  readonly text?: string | readonly string[];
  readonly reasoning?: string | readonly string[];
  readonly toolCalls?: readonly ScriptedToolCall[];
  /** Arguments arrive in pieces of this many characters (OpenAI streams only); undefined: whole. */
  readonly toolFragmentSize?: number;
  /** OpenAI's word or Ollama's; default: what fits the answer. */
  readonly finish?: string;
  /** `null`: the server counts nothing. */
  readonly usage?: ScriptedUsage | null;
  /** Cuts the connection after this many chunks: `reset` destroys the socket, `end` closes politely without an end marker. */
  readonly cut?: { readonly afterChunks: number; readonly how: "reset" | "end" };
  /** An error object in mid-stream after this many chunks. */
  readonly errorAfterChunks?: number;
  /** No role in the first chunk, as some compatible servers do (OpenAI streams only). */
  readonly withoutRole?: boolean;
  /** Several chunks in one write, cut again every so many bytes, even inside a character. */
  readonly wireBytes?: number;
  /** Vectors of an embeddings request; default: small ones made from the text's length. */
  readonly vectors?: readonly (readonly number[])[];
}

export interface ScriptedFailure extends Pace {
  readonly kind: "failure";
  readonly status: number;
  readonly message?: string;
  readonly code?: string;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Bytes as they are: a web page with status 200, broken JSON, an endless line. */
export interface ScriptedBytes extends Pace {
  readonly kind: "bytes";
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | readonly string[];
}

/** Accepts the request and never answers. */
export interface ScriptedSilence {
  readonly kind: "silence";
}

export type ModelReply = ScriptedAnswer | ScriptedFailure | ScriptedBytes | ScriptedSilence;

/** What the server saw of one request; `aborted` once the caller hung up before the end. */
export interface RecordedRequest {
  readonly protocol: "openai" | "ollama";
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  // biome-ignore lint/suspicious/noExplicitAny: bodies are looked into by tests
  readonly body: any;
  /** `performance.now()` milliseconds. */
  readonly receivedAt: number;
  aborted: boolean;
  abortedAt?: number;
}

export const piecesOf = (text: string | readonly string[] | undefined): readonly string[] =>
  text === undefined ? [] : typeof text === "string" ? [text] : text;
