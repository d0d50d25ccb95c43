import { Parser } from "htmlparser2";

const silent = new Set(["script", "style", "noscript", "template", "iframe", "svg"]);
const breaking = new Set(["p", "br", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote"]);
const mostNested = 200;

/**
 * The words of a piece of HTML in one line, cut at a word at `mostCharacters`. Tags go, entities are resolved, scripts and
 * styles vanish. What comes out is text: it may contain `<`, and whoever shows it escapes it.
 */
export const htmlToText = (html: string, mostCharacters = 400): string => {
  let text = "";
  let quiet = 0;
  let nested = 0;
  const parser = new Parser(
    {
      onopentag(name) {
        nested += 1;
        if (silent.has(name)) quiet += 1;
        if (breaking.has(name)) text += " ";
        // The parser's time grows with the square of the depth, and no summary nests like that.
        if (nested > mostNested) parser.reset();
      },
      onclosetag(name) {
        nested -= 1;
        if (silent.has(name)) quiet = Math.max(0, quiet - 1);
        if (breaking.has(name)) text += " ";
      },
      ontext(piece) {
        if (quiet === 0) text += piece;
      },
    },
    { decodeEntities: true },
  );
  parser.write(html.slice(0, mostCharacters * 20 + 2_000));
  parser.end();
  return cutAtWord(text.replace(/\s+/gu, " ").trim(), mostCharacters);
};

/** A text of at most so many characters, ending with "…" where something was cut off. */
export const cutAtWord = (text: string, mostCharacters: number): string => {
  if (text.length <= mostCharacters) return text;
  const space = text.lastIndexOf(" ", mostCharacters - 1);
  const end = space > mostCharacters / 2 ? space : mostCharacters - 1;
  return `${text.slice(0, end).replace(/[\s,;:–-]+$/u, "")}…`;
};
