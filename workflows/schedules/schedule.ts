/** Something that recurs. */
export interface Schedule {
  readonly id: string;
  /** Five fields. */
  readonly cron: string;
  /** IANA name; undefined: the zone of the settings. */
  readonly timezone: string | undefined;
  /** The job's name. */
  readonly job: string;
  readonly input: Record<string, unknown>;
  readonly enabled: boolean;
  /** The newest time that has its run. */
  readonly lastRun: Date | undefined;
  /** Undefined: not planned yet, or never again. */
  readonly nextRun: Date | undefined;
}

export interface ScheduleRun {
  readonly scheduleId: string;
  /** The time it is for: with the schedule's id the key that makes it one run. */
  readonly dueAt: Date;
  /** `hand`: somebody asked for it. */
  readonly cause: "time" | "hand";
  readonly status: "running" | "done" | "failed";
  /** Times that it was begun: more than one when a process died under it. */
  readonly attempts: number;
  readonly startedAt: Date;
  readonly endedAt: Date | undefined;
  readonly error: string | undefined;
  readonly result: JobResult | undefined;
}

/** What a job says of its run: counts, never content. */
export type JobResult = Readonly<Record<string, number | string>>;

export interface JobContext {
  /** Same run, same key: a run that was cut off is made again, and must not have its effect twice. */
  readonly key: string;
  /** The time it is for, which may have passed a while ago. */
  readonly dueAt: Date;
  /** IANA name. */
  readonly timezone: string;
  readonly input: Record<string, unknown>;
  /** Aborts when the process stops or may not go on. */
  readonly signal: AbortSignal;
}

/** Something to be done at given times. Repeating it for one `key` does nothing that is done already. */
export type Job = (context: JobContext) => Promise<JobResult>;

/** What runs by which name. */
export type Jobs = Readonly<Record<string, Job>>;
