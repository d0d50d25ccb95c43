import { createHash } from "node:crypto";
import { join } from "node:path";
import type { IntentRow, Registry, RegistrySource } from "../../platform/config/registry.ts";
import { detectLocale } from "../../platform/language/detect-locale.ts";
import type { Gazetteer } from "../../rag-services/places/place.ts";
import { type ClassifierLogger, createExampleClassifier } from "./example-classifier.ts";
import { fillSlots } from "./fill-slots.ts";
import { inheritSlots } from "./inherit-part.ts";
import { type JudgeDeps, type JudgedText, judgeText } from "./judge-text.ts";
import { linkParts, readChainRules } from "./link-parts.ts";
import { compilePatterns } from "./pattern-matcher.ts";
import { compileSegmenter, type Segmenter } from "./segment-text.ts";
import type { SlotContext } from "./slots/slot-recogniser.ts";
import { type SplitPart, splitQuery } from "./split-query.ts";
import type { IntentPart } from "./understood-query.ts";

/** Asks a model which of the intents a text means; undefined when it does not know. */
export type ModelTier = (
  text: string,
  intents: readonly { readonly id: string; readonly description: string }[],
) => Promise<
  | { readonly intent: string; readonly confidence: number; readonly slots?: Readonly<Record<string, unknown>> }
  | undefined
>;

export interface UnderstandContext {
  /** The caller's language; undefined: the text's own. */
  readonly locale?: string | undefined;
  readonly timezone: string;
  readonly now: Date;
  readonly signal: AbortSignal;
  /** Given only when a model may see the text. */
  readonly modelTier?: ModelTier | undefined;
}

export interface UnderstoodQuery {
  /** Language of the text; where it cannot be told the caller's, else the default. */
  readonly locale: string;
  /** One entry for each part, in order; at least one, at most five. */
  readonly parts: IntentPart[];
}

export interface UnderstandingDeps {
  readonly registry: RegistrySource;
  readonly gazetteer: Gazetteer;
  /** Where trained classifiers are kept; undefined: nowhere. */
  readonly classifierCacheDir?: string | undefined;
  readonly defaultLocale?: string;
  readonly logger: ClassifierLogger;
}

export interface Understanding {
  /** Never throws for a text, whatever it is; looks at its first 2,000 characters. */
  understand(text: string, context: UnderstandContext): Promise<UnderstoodQuery>;
  /** Resolves when the first training has ended. Until then `understand` waits. */
  ready(): Promise<void>;
  stop(): Promise<void>;
}

interface Compiled extends Omit<JudgeDeps, "classify"> {
  readonly segmenter: Segmenter;
  readonly chainRules: ReturnType<typeof readChainRules>;
}

const rejectIntent = "chat";
const longestText = 2_000;

/**
 * Finds what each part of a query asks for, in three tiers, cheapest first: patterns, examples, model. Follows the registry:
 * new rows are compiled and trained beside the ones in force and take over when they are ready; rows that cannot be used
 * leave the old ones in place.
 * @throws {AppError} INVALID_INPUT when the first rows hold a pattern or rule that cannot be used.
 */
