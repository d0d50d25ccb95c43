import { z } from "zod";

/** A piece of fact with its source, time and data: what services, tools and recall produce and answers are checked against. */
export const Evidence = z.object({
  /** Unique within one query, in the order in which steps were planned: `e1`, `e2` … (assigned by the graph). */
  id: z.string(),
  /** The service, tool or `recall` that produced it. */
  service: z.string(),
  title: z.string(),
  /** The fact in words, in English unless the producer knows the locale: what a model is shown. */
  text: z.string(),
  /** The fact as data: what templates render and what numbers are checked against. */
  data: z.record(z.string(), z.unknown()),
  sourceName: z.string(),
  sourceUrl: z.string().optional(),
  /** When the fact was observed at its source (ISO 8601, UTC). */
  observedAt: z.iso.datetime({ offset: true }),
  expiresAt: z.iso.datetime({ offset: true }).optional(),
  /** 0–1: how well it fits what was asked. */
  score: z.number().min(0).max(1).default(1),
});
export type Evidence = z.infer<typeof Evidence>;

/** One part that did not take part in an answer, and why, in words for the user. */
export const Degraded = z.object({ part: z.string(), reason: z.string() });
export type Degraded = z.infer<typeof Degraded>;
