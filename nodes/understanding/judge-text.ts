import type { IntentRow } from "../../platform/config/registry.ts";
import type { RankedIntent } from "./classifier-model.ts";
import { fillSlots, type SlotValues } from "./fill-slots.ts";
import type { Judged } from "./judged.ts";
import type { PatternMatcher } from "./pattern-matcher.ts";
import type { SlotContext } from "./slots/slot-recogniser.ts";
import type { Tier } from "./understood-query.ts";

/** What one stretch of text asks for, with how that was found. */
export interface JudgedText extends Judged {
  readonly tier: Tier;
  readonly slots: SlotValues;
  /** Whether it continues the part before it and has its slots from there. */
  readonly isInherited: boolean;
  /** Whether a model might know better. */
  readonly isDoubtful: boolean;
}

export interface JudgeDeps {
  readonly intents: ReadonlyMap<string, IntentRow>;
  readonly patterns: PatternMatcher;
  readonly classify: (text: string) => readonly RankedIntent[];
  readonly rejectIntent: string;
}

/** One word alone needs more certainty than its intent's threshold to stand as a part. */
const wordConfidence = 0.7;
/** A first guess below this is no guess: not even a model is asked. */
const leastDoubt = 0.2;
/** A text that is this surely small talk or a task for the model may stand beside other parts. */
const sureReject = 0.8;

/** Intents that are said around a request rather than being one; alone they stand for themselves. */
const courtesies: ReadonlySet<string> = new Set(["greeting"]);

/**
 * Finds what a text asks for: the first pattern whose slots hold, else the classifier's first intent that is sure enough
 * and has its required slots, else the reject intent.
 */
export const judgeText = (text: string, context: SlotContext, deps: JudgeDeps): JudgedText => {
  const judged = judgeAsIs(text, context, deps);
  return { ...judged, isCourtesy: courtesies.has(judged.intent) };
};

const judgeAsIs = (text: string, context: SlotContext, deps: JudgeDeps): Omit<JudgedText, "isCourtesy"> => {
  const { intents, classify, rejectIntent } = deps;
  const ranked = classify(text).filter(({ intent }) => intents.has(intent));
  const reject = ranked.find(({ intent }) => intent === rejectIntent)?.confidence ?? 0;
  const first = ranked.find(({ intent }) => intent !== rejectIntent);
  const likelihood = Math.max(reject, first?.confidence ?? 0);
  const byPattern = matchPattern(text, context, deps);
  if (byPattern) return { ...byPattern, likelihood };
  const row = first && intents.get(first.intent);
  const slots =
    first && row && first.confidence >= row.threshold && first.confidence > reject
      ? fillSlots(row, text, context)
      : undefined;
  const words = text.trim().split(/\s+/).length;
  const guess = { tier: "example", likelihood, isCertain: false, isInherited: false } as const;
  if (first && slots) {
    const isOwnPart = !courtesies.has(first.intent) && (words > 1 || first.confidence >= wordConfidence);
    return {
      ...guess,
      intent: first.intent,
      confidence: first.confidence,
      slots,
      isOwnPart,
      isAsking: true,
      isDoubtful: false,
    };
  }
  const confidence = Math.max(0, Math.min(1, 1 - (first?.confidence ?? 0)));
  const isDoubtful = first !== undefined && first.confidence >= leastDoubt && reject < sureReject;
  const isOwnPart = confidence >= sureReject && words > 2 && opensRequest(text);
  return { ...guess, intent: rejectIntent, confidence, slots: {}, isOwnPart, isAsking: false, isDoubtful };
};

const matchPattern = (
  text: string,
  context: SlotContext,
  { intents, patterns, rejectIntent }: JudgeDeps,
): Omit<JudgedText, "likelihood" | "isCourtesy"> | undefined => {
  for (const { intent, confidence, captured, implied } of patterns.match(text, context.locale)) {
    const row = intents.get(intent);
    const slots = row && fillSlots(row, text, context, { captured, implied });
    if (!slots) continue;
    const isOwnPart = !courtesies.has(intent);
    return {
      intent,
      confidence,
      tier: "pattern",
      slots,
      isOwnPart,
      isAsking: intent !== rejectIntent,
      isCertain: true,
      isInherited: false,
      isDoubtful: false,
    };
  }
  return undefined;
};

// A statement ("I'm planning a trip") is background to a request, a question or an order is one.
const requestOpening = new RegExp(
  `^(?:${`what|whats|who|whos|whose|why|how|when|where|which|is|are|was|were|do|does|did|can|could|will|would|should|tell|write|explain|translate|give|
  list|make|say|sing|count|describe|summari[sz]e|suggest|recommend|plan|compare|define|spell|name|help|teach|draft|create|compose|
  co|kto|dlaczego|czemu|jak|jaka|jaki|jakie|kiedy|gdzie|ile|czy|opowiedz|napisz|wyjaśnij|wyjasnij|przetłumacz|przetlumacz|podaj|wymień|wymien|powiedz|zrób|zrob|poleć|polec|opisz|streść|
  що|хто|чому|як|яка|який|яке|які|коли|де|скільки|чи|розкажи|напиши|поясни|переклади|назви|скажи|зроби|порадь|опиши|
  מה|מי|למה|איך|מתי|איפה|כמה|האם|איזה|איזו|ספר|כתוב|תכתוב|הסבר|תסביר|תרגם|תתרגם|תגיד|תמליץ|סכם`
    .split("|")
    .map((word) => word.trim())
    .join("|")})(?![\\p{L}])`,
  "iu",
);
const opensRequest = (text: string): boolean => requestOpening.test(text.trim());
