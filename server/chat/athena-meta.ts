import { z } from "zod";
import type { QueryResult } from "../../graphs/query-engine.ts";
import { Degraded, type Evidence } from "../../platform/evidence/evidence.ts";

/** A piece of evidence as clients see it. */
export const EvidenceReference = z.object({
  id: z.string(),
  service: z.string(),
  source: z.string(),
  url: z.string().optional(),
  observed_at: z.string(),
});

/** What Athena adds to a chat completion; the native surface has the same names at top level. */
export const AthenaMeta = z.object({
  thread_id: z.string(),
  intents: z.array(z.object({ name: z.string(), confidence: z.number(), tier: z.string() })),
  evidence: z.array(EvidenceReference),
  degraded: z.array(Degraded),
  egress: z.string(),
  validation: z.object({ ok: z.boolean(), violations: z.array(z.string()) }),
  timings: z.record(z.string(), z.number()).describe("Milliseconds by part."),
});
export type AthenaMeta = z.infer<typeof AthenaMeta>;

const toReference = ({ id, service, sourceName, sourceUrl, observedAt }: Evidence) => ({
  id,
  service,
  source: sourceName,
  ...(sourceUrl === undefined ? {} : { url: sourceUrl }),
  observed_at: observedAt,
});

export const toAthenaMeta = (result: QueryResult): AthenaMeta => ({
  thread_id: result.threadId,
  intents: result.intents.map(({ name, confidence, tier }) => ({ name, confidence, tier })),
  evidence: result.evidence.map(toReference),
  degraded: [...result.degraded],
  egress: result.egress,
  validation: { ok: result.validation.ok, violations: [...result.validation.violations] },
  timings: result.timings,
});
