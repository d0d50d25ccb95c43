const quotation =
  /[“„«][^“”„«»\n]{0,2000}(?:[”“»]|$)|"[^"\n]{0,2000}"|(?<![\p{L}\p{N}])['‘][^'‘’\n]{0,2000}['’](?![\p{L}\p{N}])/gu;
const closedOnly = /^[^“„«"\n]{0,2000}[”»]/u;

/** A text without what it quotes at some length; names in quotation marks stay. */
export const withoutQuotations = (text: string): string =>
  text
    .replace(quotation, (quoted) => (/\S\s+\S+\s+\S/.test(quoted) ? " … " : quoted))
    .replace(closedOnly, (quoted) => (/\S\s+\S+\s+\S/.test(quoted) ? " … " : quoted));
