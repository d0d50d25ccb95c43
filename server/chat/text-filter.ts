/** Cuts a stream of text at the first stop sequence and never ends a piece inside a character. */
export interface TextFilter {
  /** What may be shown now. */
  push(piece: string): string;
  /** What was held back, once nothing follows. */
  end(): string;
  /** Whether a stop sequence was met; from then on nothing is shown. */
  readonly stopped: boolean;
}

const isHighSurrogate = (code: number): boolean => code >= 0xd800 && code <= 0xdbff;

/** How many of the last characters could be the beginning of a stop sequence. */
const startedStop = (text: string, stops: readonly string[]): number => {
  let longest = 0;
  for (const stop of stops) {
    for (let length = Math.min(stop.length - 1, text.length); length > longest; length -= 1) {
      if (stop.startsWith(text.slice(-length))) longest = length;
    }
  }
  return longest;
};

/** Shows the text up to the first occurrence of any of `stops`, however the text is cut into pieces. */
export const createTextFilter = (stops: readonly string[]): TextFilter => {
  const active = stops.filter((stop) => stop !== "");
  let held = "";
  let stopped = false;
  return {
    push(piece) {
      if (stopped || piece === "") return "";
      const text = held + piece;
      const first = Math.min(...active.map((stop) => text.indexOf(stop)).filter((at) => at >= 0));
      if (Number.isFinite(first)) {
        stopped = true;
        held = "";
        return text.slice(0, first);
      }
      let keep = startedStop(text, active);
      if (isHighSurrogate(text.charCodeAt(text.length - keep - 1))) keep += 1;
      held = text.slice(text.length - keep);
      return text.slice(0, text.length - keep);
    },
    end() {
      const rest = stopped ? "" : held;
      held = "";
      return rest;
    },
    get stopped() {
      return stopped;
    },
  };
};
