const lineEnds = /[\u0085\u2028\u2029]/g;
const hasLineEnd = /[\u0085\u2028\u2029]/;
const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** JSON on one line for every reader: U+0085, U+2028 and U+2029, at which some clients split lines, are escaped. */
export const toJsonLine = (value: unknown): string => {
  const json = JSON.stringify(value);
  return hasLineEnd.test(json) ? json.replace(lineEnds, escaped) : json;
};
