import { createGround } from "../../nodes/validation/ground.ts";
import type { Evidence } from "../../platform/evidence/evidence.ts";

const now = "2026-11-21T12:00:00Z";

/** A piece of evidence with what a test says of it. */
export const evidenceOf = (item: Partial<Evidence>, index = 0): Evidence => ({
  id: `e${index + 1}`,
  service: "search",
  title: "Facts",
  text: "",
  data: {},
  sourceName: "Source",
  observedAt: now,
  score: 1,
  ...item,
});

/** What an answer may stand on: this evidence and these texts of the person, at noon (UTC) of a Saturday in November. */
export const groundOf = (
  items: readonly Partial<Evidence>[],
  texts: readonly string[] = [],
  timezone = "Europe/Warsaw",
) =>
  createGround({
    texts,
    evidence: items.map(evidenceOf),
    actions: [],
    locale: "en",
    timezone,
    now: new Date(now),
  });
