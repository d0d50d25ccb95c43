import { Worker } from "node:worker_threads";
import { z } from "zod";

/** One happening of a calendar, recurring ones already spread out. */
const CalendarEntry = z.object({
  title: z.string(),
  /** A moment (`…Z`), a day (`yyyy-mm-dd`) or a time without a zone (`yyyy-mm-ddThh:mm:ss`). */
  starts: z.string(),
  ends: z.string(),
  location: z.string().optional(),
  description: z.string().optional(),
  url: z.string().optional(),
});
export type CalendarEntry = z.infer<typeof CalendarEntry>;

const ReadCalendar = z.object({
  title: z.string().optional(),
  /** Zone of times that have none of their own. */
  timezone: z.string().optional(),
  entries: z.array(CalendarEntry),
});
export type ReadCalendar = z.infer<typeof ReadCalendar>;

export interface CalendarTask {
  readonly text: string;
  /** Milliseconds since 1970: the window that entries must touch, give or take a day. */
  readonly from: number;
  readonly to: number;
}

export const isCalendar = (text: string): boolean => /^\s*BEGIN:VCALENDAR/i.test(text.slice(0, 200));

const longestMs = 1_500;

/**
 * Reads an iCalendar text and spreads its recurring events over a window, with their exceptions and changed occurrences.
 * Works in a thread that is stopped after 1.5 s: some rules take seconds to be found empty.
 * @returns undefined for what is no calendar, is cut off, or cannot be read in time.
 */
export const readCalendar = async (task: CalendarTask, signal: AbortSignal): Promise<ReadCalendar | undefined> => {
  if (!isCalendar(task.text) || !/END:VCALENDAR\s*$/i.test(task.text.slice(-200))) return undefined;
  signal.throwIfAborted();
  const worker = new Worker(new URL("./calendar-worker.ts", import.meta.url), {
    workerData: task,
    env: {},
    execArgv: ["--disable-warning=ExperimentalWarning"],
    resourceLimits: { maxOldGenerationSizeMb: 128 },
  });
  const ended = Promise.withResolvers<ReadCalendar | undefined>();
  const timer = setTimeout(() => ended.resolve(undefined), longestMs);
  const stop = () => ended.reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  worker.once("message", (message: unknown) => ended.resolve(ReadCalendar.safeParse(message).data));
  worker.once("error", () => ended.resolve(undefined));
  worker.once("exit", () => ended.resolve(undefined));
  try {
    return await ended.promise;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
    void worker.terminate();
  }
};
