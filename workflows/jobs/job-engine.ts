/**
 * Runs jobs durably: what is stored as `queued` is run once, whatever dies meanwhile. What a job is told (decisions,
 * cancelling) is stored first; the engine is then told to look, as often as one likes.
 */
export interface JobEngine {
  readonly name: "embedded" | "temporal";
  /** Takes up what is unfinished and not in anybody's hands, now and from time to time. */
  start(): void;
  /** A job is stored: begins it, if it has not begun. @throws {AppError} UPSTREAM_UNAVAILABLE; it is then taken up later. */
  run(jobId: string): Promise<void>;
  /** Decisions or a wish to cancel are stored: tells the job, wherever it runs. */
  tell(jobId: string): Promise<void>;
  /** Milliseconds that an answer of what it stands on takes, where that is not the database. @throws {AppError} UPSTREAM_UNAVAILABLE */
  ping?(): Promise<number>;
  /** What runs here stops where it is; another process, or the next start, goes on from there. */
  stop(): Promise<void>;
}
