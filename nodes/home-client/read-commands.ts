import type { HomeCommand, HomeReading } from "../home/home.ts";
import type { HomeSigns } from "../home/read-signs.ts";
import type { IntentPart } from "../understanding/understood-query.ts";
import { type Command, isHome, type SaidCommand } from "./said-command.ts";
import { jointsOf, splitIndependent, splitShared } from "./split-commands.ts";

export interface SaidCommands {
  readonly commands: readonly SaidCommand[];
  /** Indexes of the parts that are about something else. */
  readonly others: readonly number[];
}

/** How texts are read: for what they ask, and for how it is meant. */
export interface ReadText {
  readonly parse: (text: string) => HomeReading;
  readonly signs: (text: string) => HomeSigns;
  /** How the whole is meant, in whichever language it may be: "if" is a condition also where the rest is read as Polish. */
  readonly manner: Pick<HomeSigns, "asked" | "negated" | "conditional">;
}

const mayWrite = ({ reading }: Pick<SaidCommand, "reading">): boolean =>
  reading.kind === "command" ? reading.effect === "write" : reading.reason !== "question";

/**
 * Finds the orders and questions about the home in a text: one, several with a verb each, or several that share a verb
 * ("the lamp and the fan", "in the kitchen and the hall"). Undefined when none of it is about the home.
 *
 * A condition, a negation or a beginning that is neither order nor question ("yesterday I asked you, …") may hold for all
 * that follows, wherever the text could be cut: then nothing in it is an order for now.
 */
export const readCommands = (text: string, parts: readonly IntentPart[], read: ReadText): SaidCommands | undefined => {
  const found = findCommands(text, parts, read);
  if (!found?.commands.some(mayWrite)) return found;
  const { asked, conditional, negated } = read.manner;
  const reason = conditional ? (asked ? "question" : "conditional") : negated ? "negated" : undefined;
  if (!reason && !isQuoted(text, read) && isToldPlainly(found, parts, read)) return found;
  const { part } = found.commands.find(mayWrite)!;
  return {
    commands: [{ text, part, reading: { kind: "unclear", reason: reason ?? "target", unknown: [] } }],
    others: found.others,
  };
};

const findCommands = (text: string, parts: readonly IntentPart[], read: ReadText): SaidCommands | undefined => {
  if (parts.length > 1) {
    const found = parts.map((part) => readText(part.text, read));
    const others = found.flatMap((commands, index) => (commands ? [] : [index]));
    if (others.length < parts.length) {
      const whole = others.length === 0 ? readText(text, read) : undefined;
      const commands = whole?.map((command) => ({ ...command, part: 0 }));
      return {
        commands: commands ?? found.flatMap((some, part) => (some ?? []).map((one) => ({ ...one, part }))),
        others,
      };
    }
  }
  const commands = readText(text, read);
  return commands && { commands: commands.map((command) => ({ ...command, part: 0 })), others: [] };
};

/** Words in quotation marks, apart from the marks within Hebrew words. */
const quotation = /(?<![\p{L}\p{N}])["“”„«״]([^"“”„«»״]{1,300})["”“»״](?![\p{L}\p{N}])/u;

/** Whether an order is only quoted: "translate “unlock the door”". */
const isQuoted = (text: string, { parse, signs }: ReadText): boolean => {
  const [whole, inner] = quotation.exec(text) ?? [];
  if (whole === undefined || inner === undefined || text.trim() === whole) return false;
  const quoted = parse(inner);
  return isHome(quoted) && quoted.effect === "write" && signs(text.replace(whole, " ")).actions.size === 0;
};

/** Whether all that stands before an order asks for something itself, rather than saying whose or what order it is. */
const isToldPlainly = (
  { commands, others }: SaidCommands,
  parts: readonly IntentPart[],
  { parse, signs }: ReadText,
): boolean =>
  commands.every(
    (command) =>
      !mayWrite(command) ||
      others.every((index) => {
        const part = parts[index]!;
        const isKnown = part.tier === "pattern" || parse(part.text)?.kind === "command";
        return index > command.part || isKnown || signs(part.text).opensWithQuestion;
      }),
  );

const readText = (text: string, read: ReadText): readonly Command[] | undefined => {
  const { parse } = read;
  const separate = splitIndependent(text, parse);
  if (separate) return separate.flatMap((command) => [command, ...leftOver(command, read)]);
  const reading = parse(text);
  if (isHome(reading)) return [{ text, reading }, ...leftOver({ text, reading }, read)];
  const shared = splitShared(text, parse);
  if (shared) return shared;
  return firstOrder(text, read) ?? (reading?.kind === "unclear" ? [{ text, reading }] : undefined);
};

/** Slots that take the words of a sentence as they are. */
const wordSlots = ["item", "message", "conversation_command", "search_query"];

const isPlainOrder = (reading: HomeReading): reading is HomeCommand =>
  isHome(reading) && reading.effect === "write" && !wordSlots.some((slot) => reading.slots[slot] !== undefined);

const asLeftOver = (text: string): Command => ({
  text,
  reading: { kind: "unclear", reason: "target", unknown: [] },
  isLeftOver: true,
});

/** "Open the garage and then close it" is understood as its first order; the rest must not go unnoticed. */
const leftOver = ({ text, reading: whole }: Command, { parse, signs }: ReadText): Command[] => {
  if (!isPlainOrder(whole)) return [];
  for (const { left, right } of jointsOf(text)) {
    const first = parse(left);
    if (isHome(first) && first.intent === whole.intent && signs(right).opensWithOrder) return [asLeftOver(right)];
  }
  return [];
};

/** "Turn on the desk, then dim it": the first order makes sense, the second does not by itself. */
const firstOrder = (text: string, { parse, signs }: ReadText): Command[] | undefined => {
  for (const { left, right } of jointsOf(text)) {
    const reading = parse(left);
    if (isPlainOrder(reading) && signs(right).opensWithOrder) return [{ text: left, reading }, asLeftOver(right)];
  }
  return undefined;
};
