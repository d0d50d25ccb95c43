import type { IncomingHttpHeaders } from "node:http";
import type { QueryInput } from "../../graphs/query-engine.ts";
import type { Evidence } from "../../platform/evidence/evidence.ts";
import type {
  ChatMessage,
  ChatRequest,
  FinishReason,
  ResponseFormat,
  ToolCall,
  ToolChoice,
  ToolDeclaration,
  Usage,
} from "../../platform/models/model-gateway.ts";
import type { Principal } from "../../platform/policy/principal.ts";
import type { AthenaMeta } from "./athena-meta.ts";
import type { ServedModel } from "./model-directory.ts";
import type { QueryControl } from "./query-control.ts";

/** One chat request in the engine's own form, whichever surface it came from. */
export interface ChatTurn {
  readonly model: ServedModel;
  readonly messages: readonly ChatMessage[];
  readonly control: QueryControl;
  readonly tools?: readonly ToolDeclaration[];
  readonly toolChoice?: ToolChoice;
  readonly parallelToolCalls?: boolean;
  readonly responseFormat?: ResponseFormat;
  readonly sampling: NonNullable<QueryInput["sampling"]>;
  /** What only a provider's own model understands. */
  readonly provider: Pick<
    ChatRequest,
    "presencePenalty" | "frequencyPenalty" | "keepAlive" | "contextLength" | "think"
  >;
  readonly meta?: Record<string, unknown>;
}

/** Who asks, and until when anybody waits. */
export interface ChatCaller {
  readonly principal: Principal;
  readonly surface: "openai" | "ollama";
  /** As the client sent them: its profile says what stands where. */
  readonly headers: IncomingHttpHeaders;
  readonly requestId: string;
  readonly signal: AbortSignal;
}

/** Where a streamed answer goes. `start` comes first and once; promises are waited for. */
export interface ChatSink {
  start(threadId: string | undefined): Promise<void>;
  text(text: string): Promise<void>;
  reasoning(text: string): Promise<void>;
  /** A whole call; `index` counts from 0. */
  toolCall(call: ToolCall, index: number): Promise<void>;
}

/** The finished answer, whole also when it was streamed. */
export interface ChatOutcome {
  readonly text: string;
  readonly reasoning: string;
  readonly toolCalls: readonly ToolCall[];
  readonly finishReason: FinishReason;
  readonly usage: Usage;
  readonly evidence: readonly Evidence[];
  /** Undefined for a provider's own model, which no graph surrounds. */
  readonly athena: AthenaMeta | undefined;
}

/** Answers one chat turn; with a sink also piece by piece. */
export type RunChatTurn = (turn: ChatTurn, caller: ChatCaller, sink?: ChatSink) => Promise<ChatOutcome>;
