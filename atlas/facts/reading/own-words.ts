import { createSentenceSplitter } from "../../../platform/language/sentences.ts";

/** Longer messages are mostly pasted: only what their first characters ask to keep is read. */
const longestOwn = 1_500;
const lookedAtOfLong = 500;
/** Longer sentences state nothing that could be kept as one. */
export const longestSentence = 300;
/** A short quotation is a name; a longer one is somebody's words. */
const mostQuotedWords = 3;

const marks = /[’ʼ‘´]/g;
// Quotation marks of the four languages; each piece is bounded, so that matching stays linear.
const quotation = /"[^"\n]{1,400}"|“[^”\n]{1,400}”|„[^”"\n]{1,400}[”"]|«[^»\n]{1,400}»/g;
/** Lines that nobody writes by hand: quoted mail, logs, tables, headers, code, markup. */
const pastedLine =
  /^\s*(?:>|\||#{1,6}\s|\[?\d{4}-\d\d-\d\d[T ]\d\d|\[\d\d:\d\d|(?:from|to|sent|subject|od|do|temat|від|кому|тема|מאת|אל|נושא):\s|[{}<]|\w+\(.*\);?\s*$|(?:const|let|var|import|def|class|function|SELECT)\s)/iu;

export interface OwnWords {
  readonly sentences: readonly string[];
  /** Too long to be a person's own: only explicit wishes count. */
  readonly isLong: boolean;
}

const withoutBlocks = (text: string): string => {
  const kept: string[] = [];
  let fence = "";
  let element = "";
  for (const line of text.split("\n")) {
    const mark = /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence !== "") {
      if (mark?.startsWith(fence)) fence = "";
    } else if (mark !== undefined) fence = mark;
    else if (element !== "") {
      if (line.includes(`</${element}>`)) element = "";
    } else {
      const opened = /^\s*<([a-z][\w-]{0,40})[^<>]{0,200}>/i.exec(line)?.[1];
      if (opened !== undefined && !line.includes(`</${opened}>`)) element = opened;
      else if (!pastedLine.test(line)) kept.push(line);
      // A signature, or a message that is carried along.
      if (/^\s*(?:-{3,}|_{3,}|-- ?)\s*$/.test(line)) break;
    }
  }
  return kept.join("\n");
};

/**
 * The sentences of a message that its author seems to have written, with straight apostrophes: without code, quotations longer
 * than a name, quoted lines, marked-up blocks and what follows a dividing line. Linear in the text's length.
 */
export const ownWords = (text: string): OwnWords => {
  const isLong = text.length > longestOwn;
  const plain = withoutBlocks((isLong ? text.slice(0, lookedAtOfLong) : text).normalize("NFC").replace(marks, "'"))
    .replace(/`[^`\n]{1,300}`/g, " \u0001 ")
    .replace(quotation, (found) => {
      const words = found.slice(1, -1).trim();
      return words.split(/\s+/).length <= mostQuotedWords ? words : " \u0001 ";
    });
  const splitter = createSentenceSplitter();
  const sentences = [...splitter.push(plain), ...splitter.end()]
    .map((sentence) => sentence.replace(/\s+/g, " ").trim())
    // What held a quotation reports it.
    .filter((sentence) => sentence !== "" && sentence.length <= longestSentence && !sentence.includes("\u0001"));
  return { sentences, isLong };
};
