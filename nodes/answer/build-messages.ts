import type { Evidence } from "../../platform/evidence/evidence.ts";
import type { ChatMessage } from "../../platform/models/model-gateway.ts";
import type { Say } from "../wording.ts";
import type { DataBlock } from "./data-block.ts";

type NumberedEvidence = Pick<Evidence, "id" | "title" | "text" | "sourceName" | "observedAt">;

export interface MessageParts {
  readonly history: readonly ChatMessage[];
  /** What stands before the user's message; evidence that the model's own calls gave is in the transcript. */
  readonly evidence: readonly NumberedEvidence[];
  /** The model's messages since the user's; when there are any they replace what the history has there. */
  readonly transcript: readonly ChatMessage[];
  /** Whether the model can call anything. */
  readonly hasTools: boolean;
  readonly block: DataBlock;
  readonly locale: string;
  readonly timezone: string;
  readonly now: Date;
  /** What the last attempt broke, in words for the model. */
  readonly violations: readonly string[];
  /** The answer will be spoken. */
  readonly voice?: boolean | undefined;
}

const languages = new Intl.DisplayNames("en", { type: "language" });

// Making a formatter costs more than using it; callers may write one zone in many ways, so their number is bounded.
const clocks = new Map<string, Intl.DateTimeFormat>();
const clockOf = (timezone: string): Intl.DateTimeFormat => {
  const known = clocks.get(timezone);
  if (known) return known;
  const clock = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "short", timeZone: timezone });
  if (clocks.size >= 600) clocks.clear();
  clocks.set(timezone, clock);
  return clock;
};

/**
 * What the model is shown: our instructions and the client's own in one system message (many local servers take only one),
 * the conversation as it came, and before its last user message the numbered evidence, marked as data; then what the model
 * itself said and got in this turn. Evidence, documents and memory never enter the system role.
 */
export const buildMessages = (parts: MessageParts, say: Say): ChatMessage[] => {
  const { history, evidence, transcript, locale, timezone, now, violations } = parts;
  const clientInstructions = history.filter((message) => message.role === "system").map((message) => message.content);
  const turns = history.filter((message) => message.role !== "system");
  const lastUserTurn = turns.findLastIndex((message) => message.role === "user");
  const conversation =
    transcript.length > 0 && lastUserTurn >= 0 ? [...turns.slice(0, lastUserTurn + 1), ...transcript] : turns;
  const hasResults = conversation.some((message) => message.role === "tool");
  const system = [
    say("system", "en", {
      language: languages.of(locale) ?? locale,
      now: clockOf(timezone).format(now),
      timezone,
    }),
    evidence.length > 0 ? say("system.evidence", "en") : "",
    parts.hasTools || hasResults ? say("system.tools", "en") : "",
    parts.voice ? say("system.voice", "en") : "",
    violations.length > 0 ? say("system.retry", "en", { violations: violations.join(" ") }) : "",
    ...clientInstructions,
  ].filter(Boolean);
  const messages: ChatMessage[] = [{ role: "system", content: system.join("\n\n") }, ...conversation];
  if (evidence.length === 0) return messages;
  const lastUser = messages.findLastIndex((message) => message.role === "user");
  messages.splice(lastUser < 0 ? messages.length : lastUser, 0, {
    role: "user",
    content: `${say("evidence.header", "en")}\n${parts.block("evidence", evidence.map(toItem).join("\n\n"))}`,
  });
  return messages;
};

/** One piece of evidence under the number by which it is cited. */
export const toItem = ({ id, title, text, sourceName, observedAt }: NumberedEvidence): string =>
  `[${id.replace(/^e/, "")}] ${title} (${sourceName}, ${observedAt})\n${text}`;
