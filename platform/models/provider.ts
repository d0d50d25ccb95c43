import type { ChatRequest, FinishReason, ModelInfo, Usage } from "./model-gateway.ts";

/** A piece of a tool call as a provider streams it; `arguments` is a piece of JSON text. */
export interface ToolFragment {
  readonly index: number;
  readonly id?: string;
  readonly name?: string;
  readonly arguments?: string;
}

/** One piece of a streamed answer, in the order in which the provider sent it. */
export interface ProviderDelta {
  readonly text?: string;
  readonly reasoning?: string;
  readonly toolFragments?: readonly ToolFragment[];
  readonly finish?: FinishReason;
  readonly usage?: Usage;
}

/** What a provider needs of a request: its messages are repaired, its numbers inside their bounds. */
export type ProviderRequest = Omit<ChatRequest, "model" | "permit" | "signal" | "deadlineAt">;

/** One vendor's protocol. It neither retries nor times out; its errors are AppErrors of the gateway's codes. */
export interface Provider {
  readonly name: ModelInfo["provider"];
  readonly url: string;
  /** Whether its address is loopback. */
  readonly local: boolean;
  /** Streams one answer; a stream that ends without a finish was cut off and throws. */
  chat(model: string, request: ProviderRequest, signal: AbortSignal): AsyncIterable<ProviderDelta>;
  /** Vectors as the provider gives them, one per input, in order. */
  embed(
    model: string,
    inputs: readonly string[],
    dimensions: number | undefined,
    signal: AbortSignal,
  ): Promise<readonly (readonly number[])[]>;
  /** Names of its models, without the provider's prefix, in its own order. */
  list(
    signal: AbortSignal,
  ): Promise<readonly { readonly name: string; readonly capabilities: ModelInfo["capabilities"] }[]>;
}
