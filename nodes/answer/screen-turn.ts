import type { Degraded, Evidence } from "../../platform/evidence/evidence.ts";
import type { ChatMessage } from "../../platform/models/model-gateway.ts";
import { numberEvidence } from "../gather.ts";
import type { StepResult } from "../query.ts";
import type { Screen } from "../untrusted/create-screen.ts";
import type { Say } from "../wording.ts";

/** A conversation as the model may read it: tool results are looked through, but for those that were when they were made. */
export const screenHistory = (
  history: readonly ChatMessage[],
  screen: Screen,
  isOurs: (toolName: string | undefined) => boolean = () => false,
): ChatMessage[] =>
  history.map((message) =>
    message.role === "tool" && !isOurs(message.toolName)
      ? { ...message, content: screen.json(message.content, message.toolName || "tool") }
      : message,
  );

/** The evidence as the model may read it, numbered. */
export const screenEvidence = (results: readonly StepResult[], screen: Screen): Evidence[] =>
  numberEvidence(results).map((item) => ({
    ...item,
    title: screen.text(item.title, item.service).replaceAll("\n", " "),
    text: screen.text(item.text, item.service),
    sourceName: screen.text(item.sourceName, item.service).replaceAll("\n", " ").slice(0, 200),
  }));

/** One line for each source from which something was left out. */
export const withheldNotes = (screen: Screen, locale: string, say: Say): Degraded[] =>
  [...new Set(screen.withheld.map(({ source }) => source))].map((source) => ({
    part: source,
    reason: say("untrusted.withheld", locale),
  }));
