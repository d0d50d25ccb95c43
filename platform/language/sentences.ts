/** Cuts a stream of text into sentences. What `push` and `end` return, joined, is exactly what was pushed. */
export interface SentenceSplitter {
  /** Takes the next piece; gives the sentences that it completes, each with the whitespace it came with. */
  push(piece: string): string[];
  /** Gives what is left. The splitter can be used again afterwards. */
  end(): string[];
}

/** Longest prose without an end, in UTF-16 units, before it is cut at a space. */
const longestSentence = 8_000;
/** Longest code block that passes whole. */
const longestBlock = 262_144;
const longestWord = 24;

// Words whose full stop does not end a sentence. Folded to lower case, without the stop.
const abbreviations = new Set(
  `mr mrs ms dr prof st sr jr vs etc inc ltd co corp no nr vol fig approx dept est min max ave blvd mt ft jan feb mar apr jun jul
   aug sep sept oct nov dec mon tue wed thu fri sat sun np tj tzn m.in itp itd ul al os tel ok godz zł gr tys mln mld im św ks płk
   gen inż mgr hab lek str pt pn śr czw sob ndz вул ім проф акад див ред напр тис млн млрд грн коп обл р ст см та ін д-р`.split(
    /\s+/,
  ),
);

const isWhitespace = (character: string): boolean => /\s/.test(character);
const isCloser = (character: string): boolean => ")]}\"'”’»*_".includes(character);

/**
 * A sentence ends with a line, or with `.`, `!`, `?`, `…` (closing quotes, brackets and a citation mark included) and the
 * first space after it; more space goes before the next one. Decimals, addresses, abbreviations, initials and numbered list
 * marks do not end one; fenced code passes whole, fence lines included. Where the stream is cut into pieces makes no
 * difference. Linear in time; holds back at most one sentence (8,000 units) or block (262,144), longer ones are cut.
 */
export const createSentenceSplitter = (): SentenceSplitter => {
  let pending = "";
  let hasContent = false;
  let lastSpace = 0;
  let word = "";
  let isFirstWord = true;
  let ended: "no" | "stop" | "citation" = "no";
  let line = "";
  let fence = "";
  let inCode = false;

  const startLine = () => {
    line = "";
    word = "";
    isFirstWord = true;
    ended = "no";
    inCode = false;
  };
  const take = (length: number): string => {
    const sentence = pending.slice(0, length);
    pending = pending.slice(length);
    hasContent = false;
    lastSpace = 0;
    return sentence;
  };
  const takeFullLine = (): string | undefined => {
    const mark = /^[ \t]*(`{3,}|~{3,})/.exec(line)?.[1];
    const wasFence = fence;
    if (wasFence === "") {
      if (mark) fence = mark;
    } else if (mark?.startsWith(wasFence) && line.trim() === mark) fence = "";
    startLine();
    // The opening line stays with its block; a block is given out when its closing line is complete.
    return fence === "" && hasContent ? take(pending.length) : undefined;
  };
  const endsSentence = (): boolean => {
    if (ended === "no" || inCode || fence !== "" || /^[ \t]*(`{3,}|~{3,})/.test(line)) return false;
    const bare = word.toLowerCase();
    if (!bare.endsWith(".")) return true;
    const stem = bare.slice(0, -1);
    if (abbreviations.has(stem) || /^\p{L}$/u.test(stem) || /^(\p{L}{1,3}\.)+\p{L}{1,3}$/u.test(stem)) return false;
    return !(isFirstWord && /^\d{1,3}$/.test(stem));
  };
  const step = (character: string): string | undefined => {
    pending += character;
    if (character === "\n") return takeFullLine();
    if (line.length < 200) line += character;
    if (isWhitespace(character)) {
      const isEnd = endsSentence();
      if (word !== "") isFirstWord = false;
      word = "";
      ended = "no";
      lastSpace = pending.length;
      return isEnd ? take(pending.length) : undefined;
    }
    hasContent = true;
    if (character === "`") inCode = !inCode;
    if (".!?…。！？".includes(character)) {
      ended = "stop";
      if (word.length < longestWord) word += character;
    } else if (ended !== "no") followStop(character);
    else if (word.length < longestWord && !(word === "" && "([\"'„“«*_-–".includes(character))) word += character;
    return undefined;
  };
  // After a stop only closing marks and a citation such as [2] keep the end open.
  const followStop = (character: string) => {
    if (ended === "stop" && character === "[") ended = "citation";
    else if (ended === "citation" && /[\de,]/.test(character)) return;
    else if (isCloser(character)) ended = "stop";
    else {
      ended = "no";
      if (word.length < longestWord) word += character;
    }
  };
  const cut = (): string | undefined => {
    if (pending.length < (fence === "" ? longestSentence : longestBlock)) return undefined;
    const isHighSurrogate = /[\ud800-\udbff]$/.test(pending);
    const kept = lastSpace > pending.length / 2 ? lastSpace : pending.length - (isHighSurrogate ? 1 : 0);
    const sentence = take(kept);
    hasContent = /\S/.test(pending);
    return sentence;
  };
  return {
    push(piece) {
      const sentences: string[] = [];
      for (let index = 0; index < piece.length; index += 1) {
        const sentence = step(piece[index] ?? "") ?? cut();
        if (sentence !== undefined) sentences.push(sentence);
      }
      return sentences;
    },
    end() {
      const rest = pending;
      pending = "";
      fence = "";
      startLine();
      hasContent = false;
      lastSpace = 0;
      return rest === "" ? [] : [rest];
    },
  };
};
