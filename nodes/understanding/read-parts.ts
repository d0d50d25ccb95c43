import type { IntentRow } from "../../platform/config/registry.ts";
import { fillSlots } from "./fill-slots.ts";
import { inheritSlots } from "./inherit-part.ts";
import { type JudgeDeps, type JudgedText, judgeText } from "./judge-text.ts";
import type { SplitPart } from "./judged.ts";
import type { RequestOpenings } from "./request-openings.ts";
import type { Segmenter } from "./segment-text.ts";
import type { SlotContext } from "./slots/slot-recogniser.ts";
import { type SplitText, splitQuery } from "./split-query.ts";

export interface ReadPartsDeps extends JudgeDeps {
  readonly intents: ReadonlyMap<string, IntentRow>;
  readonly segmenter: Segmenter;
  readonly openings: RequestOpenings;
}

/** Cuts a text into its parts and judges each: the tiers of patterns and examples, with what elliptic parts inherit. */
export const readParts = (text: string, context: SlotContext, deps: ReadPartsDeps): SplitText<JudgedText> => {
  const split = splitText(text, context, deps);
  return { ...split, parts: spreadDates(mergeRejected(split.parts, text, deps.rejectIntent)) };
};

const splitText = (text: string, context: SlotContext, deps: ReadPartsDeps): SplitText<JudgedText> => {
  const known = new Map<string, JudgedText>();
  const judge = (stretch: string): JudgedText => {
    const judged = known.get(stretch) ?? judgeText(stretch, context, deps);
    known.set(stretch, judged);
    return judged;
  };
  return splitQuery(text, {
    segmenter: deps.segmenter,
    openings: deps.openings,
    locale: context.locale,
    judge,
    inherit(stretch, previous) {
      const row = deps.intents.get(previous.judged.intent);
      const from = { text: previous.text, slots: previous.judged.slots };
      const slots = row && inheritSlots(stretch, row, from, context);
      return slots && { ...previous.judged, slots, isInherited: true };
    },
    extend(stretch, judged) {
      const row = deps.intents.get(judged.intent);
      if (!row) return judged;
      // What is the text itself grows with it; what was recognised stays.
      const grown = new Set(row.slots.filter(({ recogniser }) => recogniser === "text").map(({ name }) => name));
      const kept = Object.entries(judged.slots).filter(([name]) => !grown.has(name));
      return { ...judged, slots: { ...fillSlots(row, stretch, context), ...Object.fromEntries(kept) } };
    },
  });
};

/** Neighbours that nothing but the model answers are one part. */
const mergeRejected = (
  parts: readonly SplitPart<JudgedText>[],
  text: string,
  rejectIntent: string,
): SplitPart<JudgedText>[] => {
  if (parts.every(({ judged }) => judged.intent === rejectIntent))
    return [{ text: text.trim(), judged: parts[0]!.judged }];
  const merged: SplitPart<JudgedText>[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    if (last?.judged.intent === rejectIntent && part.judged.intent === rejectIntent)
      merged[merged.length - 1] = { ...last, text: `${last.text}, ${part.text}` };
    else merged.push(part);
  }
  return merged;
};

/** "Weather in Paris and London tomorrow": a day named with the last of parts that share a verb holds for all of them. */
const spreadDates = (parts: readonly SplitPart<JudgedText>[]): SplitPart<JudgedText>[] => {
  const spread = [...parts];
  for (let index = parts.length - 1; index > 0; index -= 1) {
    const { judged } = spread[index]!;
    const before = spread[index - 1]!;
    if (!judged.isInherited || judged.slots.date === undefined || before.judged.slots.date !== undefined) continue;
    spread[index - 1] = {
      ...before,
      judged: { ...before.judged, slots: { ...before.judged.slots, date: judged.slots.date } },
    };
  }
  return spread;
};
