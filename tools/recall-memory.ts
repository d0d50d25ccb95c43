import { z } from "zod";
import type { Recall } from "../atlas/timeline.ts";
import { formatsFor, inLocale } from "./in-locale.ts";
import { defineTool } from "./tool.ts";

const Input = z.object({
  query: z.string().trim().min(1).max(1_000).describe("What to look for in earlier conversations."),
  limit: z.number().int().min(1).max(20).default(5).describe("Most fragments to return."),
});
const Output = z.object({
  /** Best first. */
  fragments: z.array(
    z.object({
      messageId: z.string(),
      threadId: z.string(),
      author: z.string(),
      role: z.enum(["user", "assistant", "system", "agent", "tool"]),
      content: z.string(),
      createdAt: z.string(),
      score: z.number(),
    }),
  ),
});

const longestQuote = 300;

const shorten = (text: string): string => {
  const line = text.replace(/\s+/gu, " ").trim();
  return line.length > longestQuote ? `${line.slice(0, longestQuote).trimEnd()}…` : line;
};

/**
 * Finds what was said before and bears on a question: only what the principal may see, and from a confidential thread only
 * that thread's own messages.
 * @throws {AppError} DATABASE_UNAVAILABLE (retryable)
 */
export const createRecallMemory = ({ recall }: { readonly recall: Recall }) =>
  defineTool({
    name: "recall_memory",
    description: "Searches earlier conversations.",
    effect: "read",
    idempotent: true,
    allowedRoles: ["user"],
    scopes: [],
    input: Input,
    output: Output,
    async run({ query, limit }, { principal, threadId, signal }) {
      return { fragments: [...(await recall({ principal, query, threadId, limit, signal }))] };
    },
    render({ fragments }, _input, locale, timezone) {
      if (fragments.length === 0) {
        return inLocale(locale, {
          en: "I found nothing about that in our conversations.",
          pl: "Nie znalazłem nic o tym w naszych rozmowach.",
        });
      }
      const day = new Intl.DateTimeFormat(formatsFor(locale), { dateStyle: "long", timeZone: timezone });
      const lines = fragments.map(({ role, author, content, createdAt }) => {
        const who =
          role === "user"
            ? inLocale(locale, { en: "you", pl: "ty" })
            : role === "assistant"
              ? inLocale(locale, { en: "I", pl: "ja" })
              : author;
        return `${day.format(new Date(createdAt))}, ${who}: ${inLocale(locale, { en: `“${shorten(content)}”`, pl: `„${shorten(content)}”` })}`;
      });
      return lines.join("\n");
    },
  });
