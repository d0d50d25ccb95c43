/**
 * What may be indexed in clear. `scoped`: every text under its own scope; `public`: only what is public. What is public must also
 * be marked as `indexed` in either. Confidential content never is.
 */
export type PlaintextRule = "scoped" | "public";

export const mayBeIndexed = (rule: PlaintextRule, scopeKey: string, indexed: boolean): boolean =>
  scopeKey === "public" ? indexed : rule === "scoped";
