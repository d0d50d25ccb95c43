import { mapStrings } from "../../platform/egress/map-strings.ts";
import { findInstructions, type Surroundings } from "./find-instructions.ts";
import { readingCopy } from "./reading-copy.ts";

/** Looks through what others wrote before a model reads it; made for one query. */
export interface Screen {
  /**
   * The text without what reads as an instruction to an assistant: a mark stands in its place. Invisible characters and the
   * marks of chat templates go as well. Everything else stays as it was.
   */
  text(text: string, source: string): string;
  /** The same for every string of a JSON text, names of fields too; other texts are taken as they are. */
  json(text: string, source: string): string;
  /** What was left out so far: where it came from and why, each pair once, in order. */
  readonly withheld: readonly { readonly source: string; readonly sign: string }[];
}

/** What stands where a passage was. */
export const withheldMark = "[left out: not part of the data]";

// Nobody sees these, a model reads them. What joins letters and emoji of honest texts stays, and is only left out in looking.
const invisible =
  /[[\p{Default_Ignorable_Code_Point}--[\p{Join_Control}\ufe00-\ufe0f\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0]]\u202a-\u202e]/gv;
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
    const copy = readingCopy(visible);
    let kept = "";
    let at = 0;
    for (const found of findInstructions(copy.text, surroundings)) {
      const start = copy.startOf(found.start);
      const end = copy.startOf(found.end);
      const between = visible.slice(at, start);
      // One mark for passages in a row.
      if (!(kept.endsWith(withheldMark) && between.trim() === "")) kept += between + withheldMark;
      at = end;
      note(source, found.sign);
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
