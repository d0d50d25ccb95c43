import type { Degraded } from "../../platform/evidence/evidence.ts";
import type { CrewAgent, CrewTask } from "./crew.ts";
import type { Spent } from "./spent.ts";

/** What a task gave. A long text lies in the results of its job: `ref` is then its key there, and `text` its beginning. */
export interface TaskOutput {
  readonly text: string;
  readonly data?: unknown;
  readonly ref?: string;
  /** What it says comes from. */
  readonly citations: readonly Citation[];
  /** What was missing when it, or what it was made from, was made. */
  readonly degraded?: readonly Degraded[];
}

export interface Citation {
  readonly id: string;
  readonly title: string;
  readonly url?: string;
  /** A message or chunk of the memory. */
  readonly itemId?: string;
}

export interface TaskUsage {
  readonly tokens: number;
  readonly cost: number;
}

/** What one round may use. */
export interface Allowance {
  readonly tokens: number;
  readonly seconds: number;
}

export interface TaskRequest {
  /** The same over all attempts at this round: job, task, round. Calls with effects derive their keys from it. */
  readonly key: string;
  readonly task: CrewTask;
  readonly agent: CrewAgent;
  readonly context: Readonly<Record<string, TaskOutput>>;
  /** Why the round before did not count. */
  readonly feedback?: string;
  /** Somebody agreed to the task before it began, or to a result that it needs. */
  readonly approved: boolean;
  /** What people said of calls of this round that were cut off; the same round goes on with it. */
  readonly answers?: readonly CallAnswer[];
  /** What the round told before it was cut off; its result tells only what came since. */
  readonly used?: TaskUsage;
  /** Tokens that it may use. */
  readonly tokensLeft: number;
  readonly timeoutSeconds: number;
}

/** A round as the program asks for it: what it may use is said when it begins. */
export type RoundRequest = Omit<TaskRequest, "tokensLeft" | "timeoutSeconds">;

/** Whether a call happened of which nobody knew. */
export interface CallAnswer {
  /** Key of the call. */
  readonly call: string;
  /** Key of the question that was asked. */
  readonly question: string;
  /** False: it is to be made once more, with the same key. */
  readonly happened: boolean;
  readonly by: string;
  readonly reason?: string;
}

/** A step's own name: a round that goes on after an answer is another step under the round's key. */
export const stepNameOf = ({ key, answers = [] }: Pick<TaskRequest, "key" | "answers">): string =>
  answers.length === 0 ? key : `${key}/after/${answers.length}`;

export type TaskResult =
  | { readonly status: "ok"; readonly output: TaskOutput; readonly usage: TaskUsage }
  /** The guardrails refused it, and why. */
  | { readonly status: "refused"; readonly feedback: string; readonly usage: TaskUsage }
  /** A call with effects was cut off: nobody knows whether it happened. */
  | { readonly status: "outcome_unknown"; readonly call: UnknownCall; readonly usage: TaskUsage };

export interface UnknownCall {
  readonly tool: string;
  readonly key: string;
  /** What was to happen, for a person. */
  readonly summary: string;
}

export type ApprovalQuestion =
  | { readonly about: "task"; readonly task: string; readonly round: number }
  | { readonly about: "result"; readonly task: string; readonly round: number; readonly output: TaskOutput }
  | { readonly about: "outcome"; readonly task: string; readonly round: number; readonly call: UnknownCall };

/**
 * `repeat` asks for another round, with a reason for its agent. Of an unknown outcome `approve` says that it happened, `repeat`
 * that it did not; the round goes on in both cases.
 */
export interface Decision {
  readonly decision: "approve" | "reject" | "repeat";
  readonly by: string;
  readonly reason?: string;
}

/** What a job tells while it runs; `id` is the same however often the program is replayed. */
export interface CrewEvent {
  readonly id: string;
  readonly kind: "started" | "task_started" | "task_refused" | "task_done" | "waiting" | "decided";
  readonly task?: string;
  readonly round?: number;
  readonly agent?: string;
  readonly text?: string;
}

/** All that a crew's program may do: what an engine makes durable. The program itself is deterministic. */
export interface Steps {
  /**
   * Runs one round of a task. Technical failures are tried again by the engine; what it throws ends the job. `allowance` is asked
   * when the round really begins, not for one that is kept: by then a replay may know what tasks beside it used later.
   */
  runTask(request: RoundRequest, allowance: () => Allowance): Promise<TaskResult>;
  /** Who does each of the tasks, by id; the manager's choice. */
  assign(request: {
    readonly key: string;
    readonly manager: CrewAgent;
    readonly agents: readonly CrewAgent[];
    readonly tasks: readonly CrewTask[];
  }): Promise<{ readonly agents: Readonly<Record<string, string>>; readonly usage: TaskUsage }>;
  awaitApproval(key: string, question: ApprovalQuestion): Promise<Decision>;
  emit(event: CrewEvent): Promise<void>;
  /** Milliseconds since 1970, the same in every replay. */
  now(): number;
  /**
   * Runs one task with steps of its own, for engines that know a step by its place in the order of steps: tasks side by side
   * then do not mix theirs.
   */
  branch?<Result>(task: string, work: (steps: Steps) => Promise<Result>): Promise<Result>;
  /** Whether the engine would like to end this run and begin another: no further task is begun then. */
  wantsPause?(): boolean;
  /** Called where nothing is under way, with what the program can go on from; an engine may end this run and begin another. */
  mayPause?(state: CrewState): Promise<void>;
}

/** What is done so far. */
export interface CrewState {
  readonly done: Readonly<Record<string, TaskOutput>>;
  /** Who the manager chose, by task. */
  readonly assigned: Readonly<Record<string, string>>;
  /** Tasks to whose result somebody agreed. */
  readonly agreed: readonly string[];
  readonly spent: Spent;
  readonly workedSeconds: number;
}
