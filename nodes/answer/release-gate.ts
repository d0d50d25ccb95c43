import { setImmediate as nextTurn } from "node:timers/promises";
import { createSentenceSplitter } from "../../platform/language/sentences.ts";
import type { Violation } from "../validation/rules.ts";

export interface ReleaseGateDeps {
  /** Judges one sentence: what it breaks; only violations that block keep it from being shown. */
  readonly check: (sentence: string) => readonly Violation[];
  /** Shows text; undefined when nobody watches, then everything is only collected. */
  readonly show: ((text: string) => void | Promise<void>) | undefined;
  /** Longest answer in characters. */
  readonly maxLength: number;
  /** Changes how a sentence that has passed is shown; default: not at all. */
  readonly dress?: (sentence: string) => string;
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
  /** What was broken without being kept back. */
  readonly warnings: readonly Violation[];
}

/** After so many milliseconds of judging, whatever else the process has to do gets its turn. */
const turnMs = 10;

/** Makes a gate for one answer. */
export const createReleaseGate = ({ check, show, maxLength, dress }: ReleaseGateDeps): ReleaseGate => {
  const splitter = createSentenceSplitter();
  const passed: string[] = [];
  const warnings: Violation[] = [];
  const tooLong: Violation = {
    rule: "max_length",
    severity: "block",
    detail: `It is longer than ${maxLength} characters.`,
  };
  let length = 0;
  let shown = false;
  let stopped: Violation | undefined;

  const release = async (sentences: readonly string[]): Promise<Violation | undefined> => {
    if (stopped) return stopped;
    let turnBegan = performance.now();
    for (const sentence of sentences) {
      if (performance.now() - turnBegan > turnMs) {
        await nextTurn();
        turnBegan = performance.now();
      }
      length += sentence.length;
      const found = length > maxLength ? [tooLong] : check(sentence);
      stopped = found.find(({ severity }) => severity === "block");
      if (stopped) return stopped;
      warnings.push(...found);
      const dressed = dress ? dress(sentence) : sentence;
      passed.push(dressed);
      if (show && dressed !== "") {
        shown = true;
        await show(dressed);
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
    warnings,
  };
};
