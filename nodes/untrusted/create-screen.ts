import { mapStrings } from "../../platform/egress/map-strings.ts";
import { findInstructions, type Surroundings } from "./find-instructions.ts";

/** Looks through what others wrote before a model reads it; made for one query. */
export interface Screen {
  /**
   * The text without what reads as an instruction to an assistant: a mark stands in its place. Invisible characters and the
   * marks of chat templates go as well. Everything else stays as it was.
   */
  text(text: string, source: string): string;
  /** The same for every string of a JSON text; other texts are taken as they are. */
  json(text: string, source: string): string;
  /** What was left out so far: where it came from and why, each pair once, in order. */
  readonly withheld: readonly { readonly source: string; readonly sign: string }[];
}

/** What stands where a passage was. */
export const withheldMark = "[left out: not part of the data]";

// Tag characters, zero-width marks and direction overrides: nobody sees them, a model reads them.
const invisible = /[\u{e0000}-\u{e007f}\u200b\u2060\ufeff\u00ad\u202a-\u202e\u2066-\u2069]/gu;
const templateMark = /<\|[^|<>\n]{1,40}\|>|\[\/?INST\]|<<\/?SYS>>|<\/?(?:im_start|im_end|s)>/g;

/** Makes the screen of one query; texts that were seen are not judged again. */
export const createScreen = (surroundings: Surroundings): Screen => {
  const seen = new Map<string, string>();
  const withheld: { source: string; sign: string }[] = [];
  const note = (source: string, sign: string) => {
    if (!withheld.some((item) => item.source === source && item.sign === sign)) withheld.push({ source, sign });
  };

  const screened = (text: string, source: string): string => {
    const known = seen.get(text);
    if (known !== undefined) return known;
    const visible = text.replace(invisible, "");
    let kept = "";
    let at = 0;
    for (const { start, end, sign } of findInstructions(visible, surroundings)) {
      const between = visible.slice(at, start);
      // One mark for passages in a row.
      if (!(kept.endsWith(withheldMark) && between.trim() === "")) kept += between + withheldMark;
      at = end;
      note(source, sign);
    }
    kept = (kept + visible.slice(at)).replace(templateMark, " ");
    seen.set(text, kept);
    return kept;
  };

  return {
    text: screened,
    json(text, source) {
      if (!/^\s*[[{"]/.test(text)) return screened(text, source);
      let value: unknown;
      try {
        value = JSON.parse(text);
      } catch {
        return screened(text, source);
      }
      let changed = false;
      const clean = mapStrings(value, (inner) => {
        const kept = screened(inner, source);
        changed ||= kept !== inner;
        return kept;
      });
      return changed ? JSON.stringify(clean) : text;
    },
    withheld,
  };
};
