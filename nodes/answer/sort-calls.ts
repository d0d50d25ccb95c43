import type { ToolCall, ToolDeclaration } from "../../platform/models/model-gateway.ts";
import type { QueryInput } from "../query.ts";
import { judgeCall, type Refusal, refusalWords, type TurnTrust } from "./judge-call.ts";
import type { OfferedTools, OwnTool } from "./own-tools.ts";
import { natureOf } from "./tool-nature.ts";

/** What becomes of the calls of one reply, each list in the reply's order. */
export interface SortedCalls {
  /** Ours, to be run. */
  readonly own: readonly { readonly call: ToolCall; readonly tool: OwnTool }[];
  /** The client's, to be handed out. */
  readonly client: readonly ToolCall[];
  /** What is not done, with what the model is told. */
  readonly refused: readonly { readonly call: ToolCall; readonly words: string; readonly refusal?: Refusal }[];
}

export interface SortCallsInput {
  readonly calls: readonly ToolCall[];
  readonly offered: OfferedTools;
  readonly query: Pick<QueryInput, "clientTools" | "toolChoice" | "parallelToolCalls">;
  readonly trust: TurnTrust;
  /** How many of our own may still run in this turn. */
  readonly callsLeft: number;
}

/** A client that names the one tool to be called has asked for the call itself, whatever its user's words are. */
const isDemanded = (
  { name }: ToolDeclaration,
  { toolChoice, clientTools = [] }: Pick<QueryInput, "toolChoice" | "clientTools">,
): boolean =>
  (typeof toolChoice === "object" && toolChoice.name === name) ||
  (toolChoice === "required" && clientTools.length === 1);

/** Decides for each call of a reply whether it runs here, goes to the client, or is refused. */
export const sortCalls = ({ calls, offered, query, trust, callsLeft }: SortCallsInput): SortedCalls => {
  const own: { call: ToolCall; tool: OwnTool }[] = [];
  const client: ToolCall[] = [];
  const refused: { call: ToolCall; words: string; refusal?: Refusal }[] = [];
  const declared = new Map((query.clientTools ?? []).map((tool) => [tool.name, tool]));
  const refuse = (call: ToolCall, refusal: Refusal) => refused.push({ call, refusal, words: refusalWords[refusal] });
  for (const call of calls) {
    const theirs = declared.get(call.name);
    const ours = offered.get(call.name);
    if (theirs) {
      const refusal = judgeCall(natureOf(theirs), call.arguments, trust, isDemanded(theirs, query));
      if (refusal) refuse(call, refusal);
      else if (query.parallelToolCalls === false && client.length > 0)
        refused.push({ call, words: "Not done: one call at a time. Call again after the first result." });
      else client.push(call);
    } else if (ours) {
      const nature = { ...natureOf(ours), writes: ours.effect !== "read" };
      const refusal = judgeCall(nature, call.arguments, trust, false);
      if (refusal) refuse(call, refusal);
      else if (own.length >= callsLeft)
        refused.push({ call, words: "Not done: no more tool calls in this turn. Answer with what there is." });
      else own.push({ call, tool: ours });
    } else refused.push({ call, words: "There is no tool of this name." });
  }
  return { own, client, refused };
};
