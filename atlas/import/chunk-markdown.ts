export interface Chunk {
  /** Headings above it, outermost first. */
  readonly headingPath: readonly string[];
  readonly content: string;
}

export interface ChunkedText {
  /** Told by the front matter, or the first heading of the first level. */
  readonly title: string | undefined;
  readonly chunks: readonly Chunk[];
}

/** Characters of a chunk: what lies under one heading is cut at paragraphs, then sentences, then words. */
const mostCharacters = 1_500;

const frontMatterTitle = /^title:[ \t]*(?:"([^"\n]*)"|'([^'\n]*)'|([^\n]*))$/m;
const maybeMark = /^ {0,3}[#`~]/;
const fence = /^ {0,3}(`{3,}|~{3,})/;
const heading = /^ {0,3}(#{1,6})(?:[ \t]+(\S.*))?$/;

/** A place to cut a text of at most `limit` characters: behind a paragraph, a line, a sentence or a word. */
const cutAt = (text: string, limit: number): number => {
  for (const mark of ["\n\n", "\n", ". ", "! ", "? ", " "]) {
    const at = text.lastIndexOf(mark, limit - mark.length);
    // Not at the very beginning: a chunk of a few words says nothing.
    if (at > limit / 4) return at + mark.length;
  }
  const last = text.charCodeAt(limit - 1);
  return last >= 0xd800 && last < 0xdc00 ? limit - 1 : limit;
};

const split = (text: string): string[] => {
  const pieces: string[] = [];
  let rest = text.trim();
  while (rest.length > mostCharacters) {
    const at = cutAt(rest.slice(0, mostCharacters), mostCharacters);
    pieces.push(rest.slice(0, at).trim());
    rest = rest.slice(at).trim();
  }
  return [...pieces, rest].filter((piece) => piece !== "");
};

const takeFrontMatter = (text: string): { readonly title: string | undefined; readonly body: string } => {
  const end = text.startsWith("---\n") ? text.indexOf("\n---", 3) : -1;
  if (end < 0) return { title: undefined, body: text };
  const found = frontMatterTitle.exec(text.slice(4, end));
  const behind = text.indexOf("\n", end + 1);
  return {
    title: (found?.[1] ?? found?.[2] ?? found?.[3])?.trim() || undefined,
    body: behind < 0 ? "" : text.slice(behind + 1),
  };
};

/** Cuts Markdown or plain text into chunks under their headings; code blocks hold no headings. Linear in the text's length. */
export const chunkMarkdown = (source: string): ChunkedText => {
  const front = takeFrontMatter(source.replace(/^\ufeff/, "").replaceAll("\r\n", "\n"));
  const chunks: Chunk[] = [];
  const path: { readonly level: number; readonly text: string }[] = [];
  let title = front.title;
  let lines: string[] = [];
  let openFence: string | undefined;
  const flush = (): void => {
    const headingPath = path.map(({ text }) => text);
    for (const content of split(lines.join("\n"))) chunks.push({ headingPath, content });
    lines = [];
  };

  for (const line of front.body.split("\n")) {
    if (!maybeMark.test(line)) {
      lines.push(line);
      continue;
    }
    const mark = fence.exec(line)?.[1];
    if (openFence !== undefined) {
      if (mark?.startsWith(openFence) && line.trim() === mark) openFence = undefined;
    } else if (mark !== undefined) {
      openFence = mark;
    } else {
      const found = heading.exec(line);
      if (found) {
        flush();
        const level = found[1]!.length;
        const text = (found[2] ?? "").replace(/(?:^|[ \t])#+[ \t]*$/, "").trim();
        while (path.length > 0 && path.at(-1)!.level >= level) path.pop();
        path.push({ level, text });
        if (level === 1) title ??= text || undefined;
        continue;
      }
    }
    lines.push(line);
  }
  flush();
  return { title, chunks };
};
