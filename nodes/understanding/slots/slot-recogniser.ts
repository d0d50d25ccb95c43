import type { Gazetteer } from "../../../rag-services/places/place.ts";

/** What a recogniser may look at. */
export interface SlotContext {
  readonly locale: string;
  readonly timezone: string;
  readonly now: Date;
  readonly gazetteer: Gazetteer;
}

/** Fills one kind of slot; both give a normalised value or undefined, and never throw. */
export interface SlotRecogniser {
  /** The value that words taken by a pattern stand for; undefined refuses them, and with them the pattern's match. */
  whole(words: string, context: SlotContext): unknown;
  /** The value named somewhere in a part of the query. */
  find(text: string, context: SlotContext): unknown;
}
