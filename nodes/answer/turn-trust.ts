import type { ChatMessage } from "../../platform/models/model-gateway.ts";
import { textOf } from "../conversation.ts";
import type { StepResult } from "../query.ts";
import { ownWords, readAskedActions } from "../untrusted/asked-actions.ts";
import type { TurnTrust } from "./judge-call.ts";

/** Sorts what a turn holds by who wrote it: the user and the client's instructions, or somebody else. */
export const turnTrustOf = (history: readonly ChatMessage[], results: readonly StepResult[]): TurnTrust => {
  const ours = history.filter(({ role }) => role === "user" || role === "system").map(textOf);
  return {
    asked: readAskedActions(ownWords(history.map((message) => ({ role: message.role, text: textOf(message) })))),
    trusted: ours.join("\n"),
    untrusted: [
      ...history.flatMap((message) => (message.role === "tool" ? [message.content] : [])),
      ...results.flatMap(({ evidence }) => evidence.map(({ title, text }) => `${title}\n${text}`)),
    ].filter((text) => text.trim() !== ""),
  };
};
