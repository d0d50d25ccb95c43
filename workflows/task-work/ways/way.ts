import type { CrewTask } from "../../crews/crew.ts";
import type { TaskOutput } from "../../crews/steps.ts";
import type { SourceBook } from "../source-book.ts";
import type { CrewAnswer, CrewTool } from "../task-work-deps.ts";

export interface WayRequest {
  readonly task: CrewTask;
  /** The words of whoever began the job. */
  readonly input: Readonly<Record<string, unknown>>;
  /** What others wrote, in its input. */
  readonly data: Readonly<Record<string, unknown>>;
  /** Results of the tasks that it needs, citing the book. */
  readonly context: Readonly<Record<string, TaskOutput>>;
  readonly book: SourceBook;
  /** What its agent may call. */
  readonly tools: readonly CrewTool[];
  readonly use: (tool: string, args: Record<string, unknown>) => Promise<CrewAnswer>;
  readonly locale: string;
}

export interface WayResult {
  /** Cites the book's numbers. */
  readonly text: string;
  readonly data?: unknown;
  /** What tools said beyond the book's sources. */
  readonly material?: readonly string[];
}

/** How a task is done without a model: by rules alone, and by the tools of its agent. */
export type Way = (request: WayRequest) => Promise<WayResult> | WayResult;
