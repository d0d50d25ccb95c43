import type { Token } from "./tokens.ts";

/** What a number behind them names rather than counts: parts of documents, and things that are numbered. Languages: en, pl, uk, he. */
const heads = new Set(
  `§ §§ № # section sections sec clause clauses article articles art paragraph paragraphs para subsection chapter chapters appendix annex schedule rule item point page pages footnote figure table version
   ust ustęp ustępu ustępie pkt punkt punktu punktem punkcie lit rozdział rozdziału rozdziale artykuł artykułu artykule paragraf paragrafu paragrafie załącznik załącznika załączniku strona strony stronie str poz wersja wersji
   ст стаття статті статтею статтю п пункт пункту пунктом пункті пп розділ розділу розділі абзац абзацу параграф параграфу параграфі додаток додатка додатку стор сторінка сторінки сторінці версія версії
   סעיף סעיפים סעיפי פסקה פרק נספח עמוד עמ תקנה גרסה`
    .trim()
    .split(/\s+/),
);

const isHead = ({ lower }: Token): boolean =>
  heads.has(lower) || (/^[בלמהוש][א-ת]{2}/.test(lower) && heads.has(lower.slice(1)));

/** Whether a number names a part of a document ("section 6.1", "§ 9 ust. 1", "סעיף 4") rather than counting anything. */
export const isReferenceAt = (tokens: readonly Token[], at: number): boolean => {
  const previous = tokens[at - 1];
  if (previous === undefined) return false;
  if (/^[.#№]$/.test(previous.text) && tokens[at - 2] !== undefined)
    return isHead(previous) || isHead(tokens[at - 2] as Token);
  return isHead(previous);
};
