const longestPiece = 5_000;
/** What lies behind is not read by the rules. */
const longestText = 400_000;

/** A text in pieces that are read at once, cut at spaces where there are some. */
export function* piecesOf(text: string): Generator<string> {
  const end = Math.min(text.length, longestText);
  for (let from = 0; from < end; ) {
    let to = Math.min(end, from + longestPiece);
    if (to < end) {
      const space = text.lastIndexOf(" ", to);
      if (space > from + longestPiece / 2) to = space;
    }
    yield text.slice(from, to);
    from = to;
  }
}
