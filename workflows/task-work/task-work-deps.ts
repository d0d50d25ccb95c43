import type { EgressPermit } from "../../platform/egress/egress.ts";
import type { ModelGateway, ToolCall, Usage } from "../../platform/models/model-gateway.ts";
import type { Citation } from "../crews/steps.ts";
import type { JobWork } from "../jobs/job.ts";
import type { TaskRecords } from "../jobs/job-store.ts";
import type { Source } from "./source.ts";

/** What belongs to one call of a tool by a job. */
export interface CrewCall {
  readonly job: JobWork;
  readonly permit: EgressPermit;
  /** The same over all attempts; given to whatever has effects. */
  readonly idempotencyKey: string;
  /** Somebody said that the call with this key, which was cut off, did not happen. */
  readonly isRepeat?: boolean;
  readonly locale: string;
  readonly now: Date;
  readonly signal: AbortSignal;
}

/** How a call ended. `refused`: it did not happen; `failed`: of a tool with effects nobody knows whether it did. */
export type CrewAnswer =
  | {
      readonly status: "ok";
      /** What it says beside its sources. */
      readonly text: string;
      readonly data?: unknown;
      readonly sources: readonly Source[];
    }
  | { readonly status: "refused" | "failed"; readonly reason: string };

/** A tool or service as agents call it; it checks rights and arguments itself. */
export interface CrewTool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments. */
  readonly parameters: Record<string, unknown>;
  readonly effect: "read" | "write" | "irreversible";
  readonly allowedRoles: readonly string[];
  /**
   * Rejects when the call's signal aborts, and, if it only reads, for what may pass.
   * @throws {AppError} retryable
   */
  run(args: Record<string, unknown>, call: CrewCall): Promise<CrewAnswer>;
}

/** The only words of a round that are instructions. */
export interface InstructingWords {
  /** Of the crew's author: its agent and task. */
  readonly crew: string;
  /** The job's input, without what others wrote in it. */
  readonly user: string;
}

/** Looks through what others wrote before a model reads it; made for one round. */
export interface RoundGuard {
  /** The text without what reads as an instruction, marked as data. */
  data(text: string, source: string): string;
  /** The same without the mark. */
  clean(text: string, source: string): string;
  /** Why a call with effects is not made, in words for the model; undefined: it may be. `untrusted`: what others wrote. */
  refusal(
    call: Pick<ToolCall, "name" | "arguments">,
    tool: Pick<CrewTool, "name" | "description" | "effect">,
    untrusted: readonly string[],
  ): string | undefined;
}

export interface TaskWorkDeps {
  readonly records: TaskRecords;
  readonly models: Pick<ModelGateway, "configured" | "answerModel" | "stream">;
  /** What a job may let out. */
  readonly permitFor: (job: JobWork) => EgressPermit;
  /** Everything that crews may name, whoever may use it. */
  readonly tools: () => readonly CrewTool[];
  /** Roles that a principal has now; undefined: it is not known any more, and its jobs end. */
  readonly rolesOf: (principal: string) => readonly string[] | undefined;
  readonly guard: (words: InstructingWords, toolNames: readonly string[]) => RoundGuard;
  /** Those of the citations' items that the principal sees now. */
  readonly seenItems: (job: JobWork, itemIds: readonly string[]) => Promise<ReadonlySet<string>>;
  /** What tokens of a model cost; 0 where no price is known. */
  readonly costOf?: (model: string, usage: Usage) => number;
  readonly limits: {
    /** Most answers of the model in one round of a task. */
    readonly turns: number;
    /** Most calls of tools in one round. */
    readonly calls: number;
  };
  /** How long a call with effects that an attempt left behind is waited for before anybody is asked about it, in milliseconds. */
  readonly patienceMs?: number;
  /** Pauses between calls of a tool that reads and fails in a way that may pass, in milliseconds. */
  readonly readPausesMs?: readonly number[];
  readonly locale: string;
  readonly now?: () => Date;
}

/** A result before its guardrails. */
export interface Draft {
  readonly text: string;
  readonly data?: unknown;
  readonly citations: readonly Citation[];
  /** Numbers in its text that are no source. */
  readonly unknownMarks: readonly number[];
  /** How many sources there were to cite. */
  readonly sources: number;
  /** How many of them earlier tasks cited. */
  readonly findings: number;
  /** What it was made from: results of earlier tasks and of tools, the job's input. */
  readonly material: readonly string[];
}
