import { isQuestion } from "../read-sentence.ts";
import { hasGroup } from "../span.ts";
import { type HomeRule, unclear } from "./rule.ts";

/** Announcements: everything after the verb is the message, whatever it says. */
export const broadcastRule: HomeRule = (sentence) => {
  const { actions, actionAt, spans } = sentence;
  if (!actions.has("announce") || (isQuestion(sentence) && sentence.questions.has("other"))) return undefined;
  if (!spans.slice(0, actionAt).every((span) => hasGroup(span, "filler") || hasGroup(span, "request")))
    return undefined;
  const message = sentence.text.slice(sentence.endOf(actionAt)).replace(/^[\s:,"'„”-]+|["'”\s]+$/gu, "");
  if (message === "") return unclear("value");
  // A question mark belongs to the message here, so the verb alone decides.
  return {
    kind: "command",
    intent: "HassBroadcast",
    slots: { message },
    effect: "write",
    confidence: 0.95,
    entities: [],
  };
};
