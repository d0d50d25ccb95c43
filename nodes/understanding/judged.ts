import type { RequestOpenings } from "./request-openings.ts";
import type { Segmenter } from "./segment-text.ts";

/** What a stretch of text asks for, as far as splitting needs to know. */
export interface Judged {
  readonly intent: string;
  readonly confidence: number;
  /** Whether it may stand as a part of its own beside others. */
  readonly isOwnPart: boolean;
  /** Whether its wording leaves no doubt (a pattern). */
  readonly isCertain: boolean;
  /** Whether it asks for something at all; a text that does not is small talk or a fragment. */
  readonly isAsking: boolean;
  /** Whether it is said around a request rather than being one ("hi"). */
  readonly isCourtesy: boolean;
  /** How sure the classifier is of the text, also where a pattern has found its intent. */
  readonly likelihood: number;
}

export interface SplitPart<Value extends Judged> {
  readonly text: string;
  readonly judged: Value;
}

export interface SplitDeps<Value extends Judged> {
  readonly segmenter: Segmenter;
  readonly locale: string;
  readonly openings: RequestOpenings;
  judge(text: string): Value;
  /** What an elliptic part ("and in London") asks for, given the part before it; undefined when it is no such part. */
  inherit(text: string, previous: SplitPart<Value>): Value | undefined;
  /** The same intent over a longer text: its slots may now be found in the words that were added. */
  extend(text: string, judged: Value): Value;
}
