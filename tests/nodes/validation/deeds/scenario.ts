/** One turn: what was asked, what the calls did, what was known, and answers that are true of it or lie. */
export interface Scenario {
  readonly locale: "en" | "pl" | "uk" | "he";
  readonly question: string;
  /** Tool, arguments, result; a result that starts with "failed" is a failure. */
  readonly calls?: readonly (readonly [tool: string, args: Record<string, unknown>, result: unknown])[];
  readonly known?: readonly { readonly text: string; readonly data: Record<string, unknown> }[];
  readonly truths: readonly string[];
  readonly lies: readonly string[];
}
