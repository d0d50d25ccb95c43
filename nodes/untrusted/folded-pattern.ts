import { foldText } from "../../platform/language/normalise-text.ts";

/** A pattern for folded text, written with diacritics and folded here. Only letters change, so escapes stay what they are. */
export const foldedPattern = (source: string): RegExp =>
  new RegExp(
    source.replace(/[^\u0020-\u007e]+/g, (letters) => foldText(letters)),
    "u",
  );
