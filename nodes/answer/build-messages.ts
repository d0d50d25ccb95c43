import type { Evidence } from "../../platform/evidence/evidence.ts";
import type { ChatMessage } from "../../platform/models/model-gateway.ts";
import type { Say } from "../wording.ts";

export interface MessageParts {
  readonly history: readonly ChatMessage[];
  readonly evidence: readonly Evidence[];
  readonly locale: string;
  readonly timezone: string;
  readonly now: Date;
  /** What the last attempt broke, in words for the model. */
  readonly violations: readonly string[];
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
 * the conversation as it came, and before its last user message the numbered evidence, marked as data. Evidence, documents
 * and memory never enter the system role.
 */
export const buildMessages = (
  { history, evidence, locale, timezone, now, violations }: MessageParts,
  say: Say,
): ChatMessage[] => {
  const clientInstructions = history.filter((message) => message.role === "system").map((message) => message.content);
  const conversation = history.filter((message) => message.role !== "system");
  const system = [
    say("system", "en", {
      language: languages.of(locale) ?? locale,
      now: clockOf(timezone).format(now),
      timezone,
    }),
    evidence.length > 0 ? say("system.evidence", "en") : "",
    violations.length > 0 ? say("system.retry", "en", { violations: violations.join(" ") }) : "",
    ...clientInstructions,
  ].filter(Boolean);
  const messages: ChatMessage[] = [{ role: "system", content: system.join("\n\n") }, ...conversation];
  if (evidence.length === 0) return messages;
  const lastUser = messages.findLastIndex((message) => message.role === "user");
  messages.splice(lastUser < 0 ? messages.length : lastUser, 0, {
    role: "user",
    content: evidenceBlock(evidence, say),
  });
  return messages;
};

const evidenceBlock = (evidence: readonly Evidence[], say: Say): string => {
  const items = evidence.map(
    (item, index) => `[${index + 1}] ${item.title} (${item.sourceName}, ${item.observedAt})\n${item.text}`,
  );
  return `${say("evidence.header", "en")}\n<evidence>\n${items.join("\n\n").replaceAll("</evidence>", "")}\n</evidence>`;
};
