import { z } from "zod";

/** `open` or `confidential`; sticky: once a thread is confidential, later turns are too. */
export const Mode = z.enum(["open", "confidential"]);
export type Mode = z.infer<typeof Mode>;

/** What may leave the process for one query; decided once by the privacy gate, never widened afterwards. */
export const EgressClass = z.enum(["full", "local-only", "blocked", "sanitized", "generalised"]);
export type EgressClass = z.infer<typeof EgressClass>;
