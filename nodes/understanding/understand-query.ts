import { createHash } from "node:crypto";
import { join } from "node:path";
import { silentIntents } from "../../platform/config/check-registry.ts";
import type { IntentRow, Registry, RegistrySource } from "../../platform/config/registry.ts";
import { detectLocale } from "../../platform/language/detect-locale.ts";
import type { Gazetteer } from "../../rag-services/places/place.ts";
import type { RankedIntent } from "./classifier-model.ts";
import { type ClassifierLogger, createExampleClassifier, type ExampleClassifierDeps } from "./example-classifier.ts";
import { fillSlots } from "./fill-slots.ts";
import { createExampleGatherer } from "./gather-examples.ts";
import type { JudgedText } from "./judge-text.ts";
import type { SplitPart } from "./judged.ts";
import { linkParts, readChainRules } from "./link-parts.ts";
import { compilePatterns } from "./pattern-matcher.ts";
import { type ReadPartsDeps, readParts } from "./read-parts.ts";
import { learnOpenings, noOpenings, type RequestOpenings } from "./request-openings.ts";
import { compileSegmenter } from "./segment-text.ts";
import type { SlotContext } from "./slots/slot-recogniser.ts";
import type { SplitText } from "./split-query.ts";
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
  /** Vectors of texts by the model that embedded the examples; undefined when there are none. */
  readonly embed?: ((texts: readonly string[]) => Promise<readonly Float32Array[] | undefined>) | undefined;
}

type ReadContext = Pick<UnderstandContext, "locale" | "timezone" | "now" | "embed">;

export interface UnderstoodQuery {
  /** Language of the text; where it cannot be told the caller's, else the default. */
  readonly locale: string;
  /** One entry for each part, in order; at least one, at most five. */
  readonly parts: IntentPart[];
  /** What the text asks for behind the fifth part; empty: nothing. */
  readonly beyond: string;
}

/** A part with what it might have been instead, likeliest first. */
export interface ExplainedPart extends IntentPart {
  readonly isInherited: boolean;
  readonly runnersUp: readonly RankedIntent[];
}

/** How a text is understood without a model, and why: where it might have been split, and what came of it. */
export interface ExplainedQuery extends Omit<SplitText<JudgedText>, "parts"> {
  readonly locale: string;
  readonly parts: readonly ExplainedPart[];
}

export interface UnderstandingDeps {
  readonly registry: RegistrySource;
  readonly gazetteer: Gazetteer;
  /** Where trained classifiers are kept; undefined: nowhere. */
  readonly classifierCacheDir?: string | undefined;
  readonly defaultLocale?: string;
  /** An embedding model whose vectors join the examples' words. */
  readonly embedding?: ExampleClassifierDeps["embedding"];
  readonly logger: ClassifierLogger;
}

export interface Understanding {
  /** Never throws for a text, whatever it is; looks at its first 2,000 characters. */
  understand(text: string, context: UnderstandContext): Promise<UnderstoodQuery>;
  /** The same without a model, with the reasons. */
  explain(text: string, context: ReadContext): Promise<ExplainedQuery>;
  /** Resolves when the first training has ended. Until then `understand` waits. */
  ready(): Promise<void>;
  stop(): Promise<void>;
}

