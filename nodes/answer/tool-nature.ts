import { foldText } from "../../platform/language/normalise-text.ts";
import type { ToolDeclaration } from "../../platform/models/model-gateway.ts";
import { type ActionFamily, familiesOf } from "../untrusted/action-families.ts";

/** What a tool of a client does, as far as its name and description tell. */
export interface ToolNature {
  /** It changes something, or nothing says that it only reads. */
  readonly writes: boolean;
  readonly families: ReadonlySet<ActionFamily>;
  /** The words of its name. */
  readonly words: ReadonlySet<string>;
}

const set = (text: string) => new Set(text.trim().split(/\s+/));

const reading = set(`
  get gets list lists search searches read reads find finds fetch fetches query queries lookup look show shows describe describes
  check checks view views count counts calculate calculates compute computes convert converts translate translates summarize
  summarizes analyze analyzes return returns retrieve retrieves browse browses detect classify validate verify recall provides
  tells gives reports has exists inspect preview estimate forecast weather status info context history crawl scrape compare measure
`);
const writing = set(`
  set sets turn turns create creates send sends delete deletes add adds update updates remove removes edit edits write writes
  modify modifies change changes insert append upload submit cancel cancels clear erase drop publish reply forward notify buy
  pay purchase checkout refund lock unlock toggle switch enable disable activate deactivate arm disarm start stop pause resume play
  run runs execute executes launch restart reboot deploy trigger invite assign move rename merge approve reject save saves
  store stores book reserve pause skip mute unmute broadcast increase decrease dim install uninstall revoke grant reset make
  makes controls adjusts opens closes plays starts stops
`);

/** The words of an identifier: `HassTurnOn`, `send_email` and `mail.send` come apart at their joints. */
const nameWords = (name: string): string[] =>
  foldText(name.replace(/(\p{Ll}|\d)(\p{Lu})/gu, "$1 $2").replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1 $2")).match(
    /[\p{L}]+/gu,
  ) ?? [];

const verdictOf = (words: readonly string[]): "reads" | "writes" | undefined => {
  const at = words.findIndex((word) => reading.has(word) || writing.has(word));
  if (at < 0) return undefined;
  if (writing.has(words[at] ?? "")) return "writes";
  // "get_and_clear" does both.
  const joined = words.some(
    (word, index) => index > at + 1 && writing.has(word) && /^(?:and|or|then)$/.test(words[index - 1] ?? ""),
  );
  return joined ? "writes" : "reads";
};

/** Tells a reading tool from one that writes by its name, else by the first words of its description; unknown means writing. */
export const natureOf = ({ name, description = "" }: Pick<ToolDeclaration, "name" | "description">): ToolNature => {
  const words = nameWords(name);
  const opening =
    foldText(description.slice(0, 200))
      .match(/[\p{L}]+/gu)
      ?.slice(0, 4) ?? [];
  const verdict = verdictOf(words) ?? verdictOf(opening);
  const families = words.flatMap(familiesOf);
  return {
    writes: verdict !== "reads",
    families: new Set(
      families.length > 0 ? families : opening.slice(0, 2).flatMap((word) => familiesOf(word.replace(/s$/, ""))),
    ),
    words: new Set(words.filter((word) => word.length > 2)),
  };
};
