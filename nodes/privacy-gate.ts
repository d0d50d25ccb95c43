import type { EgressPermit } from "../platform/egress/egress.ts";
import { mostFeatureTokens, queryFeatures, withinTokens } from "./privacy/query-features.ts";
import type { QueryRuntime } from "./query.ts";
import type { IntentPart } from "./understanding/understood-query.ts";

export interface PrivacyGateDeps {
  /** A local model's summary of the user's words without who is meant; undefined: there is none, or it failed. */
  readonly summarise?: (text: string, signal: AbortSignal | undefined) => Promise<string | undefined>;
}

interface Reads {
  readonly text: string;
  readonly permit?: EgressPermit | undefined;
  readonly parts?: readonly IntentPart[];
  readonly locale?: string;
}

/**
 * Builds the view of the query that may leave. The class itself was decided in `receive`; here the recognisers run once
 * over the user's words, so that a failing recogniser stops the query before anything could go out. In class `generalised`
 * the view are features: intents, public slots, and a local model's summary where there is one.
 *
 * @throws {AppError} EGRESS_BLOCKED when a recogniser fails or is too slow.
 */
export const createPrivacyGate = ({ summarise }: PrivacyGateDeps = {}) =>
  async function privacyGate(state: Reads, runtime?: QueryRuntime): Promise<Record<string, never>> {
    const { text, permit, parts = [], locale = "en" } = state;
    if (!permit || (permit.class !== "sanitized" && permit.class !== "generalised")) return {};
    const signal = runtime?.context?.signal;
    await permit.prepare([text], signal);
    permit.conceal(text);
    if (permit.class === "generalised") {
      const features = await queryFeatures(parts, locale, permit, signal);
      const summary = await summarise?.(text, signal);
      permit.generalise?.(summary ? `${features}\nSummary: ${await concealed(summary, permit, signal)}` : features);
    }
    return {};
  };

/** The summary without identifiers that the model left in it, within the tokens that may leave. */
const concealed = async (summary: string, permit: EgressPermit, signal: AbortSignal | undefined): Promise<string> => {
  const short = withinTokens(summary.trim(), mostFeatureTokens);
  await permit.prepare([short], signal);
  return permit.conceal(short);
};
