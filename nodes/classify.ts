import type { EgressPermit } from "../platform/egress/egress.ts";
import type { Degraded } from "../platform/evidence/evidence.ts";
import type { EmbedQuery } from "./embed-query.ts";
import type { QueryInput, QueryRuntime } from "./query.ts";
import type { IntentPart } from "./understanding/understood-query.ts";
import type { Say } from "./wording.ts";

/** Narrow view of the understanding: text to intents with slots. */
export type Understand = (
  text: string,
  context: {
    readonly locale?: string;
    readonly timezone: string;
    readonly now: Date;
    readonly signal: AbortSignal;
    readonly modelTier?: ModelTier;
    readonly embed?: EmbedQuery;
  },
) => Promise<{
  readonly locale: string;
  readonly parts: readonly IntentPart[];
  /** What is asked behind the last part that is answered. */
  readonly beyond?: string;
}>;

/** Asks the model which of the intents a text means; undefined when it does not know or may not be asked. */
export type ModelTier = (
  text: string,
  intents: readonly { readonly id: string; readonly description: string }[],
) => Promise<
  | { readonly intent: string; readonly confidence: number; readonly slots?: Readonly<Record<string, unknown>> }
  | undefined
>;

export interface ClassifyDeps {
  readonly understand: Understand;
  /** The model tier for one query, or undefined when no model may be asked. */
  readonly modelTierFor: (state: Reads, runtime: QueryRuntime) => ModelTier | undefined;
  /** Vectors for one query's words, or undefined where no embedding model is set or permitted. */
  readonly embedQueryFor?: (state: Reads, runtime: QueryRuntime) => EmbedQuery | undefined;
  readonly defaultLocale: string;
  /** Words what is left unanswered; without it nothing is said of it. */
  readonly say?: Say;
}

export interface Reads {
  readonly query: QueryInput;
  readonly text: string;
  readonly timezone: string;
  readonly resumed: boolean;
  readonly permit?: EgressPermit | undefined;
}

interface Writes {
  locale?: string;
  parts?: IntentPart[];
  degraded?: Degraded[];
  timings: Record<string, number>;
}

/** Finds what each part of the query asks for, cheapest tier first. A resumed turn keeps what was found before. */
export const createClassify = ({ understand, modelTierFor, embedQueryFor, defaultLocale, say }: ClassifyDeps) =>
  async function classify(state: Reads, runtime: QueryRuntime): Promise<Writes> {
    if (state.resumed) return { timings: { classify: 0 } };
    const started = performance.now();
    const { query, text, timezone } = state;
    const modelTier = modelTierFor(state, runtime);
    const embed = embedQueryFor?.(state, runtime);
    const understood = await understand(text, {
      ...(query.locale === undefined ? {} : { locale: query.locale }),
      timezone,
      now: runtime.context?.now ?? new Date(),
      signal: query.signal,
      ...(modelTier ? { modelTier } : {}),
      ...(embed ? { embed } : {}),
    });
    const locale = query.locale ?? understood.locale ?? defaultLocale;
    return {
      locale,
      ...(understood.beyond && say ? { degraded: [{ part: "beyond", reason: say("parts.beyond", locale) }] } : {}),
      parts: [...understood.parts],
      timings: { classify: performance.now() - started },
    };
  };
