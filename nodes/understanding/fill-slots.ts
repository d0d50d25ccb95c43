import type { IntentRow } from "../../platform/config/registry.ts";
import { slotRecognisers } from "./slot-recognisers.ts";
import type { SlotContext } from "./slots/slot-recogniser.ts";

export type SlotValues = Readonly<Record<string, unknown>>;

/**
 * Fills an intent's slots from what a pattern took and, for the others, from the text. Undefined when a recogniser refuses
 * the words that the pattern took, or when a required slot stays empty.
 */
export const fillSlots = (
  row: IntentRow,
  text: string,
  context: SlotContext,
  from: { readonly captured?: Readonly<Record<string, string>>; readonly implied?: SlotValues } = {},
): SlotValues | undefined => {
  const values: Record<string, unknown> = { ...from.implied };
  for (const { name, recogniser, required } of row.slots) {
    if (values[name] !== undefined) continue;
    const recognise = slotRecognisers.get(recogniser);
    const words = from.captured?.[name];
    const value =
      words === undefined ? recognise?.find(text, context) : recognise ? recognise.whole(words, context) : words;
    if (value !== undefined) values[name] = value;
    else if (words !== undefined || required) return undefined;
  }
  return values;
};
