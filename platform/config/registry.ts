/** The registry: what an operator may change without a release. Rows live in the database, defaults are data files. */

export interface IntentRow {
  readonly id: string;
  readonly description: string;
  /** What answers it. `chat` goes to the model, `text` is a fixed text of the prompts (greeting, help). */
  readonly kind: "service" | "tool" | "recall" | "job" | "chat" | "text";
  /** Service id, tool name, job name, or prompt key of a `text`. */
  readonly target: string;
  /** Below this the example tier's result is rejected. */
  readonly threshold: number;
  /** Names of the slots, with the recogniser that fills each and whether the intent is empty without it. */
  readonly slots: readonly { readonly name: string; readonly recogniser: string; readonly required: boolean }[];
  /** `facts`: the rendering is the answer even when a model is configured. */
  readonly compose: "facts" | "model";
  readonly enabled: boolean;
}

export interface IntentPatternRow {
  readonly intent: string;
  /** BCP 47, or `*`. */
  readonly locale: string;
  /** `phrase`: optional parts in [brackets], alternatives in (a|b), slots in {braces}. `regex`: RE2 with named groups. */
  readonly kind: "phrase" | "regex";
  readonly pattern: string;
  /** Slot values that a match implies. */
  readonly slots: Readonly<Record<string, unknown>>;
}

export interface IntentExampleRow {
  /** An intent's id; of a text that asks for several things all of them, joined by `+`. */
  readonly intent: string;
  readonly locale: string;
  readonly text: string;
}

export interface MultiIntentRuleRow {
  readonly kind: "split" | "chain";
  /** split: `{ locale, separator }`; chain: `{ from, to, field, slot }`. */
  readonly rule: Readonly<Record<string, string>>;
}

export interface ValidationRuleRow {
  readonly id: string;
  readonly kind:
    | "grounded_numbers"
    | "grounded_actions"
    | "grounded_names"
    | "must_cite"
    | "language_match"
    | "forbidden"
    | "max_length"
    | "json_schema"
    | "known_state";
  /** Intents it applies to; `*` for all. */
  readonly intents: readonly string[];
  readonly severity: "block" | "warn";
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly enabled: boolean;
}

export interface ServiceRow {
  readonly id: string;
  /** Base URL of the service's own server; null: in process. */
  readonly url: string | null;
  readonly cacheSeconds: number;
  readonly timeoutMs: number;
  readonly enabled: boolean;
}

export interface PromptRow {
  readonly key: string;
  readonly locale: string;
  readonly version: number;
  readonly text: string;
}

export interface ModelAliasRow {
  readonly alias: string;
  /** Ordered candidates, `provider/model`. */
  readonly candidates: readonly string[];
  /** Overrides what the address says about a provider being local. */
  readonly local: boolean | null;
}

/** Where a client says who asks, which conversation it is and whether it asks on its own. API keys name one. */
export interface ClientProfileRow {
  readonly id: string;
  /**
   * `key`: the key is the person. `jwt`: a token that the client signs (HS256, subject = the person) in `header`. `header`:
   * the person's id in plain, believed of the key's holder only while no signing secret is set.
   */
  readonly identity: {
    readonly from: "key" | "jwt" | "header";
    readonly header?: string | undefined;
    readonly issuer?: string | undefined;
    /** Headers that name a person in plain; refused while a signing secret is set and no token comes along. */
    readonly plainHeaders: readonly string[];
  };
  /** Where the client's own conversation id stands, tried in order: `header:NAME`, `user`, `metadata:KEY`. Empty: stateless. */
  readonly conversation: { readonly from: readonly string[] };
  /** Header that names what the client asks on its own (`title_generation` …). */
  readonly taskHeader: string | null;
  /** Prompts of such requests: recognised when all fragments occur, in any case. */
  readonly tasks: readonly { readonly task: string; readonly fragments: readonly string[] }[];
  /** Answers are spoken: no Markdown, no emoji, short sentences. */
  readonly voice: boolean;
  readonly enabled: boolean;
}

/** A team of agents with its tasks, as its YAML has it; `workflows/crews/crew-schema.ts` says what the parts mean. */
export interface CrewRow {
  readonly id: string;
  readonly description: string;
  /** JSON Schema of a job's input. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly process: "sequential" | "hierarchical" | "graph";
  readonly agents: readonly Readonly<Record<string, unknown>>[];
  readonly manager: string | null;
  readonly tasks: readonly Readonly<Record<string, unknown>>[];
  /** The task whose result is the job's; null: the last one. */
  readonly result: string | null;
  readonly limits: Readonly<Record<string, unknown>>;
  readonly enabled: boolean;
}

/** Everything that is enabled, read in one go; frozen, replaced as a whole when rows change. */
export interface Registry {
  /** Content hash: caches (the classifier) key on it. */
  readonly revision: string;
  readonly intents: readonly IntentRow[];
  readonly patterns: readonly IntentPatternRow[];
  readonly examples: readonly IntentExampleRow[];
  readonly multiIntentRules: readonly MultiIntentRuleRow[];
  readonly validationRules: readonly ValidationRuleRow[];
  readonly services: readonly ServiceRow[];
  readonly prompts: readonly PromptRow[];
  readonly modelAliases: readonly ModelAliasRow[];
  readonly clientProfiles: readonly ClientProfileRow[];
  readonly crews: readonly CrewRow[];
}

/** Gives the registry in force; the value changes when the rows do (polled every 5 minutes). */
export interface RegistrySource {
  current(): Registry;
  /** Called with each new registry; returns how to stop. */
  onChange(listener: (registry: Registry) => void): () => void;
}
