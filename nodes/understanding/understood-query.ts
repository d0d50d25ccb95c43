import { z } from "zod";

/** Named values taken from a part of the query (`place`, `date`, `expression` …), already normalised. */
export const Slots = z.record(z.string(), z.unknown());
export type Slots = z.infer<typeof Slots>;

export const Tier = z.enum(["pattern", "example", "model"]);
export type Tier = z.infer<typeof Tier>;

/** One part of the query: what it asks for, how sure that is, and its slots. */
export const IntentPart = z.object({
  text: z.string(),
  name: z.string(),
  confidence: z.number().min(0).max(1),
  tier: Tier,
  slots: Slots,
  /** Index of the earlier part whose evidence fills one of this part's slots. */
  dependsOn: z.number().int().min(0).optional(),
  /** Which field of that evidence's data fills which slot of this part. */
  handOn: z.object({ from: z.string(), to: z.string() }).optional(),
});
export type IntentPart = z.infer<typeof IntentPart>;
