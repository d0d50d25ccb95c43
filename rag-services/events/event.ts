import type { Degraded } from "../../platform/evidence/evidence.ts";
import type { Place } from "../places/place.ts";
import type { ServiceContext } from "../rag-service.ts";

/** Something that takes place. */
export interface LocalEvent {
  readonly title: string;
  /** A moment (ISO 8601, UTC) or a day (`yyyy-mm-dd`); absent for an announcement whose feed does not say. */
  readonly starts?: string;
  readonly ends?: string;
  /** When it was announced, where the start is not known (ISO 8601, UTC). */
  readonly announced?: string;
  readonly venue?: string;
  /** Plain text. */
  readonly summary?: string;
  /** Lowest and highest price of a ticket. */
  readonly price?: { readonly from: number; readonly to: number; readonly currency: string };
  readonly url?: string;
  readonly source: string;
}

export interface EventsQuestion {
  /** Free words that an event must speak of. */
  readonly query?: string;
  /** Where: the words, and the place that they name where the gazetteer knows it. */
  readonly place?: { readonly words: string; readonly known?: Place };
  /** Days asked for, in the user's zone; undefined: what comes next. */
  readonly asked: boolean;
  readonly from: Date;
  readonly to: Date;
}

/** A source of events. */
export interface EventsSource {
  readonly name: string;
  /** @throws {AppError} UPSTREAM_UNAVAILABLE, EGRESS_BLOCKED. */
  find(question: EventsQuestion, context: ServiceContext): Promise<readonly LocalEvent[]>;
}

export interface FoundEvents {
  readonly events: readonly LocalEvent[];
  readonly degraded: readonly Degraded[];
}