export const createUnderstanding = ({
  registry,
  gazetteer,
  classifierCacheDir,
  defaultLocale = "en",
  logger,
}: UnderstandingDeps): Understanding => {
  const cacheDir = classifierCacheDir === undefined ? undefined : join(classifierCacheDir, "classifier");
  const classifier = createExampleClassifier({
    ...(cacheDir === undefined ? {} : { cacheDir }),
    logger,
    reject: rejectIntent,
  });
  let compiled = compile(registry.current());
  const train = async ({ examples, intents }: Registry): Promise<void> => {
    const enabled = new Set(intents.filter((row) => row.enabled).map((row) => row.id));
    const used = examples.filter(({ intent }) => enabled.has(intent)).map(({ intent, text }) => ({ intent, text }));
    const revision = createHash("sha256").update(JSON.stringify(used)).digest("hex");
    await classifier
      .train(used, revision)
      .catch((error: unknown) => logger.warn({ err: error }, "The intent classifier stays as it was."));
  };
  const unsubscribe = registry.onChange((changed) => {
    try {
      compiled = compile(changed);
    } catch (error) {
      logger.warn({ err: error }, "The new patterns cannot be used; the last ones stay.");
    }
    void train(changed);
  });
  const first = train(registry.current());

  return {
    async understand(fullText, context) {
      await first;
      const text = fullText.slice(0, longestText);
      const rules = compiled;
      const detected = detectLocale(text);
      const locale = detected ?? context.locale ?? defaultLocale;
      const slotContext: SlotContext = { locale, timezone: context.timezone, now: context.now, gazetteer };
      const judged = splitText(text, slotContext, { ...rules, classify: classifier.classify }, rules.segmenter);
      const merged = spreadDates(mergeRejected(judged, text));
      const parts: IntentPart[] = [];
      for (const part of merged) parts.push(await askWhenDoubtful(part, slotContext, rules.intents, context));
      return { locale, parts: linkParts(parts, rules.intents, rules.chainRules) };
    },
    ready: () => first,
    async stop() {
      unsubscribe();
      await classifier.stop();
    },
  };
};

const compile = ({ intents, patterns, multiIntentRules }: Registry): Compiled => {
  const enabled = new Map(intents.filter((row) => row.enabled).map((row) => [row.id, row]));
  return {
    intents: enabled,
    patterns: compilePatterns(patterns.filter(({ intent }) => enabled.has(intent))),
    segmenter: compileSegmenter(multiIntentRules),
    chainRules: readChainRules(multiIntentRules),
    rejectIntent,
  };
};

const splitText = (
  text: string,
  context: SlotContext,
  deps: JudgeDeps,
  segmenter: Segmenter,
): SplitPart<JudgedText>[] => {
  const known = new Map<string, JudgedText>();
  const judge = (stretch: string): JudgedText => {
    const judged = known.get(stretch) ?? judgeText(stretch, context, deps);
    known.set(stretch, judged);
    return judged;
  };
  return splitQuery(text, {
    segmenter,
    locale: context.locale,
    judge,
    inherit(stretch, previous) {
      const row = deps.intents.get(previous.intent);
      const slots = row && inheritSlots(stretch, row, previous.slots, context);
      return slots && { ...previous, slots, isInherited: true };
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
const mergeRejected = (parts: readonly SplitPart<JudgedText>[], text: string): SplitPart<JudgedText>[] => {
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

const askWhenDoubtful = async (
  { text, judged }: SplitPart<JudgedText>,
  slotContext: SlotContext,
  intents: ReadonlyMap<string, IntentRow>,
  { modelTier, signal }: UnderstandContext,
): Promise<IntentPart> => {
  const part: IntentPart = {
    text,
    name: judged.intent,
    confidence: judged.confidence,
    tier: judged.tier,
    slots: { ...judged.slots },
  };
  if (!modelTier || !judged.isDoubtful || signal.aborted) return part;
  const choices = [...intents.values()].map(({ id, description }) => ({ id, description }));
  // Whatever goes wrong there, the cheaper tiers' answer stands.
  const answer = await modelTier(text, choices).catch(() => undefined);
  const row = answer && intents.get(answer.intent);
  if (!answer || !row || answer.intent === rejectIntent || answer.confidence < row.threshold) return part;
  const found = fillSlots(row, text, slotContext) ?? {};
  const given = Object.fromEntries(
    Object.entries(answer.slots ?? {}).filter(
      ([name, value]) => value !== null && row.slots.some((slot) => slot.name === name),
    ),
  );
  const slots = { ...given, ...found };
  const isComplete = row.slots.every(({ name, required }) => !required || slots[name] !== undefined);
  return isComplete
    ? { text, name: answer.intent, confidence: Math.min(1, answer.confidence), tier: "model", slots }
    : part;
};
