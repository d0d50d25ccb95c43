/** A call of a tool in this turn, ours or the client's, and how it ended. What an answer claims to have done is checked against it. */
export interface Action {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly outcome: "ok" | "failed";
  /** What the tool gave back; text or JSON. */
  readonly result: unknown;
}
