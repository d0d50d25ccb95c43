/** What `npm run eval -- TASK` was given; files are JSON Lines, gzip-compressed when their name ends in `.gz`. */
export interface EvalOptions {
  readonly train?: string;
  readonly val?: string;
  readonly test?: string;
  readonly fixtures?: string;
  readonly lang?: string;
  readonly docs?: string;
  readonly queries?: string;
  readonly folds?: string;
}

/** What a task measured: rates from 0 to 1, times in milliseconds unless the name says otherwise. */
export interface EvalOutcome {
  readonly rows: number;
  readonly metrics: Readonly<Record<string, number>>;
  /** Printed for people below the figures, never with `--json`: what went wrong where, one line each. */
  readonly notes?: readonly string[];
}

/** A figure that somebody else reached on the same kind of data. */
export interface Baseline {
  readonly system: string;
  readonly metrics: Readonly<Record<string, number>>;
}

/** One measurable capability. It runs the product's own code path on rows of a published format. */
export interface EvalTask {
  readonly name: string;
  /** Its options, as the usage shows them. */
  readonly usage: string;
  readonly summary: string;
  readonly baselines: readonly Baseline[];
  /** Whether the options given are enough to run. */
  accepts(options: EvalOptions): boolean;
  /** @throws {Error} naming file and line of a row that does not fit. */
  run(options: EvalOptions): Promise<EvalOutcome>;
}
