const longestWord = 40;

/** A copy that keeps no longer text alive, as a piece cut out of one would. */
const detached = (word: string): string => (word.length < 13 ? word : Buffer.from(word, "utf16le").toString("utf16le"));

/**
 * Remembers what a pure function says of words, since texts repeat theirs. Holds at most twice `most` words: when the newer half is
 * full, the older one is let go. Words longer than any real one are not kept.
 */
export const perWord = <Answer>(of: (word: string) => Answer, most = 10_000): ((word: string) => Answer) => {
  let newer = new Map<string, Answer>();
  let older = new Map<string, Answer>();
  return (word) => {
    let answer = newer.get(word);
    if (answer !== undefined || newer.has(word)) return answer as Answer;
    const isKept = older.has(word);
    answer = isKept ? (older.get(word) as Answer) : of(word);
    if (word.length > longestWord) return answer;
    if (newer.size >= most) {
      older = newer;
      newer = new Map();
    }
    newer.set(detached(word), answer);
    return answer;
  };
};
