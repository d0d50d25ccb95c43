import { createSentenceSplitter } from "../../platform/language/sentences.ts";
import type { Violation } from "../validation/rules.ts";

export interface ReleaseGateDeps {
  /** Judges one sentence; undefined when it may be shown. */
  readonly check: (sentence: string) => Violation | undefined;
  /** Shows text; undefined when nobody watches, then everything is only collected. */
  readonly show: ((text: string) => void | Promise<void>) | undefined;
  /** Puts originals back where placeholders stand (identity when nothing was concealed). */
  readonly maxLength: number;
}

/**
 * Lets a streamed answer out sentence by sentence, each after its own check. Text between the sentences stays as it came:
 * what was released is, joined, exactly what passed.
 */
export interface ReleaseGate {
  /** Takes a piece; gives the violation that stopped it. Nothing is released from that sentence on. */
  push(piece: string): Promise<Violation | undefined>;
  /** Judges and releases what is left. */
  end(): Promise<Violation | undefined>;
  /** Everything that has passed so far. */
  readonly text: string;
  /** Whether any of it has been shown. */
  readonly shown: boolean;
}

/** Makes a gate for one answer. */
export const createReleaseGate = ({ check, show, maxLength }: ReleaseGateDeps): ReleaseGate => {
  const splitter = createSentenceSplitter();
  const passed: string[] = [];
  let length = 0;
  let shown = false;
  let stopped: Violation | undefined;

  const release = async (sentences: readonly string[]): Promise<Violation | undefined> => {
    if (stopped) return stopped;
    for (const sentence of sentences) {
      length += sentence.length;
      stopped =
        length > maxLength
          ? { rule: "max_length", severity: "block", detail: `It is longer than ${maxLength} characters.` }
          : check(sentence);
      if (stopped?.severity === "block") return stopped;
      stopped = undefined;
      passed.push(sentence);
      if (show && sentence !== "") {
        shown = true;
        await show(sentence);
      }
    }
    return undefined;
  };

  return {
    push: (piece) => release(splitter.push(piece)),
    end: () => release(splitter.end()),
    get text() {
      return passed.join("");
    },
    get shown() {
      return shown;
    },
  };
};
