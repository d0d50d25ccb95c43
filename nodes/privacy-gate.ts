import type { EgressPermit } from "../platform/egress/egress.ts";

interface Reads {
  readonly text: string;
  readonly permit?: EgressPermit | undefined;
}

/**
 * Builds the view of the query that may leave. The class itself was decided in `receive`; here the recognisers run once
 * over the user's words, so that a failing recogniser stops the query before anything could go out.
 *
 * @throws {AppError} EGRESS_BLOCKED when a recogniser fails or is too slow.
 */
export const createPrivacyGate = () =>
  async function privacyGate({ text, permit }: Reads): Promise<Record<string, never>> {
    if (permit && (permit.class === "sanitized" || permit.class === "generalised")) permit.conceal(text);
    return {};
  };
