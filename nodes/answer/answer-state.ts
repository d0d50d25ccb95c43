import type { KeptOfTurn } from "../../atlas/facts/kept-of-turn.ts";
import type { Thread } from "../../atlas/timeline.ts";
import type { IntentRow } from "../../platform/config/registry.ts";
import type { EgressPermit } from "../../platform/egress/egress.ts";
import type { Degraded, Evidence } from "../../platform/evidence/evidence.ts";
import type { ChatMessage, ModelGateway } from "../../platform/models/model-gateway.ts";
import type { Draft, QueryInput, QueryRuntime, Settled, StepResult } from "../query.ts";
import type { StepState, StepWrites } from "../step-state.ts";
import type { IntentPart } from "../understanding/understood-query.ts";
import type { RuleSet } from "../validation/rules.ts";
import type { Say } from "../wording.ts";
import type { HandOver } from "./hand-over.ts";
import type { OwnTool } from "./own-tools.ts";

/** Our own tools as the model may call them, and how they are run. */
export interface OwnToolRunner {
  readonly list: () => readonly OwnTool[];
  /** Runs one call like a step of the plan: with the caller's rights, its own time-out, audit and receipt. */
  readonly run: (state: StepState, runtime: QueryRuntime) => Promise<StepWrites>;
  /** Most calls of the model in one turn with tools, and most calls of tools. */
  readonly maxRounds: number;
  readonly maxCalls: number;
}

export interface AnswerDeps {
  readonly models: Pick<ModelGateway, "configured" | "answerModel" | "stream">;
  readonly intents: () => readonly IntentRow[];
  readonly rules: (intents: readonly string[]) => RuleSet;
  readonly composer: "auto" | "facts" | "model";
  readonly say: Say;
  /** What the memory keeps of a turn is said where no model can answer it; undefined: nothing is. */
  readonly keptOf?: KeptOfTurn;
  /** Undefined: the model gets no tools of ours. */
  readonly ownTools?: OwnToolRunner;
  /** Undefined: an answer takes until the query's deadline. */
  readonly handOver?: HandOver;
}

/** What `compose` reads of the query's state. */
export interface AnswerState {
  readonly query: QueryInput;
  readonly thread?: Thread | undefined;
  readonly settled?: Settled | undefined;
  readonly text: string;
  readonly history: readonly ChatMessage[];
  readonly permit?: EgressPermit | undefined;
  readonly locale: string;
  readonly timezone: string;
  readonly parts: readonly IntentPart[];
  readonly results: readonly StepResult[];
  readonly transcript: readonly ChatMessage[];
  readonly degraded: readonly Degraded[];
  readonly attempts: number;
  readonly violations: readonly string[];
  readonly draft?: Draft | undefined;
  readonly evidence: readonly Evidence[];
}

/** What the model's rounds have done so far; kept also when a later round fails. */
export interface AnswerWork {
  readonly results: StepResult[];
  readonly transcript: ChatMessage[];
  /** Said before a call with effects. @throws when the answer was handed over meanwhile */
  beforeEffect?: () => Promise<void>;
  /** Said when the model writes its answer, before any of that is out. */
  onText?: () => void;
}

/** JSON of the client's own shape was asked for. */
export const wantsJson = (query: QueryInput): boolean =>
  query.responseFormat !== undefined && query.responseFormat.type !== "text";
