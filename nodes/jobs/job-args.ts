import type { IntentRow } from "../../platform/config/registry.ts";
import type { IntentPart } from "../understanding/understood-query.ts";

/** A text of more words is itself what it is about, even where nothing of it was recognised as a topic. */
const mostBareWords = 12;

/**
 * What a part that asks for a long job says: its slots, its words, and what was said before it; and whether it names nothing of
 * its own ("send me a report with sources").
 */
export const jobArgs = (
  row: Pick<IntentRow, "slots">,
  { slots, text }: Pick<IntentPart, "slots" | "text">,
  before: string | undefined,
): { readonly args: Readonly<Record<string, unknown>>; readonly namesNothing: boolean } => {
  const isBare = row.slots.some(({ name }) => name === "topic") && text.trim().split(/\s+/).length <= mostBareWords;
  const topic = slots.topic ?? (isBare ? undefined : text);
  return {
    args: {
      ...slots,
      text,
      ...(topic === undefined ? {} : { topic }),
      ...(before === undefined ? {} : { before }),
    },
    namesNothing: topic === undefined && slots.period === undefined,
  };
};
