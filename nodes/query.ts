import type { Message, NewMessage, Thread } from "../atlas/timeline.ts";
import type { EgressPermit } from "../platform/egress/egress.ts";
import type { Mode } from "../platform/egress/egress-class.ts";
import type { Degraded, Evidence } from "../platform/evidence/evidence.ts";
import type {
  ChatMessage,
  FinishReason,
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
  /** The thread is made when there is none of that id yet: ids that the server reserved for a client's conversation. */
  readonly createThread?: boolean;
  /**
   * OpenAI and Ollama: the request's whole `messages`, history included. Native surfaces: only the new user message;
   * history comes from the timeline.
   */
  readonly messages: readonly ChatMessage[];
  readonly mode: Mode;
  readonly consent: boolean;
  /** Of a fresh thread, with the team where it is a team's and the caller is in several. */
  readonly scope?: "personal" | "team" | "public";
  readonly teamId?: string;
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
  /** The answer is spoken: no Markdown, no emoji, short sentences. */
  readonly voice?: boolean;
  /** The id that the user's message is to have, where it may be sent twice: then the second one is CONFLICT. */
  readonly messageId?: string;
  /** Kept in the user's message: the caller's own `source`, `ts`, `sender`, `mentions`. */
  readonly meta?: Record<string, unknown>;
  readonly requestId: string;
  /** The caller's own name for this request, where it may send it twice: what it begins is begun once. */
  readonly requestKey?: string;
  /** Aborts when nobody waits any more. */
  readonly signal: AbortSignal;
}

/** What a surface can show while the query runs. `accepted` comes first, once the user's message is committed. */
export type QueryEvent =
  | { readonly type: "accepted"; readonly threadId: string; readonly messageId: string; readonly position: number }
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "reasoning"; readonly text: string }
  | { readonly type: "toolCall"; readonly call: ToolCall };

/** What belongs to one request: it travels beside the state, in the graph's runtime context. */
export interface QueryContext {
  readonly signal: AbortSignal;
  readonly queryId: string;
  readonly now: Date;
  /** `performance.now()` when the query came in, and when it must be finished. */
  readonly startedAt: number;
  readonly deadlineAt: number;
  /** Undefined when nobody watches: then nothing is released before the whole answer has passed. */
  readonly emit: ((event: QueryEvent) => void | Promise<void>) | undefined;
  readonly progress: QueryProgress;
}

/** How far a query has come, for whoever must tidy up when it breaks off; filled in by the nodes as they go. */
export interface QueryProgress {
  settled?: Settled;
  permit?: EgressPermit;
  receipt?: readonly object[];
  /** The commit of the answer, once it is under way. */
  closing?: Promise<readonly Message[]>;
}

/** The second argument of every node. */
export interface QueryRuntime {
  readonly context?: QueryContext | undefined;
}

/** One thing to do for a part of the query. */
export interface Step {
  readonly id: string;
  readonly kind: "service" | "tool" | "recall" | "job";
  readonly target: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly dependsOn: readonly string[];
  /** Index of the intent part it answers. */
  readonly part: number;
  /** Which field of the earlier step's evidence fills which argument. */
  readonly handOn?: { readonly from: string; readonly to: string };
  /** The model's call that this step runs; undefined: `plan` made it. */
  readonly callId?: string;
}

/** How one step ended: evidence and its rendering, or why there is none (a sentence for the user). */
export interface StepResult {
  readonly step: Step;
  readonly status: "ok" | "failed";
  readonly evidence: readonly Omit<Evidence, "id">[];
  readonly text: string;
  /** The part's name in `degraded` when it failed. */
  readonly reason?: string;
  readonly degraded: readonly Degraded[];
  readonly ms: number;
}

/** An answer on its way: what `compose` made and `validate` judges. */
export interface Draft {
  readonly text: string;
  readonly composer: "facts" | "model";
  readonly model: string | undefined;
  readonly reasoning: string;
  readonly toolCalls: readonly ToolCall[];
  readonly finishReason: FinishReason;
  readonly usage: Usage;
  /** Ids of blocking rules that this draft broke; `text` is then not to be shown unless it is already out. */
  readonly broken: readonly string[];
  /** Ids of rules that sentences broke without breaking the draft: warnings, and a sentence dropped after others were shown. */
  readonly noted?: readonly string[];
  /** Whether any of it has been shown. */
  readonly released: boolean;
  readonly refused: boolean;
  readonly firstTokenMs: number | undefined;
  /** What was kept from the model or from being done, in words for the user. */
  readonly notes?: readonly Degraded[];
}

/** The work of a turn that waits for the client's own tools: kept so that the next request goes on where this one stopped. */
export interface UnfinishedTurn {
  readonly parts: readonly unknown[];
  readonly results: readonly StepResult[];
  readonly locale: string;
  /** The model's messages since the user's, with what our own tools gave it. */
  readonly transcript?: readonly ChatMessage[];
}

/** Narrow view of the store of unfinished client-tool turns. */
export interface UnfinishedTurns {
  save(turn: {
    readonly principal: string;
    readonly threadId: string;
    readonly callIds: readonly string[];
    readonly fingerprint: string;
    readonly state: UnfinishedTurn;
  }): Promise<void>;
  take(
    principal: string,
    match: { readonly callIds?: readonly string[]; readonly fingerprint?: string },
  ): Promise<{ readonly threadId: string; readonly state: UnfinishedTurn } | undefined>;
}

/** The settled thread of a query and what was appended to it. */
export interface Settled {
  readonly thread: Thread;
  readonly messageId: string;
  readonly position: number;
  readonly appended: readonly NewMessage[];
}
