/** One of a crew: who does a task, with what. */
export interface CrewAgent {
  readonly id: string;
  readonly role: string;
  readonly goal: string;
  readonly backstory?: string;
  /** Names of tools and services that it may call; what the job's principal may not use stays out of reach. */
  readonly tools: readonly string[];
  /** A model alias; without it the engine's own model. */
  readonly model?: string;
}

/** What a task's result must be before it counts. */
export type Guardrail =
  | { readonly kind: "schema"; readonly schema: Readonly<Record<string, unknown>> }
  /** One of the checks that come with Athena, such as `citations_resolve`. */
  | { readonly kind: "function"; readonly name: string }
  /** A model says whether the result meets the criterion; passed over where there is none. */
  | { readonly kind: "judge"; readonly criterion: string };

export interface CrewTask {
  readonly id: string;
  /** What is to be done; `{name}` stands for a field of the job's input. */
  readonly description: string;
  readonly expectedOutput: string;
  /** Who does it; with the process `hierarchical` it may be left to the manager. */
  readonly agent?: string;
  /** Tasks whose results it is given; with `graph` also what it waits for. */
  readonly needs: readonly string[];
  /** How it is done without a model: one of the ways that come with Athena. */
  readonly withoutModel: string;
  readonly guardrails: readonly Guardrail[];
  /** Rounds in which the guardrails must be met; as many again when a person asks for another one. */
  readonly maxRounds: number;
  /** `before`: somebody agrees before it begins; `result`: its result counts when somebody agrees. */
  readonly humanApproval: "none" | "before" | "result";
}

export interface CrewLimits {
  /** Tasks that are begun, rounds included. */
  readonly steps: number;
  readonly tokens: number;
  /** Time in which tasks ran or waited to run, in seconds; waiting for people does not count. */
  readonly wallSeconds: number;
  /** In the currency of the models' prices; undefined: none. */
  readonly budget?: number;
  /** Tasks at once. */
  readonly parallel: number;
}

/** A team with its work: a row of the registry. */
export interface Crew {
  readonly id: string;
  readonly description: string;
  /** JSON Schema of the input; `data: true` at a field says that others wrote it. */
  readonly input: Readonly<Record<string, unknown>>;
  /** `sequential`: in the order of the tasks; `hierarchical`: the same, the manager chooses who; `graph`: as `needs` says. */
  readonly process: "sequential" | "hierarchical" | "graph";
  readonly agents: readonly CrewAgent[];
  /** The agent that assigns tasks, with `hierarchical`. */
  readonly manager?: string;
  readonly tasks: readonly CrewTask[];
  /** The task whose result is the job's; without it the last one. */
  readonly result?: string;
  readonly limits: CrewLimits;
}
