import { z } from "zod";
import type { Recall } from "../atlas/timeline.ts";
import { quoteFragment } from "../platform/evidence/quote-fragment.ts";
import { formatsFor, inLocale } from "./in-locale.ts";
import { defineTool } from "./tool.ts";

const Input = z.object({
  query: z.string().trim().min(1).max(1_000).describe("What to look for in earlier conversations."),
  limit: z.number().int().min(1).max(20).default(5).describe("Most fragments to return."),
});
const Output = z.object({
  /** Some part of the memory did not answer. */
  limited: z.boolean().optional(),
  /** Best first. */
  fragments: z.array(
    z.object({
      messageId: z.string(),
      threadId: z.string(),
      author: z.string(),
      role: z.enum(["user", "assistant", "system", "agent", "tool"]),
      /** Said by who asks now. */
      isCallers: z.boolean(),
      content: z.string(),
      createdAt: z.string(),
      score: z.number(),
      layer: z.string().optional(),
      document: z
        .object({ id: z.string(), title: z.string(), source: z.string(), headingPath: z.array(z.string()).readonly() })
        .optional(),
    }),
  ),
});

type Said = Pick<z.infer<typeof Output>["fragments"][number], "role" | "author" | "isCallers">;

const nameOf = ({ role, author, isCallers }: Said, locale: string): string => {
  if (isCallers) return inLocale(locale, { en: "you", pl: "ty" });
  return role === "assistant" ? inLocale(locale, { en: "I", pl: "ja" }) : author;
};

/**
 * Finds what was said or read before and bears on a question: only what the principal may see, and from a confidential thread only
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
    async run({ query, limit }, { principal, threadId, permit, signal }) {
      let limited = false;
      const onDegraded = () => {
        limited = true;
      };
      const found = await recall({ principal, query, threadId, limit, neighbours: true, permit, signal, onDegraded });
      return {
        ...(limited ? { limited } : {}),
        fragments: found.map((fragment) => ({
          ...fragment,
          isCallers: fragment.role === "user" && fragment.author === principal.id,
        })),
      };
    },
    render({ fragments, limited }, _input, locale, timezone) {
      const none = {
        en: "I found nothing about that in our conversations.",
        pl: "Nie znalazłem nic o tym w naszych rozmowach.",
      };
      const some = {
        en: "Not all of the memory could be searched just now, so something may be missing.",
        pl: "Nie dało się teraz przeszukać całej pamięci, więc czegoś może brakować.",
      };
      const lines = fragments.map((fragment) =>
        quoteFragment(fragment, { locale: formatsFor(locale), timezone, who: nameOf(fragment, locale) }),
      );
      return [
        ...(lines.length === 0 ? [inLocale(locale, none)] : lines),
        ...(limited ? [inLocale(locale, some)] : []),
      ].join("\n");
    },
  });
