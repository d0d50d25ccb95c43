import type { ServiceContext } from "../rag-service.ts";
import type { FlightFacts } from "./airport-data.ts";

/** A flight on a day; without a day the one nearest to now. */
export interface FlightQuery {
  /** IATA number without spaces, e.g. `LO281`. */
  readonly flight: string;
  readonly date: string | undefined;
}

/** A source of flight status; it has a key. */
export interface FlightSource {
  readonly name: string;
  /** @throws {AppError} NOT_FOUND when it knows no such flight; UPSTREAM_UNAVAILABLE. */
  status(query: FlightQuery, context: ServiceContext): Promise<FlightFacts>;
}

/** Leaves out what is null or undefined. */
export const known = <Value extends Record<string, unknown>>(
  value: Value,
): { [Key in keyof Value]?: NonNullable<Value[Key]> } =>
  Object.fromEntries(Object.entries(value).filter(([, item]) => item !== null && item !== undefined)) as {
    [Key in keyof Value]?: NonNullable<Value[Key]>;
  };