interface Compiled extends Omit<ReadPartsDeps, "classify" | "openings"> {
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
  embedding,
  logger,
}: UnderstandingDeps): Understanding => {
  const cacheDir = classifierCacheDir === undefined ? undefined : join(classifierCacheDir, "classifier");
  const classifier = createExampleClassifier({
    ...(cacheDir === undefined ? {} : { cacheDir }),
    logger,
    reject: rejectIntent,
    embedding,
  });
  let compiled = compile(registry.current());
  let openings: RequestOpenings = noOpenings;
  const gatherer = createExampleGatherer(rejectIntent, logger);
  const train = async (wanted: Registry): Promise<void> => {
    const used = await gatherer.gather(wanted);
    const revision = createHash("sha256").update(JSON.stringify(used)).digest("hex");
    // Newer rows may have come while these were gathered.
    if (wanted !== registry.current()) return;
    const [learnt] = await Promise.all([learnOpenings(used), classifier.train(used, revision)]).catch(
      (error: unknown) => {
        logger.warn({ err: error }, "The intent classifier stays as it was.");
        return [];
      },
    );
    if (learnt && wanted === registry.current()) openings = learnt;
  };
  const unsubscribe = registry.onChange((changed) => {
    try {
      compiled = compile(changed);
    } catch (error) {
      logger.warn({ err: error }, "The new patterns cannot be used; the last ones stay.");
    }
    warnOfSilent(changed);
    void train(changed);
  });
  const warnOfSilent = (current: Registry) => {
    const silent = silentIntents(current);
    if (silent.length > 0)
      logger.warn({ intents: silent }, "Nothing leads to these intents: no examples, no patterns.");
  };
  warnOfSilent(registry.current());
  const first = train(registry.current());
  /** The classifier by words alone, or with vectors of the text and of its parts where patterns do not settle them. */
  const classifierFor = async (text: string, slotContext: SlotContext, { embed }: ReadContext) => {
    const byWords = (stretch: string) => classifier.classify(stretch);
    if (!embed || !classifier.takesVectors()) return byWords;
    const { parts } = readParts(text, slotContext, { ...compiled, classify: byWords, openings });
    if (parts.every(({ judged }) => judged.tier === "pattern")) return byWords;
    const texts = [...new Set([text, ...parts.map((part) => part.text)].map((stretch) => stretch.trim()))];
    const vectors = await embed(texts);
    const known = new Map(texts.map((stretch, index) => [stretch, vectors?.[index]]));
    return (stretch: string) => classifier.classify(stretch, known.get(stretch.trim()));
  };
  const read = async (fullText: string, context: ReadContext) => {
    await first;
    const text = fullText.slice(0, longestText);
    const locale = detectLocale(text) ?? context.locale ?? defaultLocale;
    const slotContext: SlotContext = { locale, timezone: context.timezone, now: context.now, gazetteer };
    const classify = await classifierFor(text, slotContext, context);
    return { locale, slotContext, split: readParts(text, slotContext, { ...compiled, classify, openings }) };
  };

  return {
    async understand(fullText, context) {
      const { locale, slotContext, split } = await read(fullText, context);
      const parts: IntentPart[] = [];
      for (const part of split.parts) parts.push(await askWhenDoubtful(part, slotContext, compiled.intents, context));
      return { locale, parts: linkParts(parts, compiled.intents, compiled.chainRules), beyond: split.beyond };
    },
    async explain(fullText, context) {
      const { locale, split } = await read(fullText, context);
      const parts = split.parts.map(({ text, judged }) => toPart(text, judged));
      const linked = linkParts(parts, compiled.intents, compiled.chainRules);
      return {
        ...split,
        locale,
        parts: linked.map((part, index) => ({
          ...part,
          isInherited: split.parts[index]?.judged.isInherited ?? false,
          runnersUp: classifier.classify(part.text).filter(({ intent }) => intent !== part.name),
        })),
      };
    },
    ready: () => first,
    async stop() {
      unsubscribe();
      await Promise.all([gatherer.stop(), classifier.stop()]);
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

const toPart = (text: string, { intent, confidence, tier, slots }: JudgedText): IntentPart => ({
  text,
  name: intent,
  confidence,
  tier,
  slots: { ...slots },
});

const askWhenDoubtful = async (
  { text, judged }: SplitPart<JudgedText>,
  slotContext: SlotContext,
  intents: ReadonlyMap<string, IntentRow>,
  { modelTier, signal }: UnderstandContext,
): Promise<IntentPart> => {
  const part = toPart(text, judged);
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
