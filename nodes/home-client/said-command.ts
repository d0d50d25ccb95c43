import type { HomeCommand, HomeReading, HomeUnclear } from "../home/home.ts";

/** One order or question about the home. */
export interface SaidCommand {
  readonly text: string;
  readonly reading: HomeCommand | HomeUnclear;
  /** Index of the part of the query that it belongs to. */
  readonly part: number;
  /** Words behind an order that ask for more, but nobody knows what: "and then close it". */
  readonly isLeftOver?: boolean;
}

/** A command whose part of the query is not known yet. */
export type Command = Omit<SaidCommand, "part">;

/** What other parts of the engine answer better than a home does. */
const notOfTheHome = new Set(["HassRespond", "HassGetCurrentTime", "HassGetCurrentDate", "HassGetWeather"]);

/** Whether a reading is something that the home's client is there for. */
export const isHome = (reading: HomeReading): reading is HomeCommand =>
  reading?.kind === "command" && !notOfTheHome.has(reading.intent);
