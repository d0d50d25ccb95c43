/** About a page: what one vector can stand for. */
const partLength = 2_000;
/** Parts of one text that get a vector: the rest of a very long one is found by its words. */
const mostParts = 50;

/** Where to cut before `end`: after the last paragraph, sentence or word of its second half, else right there. */
const cutBefore = (text: string, from: number, end: number): number => {
  const half = from + Math.floor((end - from) / 2);
  for (const mark of ["\n\n", "\n", ". ", " "]) {
    const at = text.lastIndexOf(mark, end - mark.length);
    if (at >= half) return at + mark.length;
  }
  return end;
};

/** A text in parts that an embedder can take, each under its heading; nothing of an empty text. Linear in its length. */
export const splitParts = (content: string, heading = ""): string[] => {
  const text = content.trim();
  const parts: string[] = [];
  for (let from = 0; from < text.length && parts.length < mostParts; ) {
    const end = text.length - from <= partLength ? text.length : cutBefore(text, from, from + partLength);
    const part = text.slice(from, end).trim().toWellFormed();
    if (part !== "") parts.push(heading === "" ? part : `${heading}\n${part}`);
    from = end;
  }
  return parts;
};
