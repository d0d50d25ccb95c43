import { z } from "zod";
import type { SealedBox } from "../../atlas/sealed-box.ts";
import type { WaitingEntry } from "../../platform/cache/session-store.ts";

/** A message that the front has acknowledged, with the key of who said it: it is brought to the engine in their name. */
const Said = z.object({
  key: z.string(),
  principal: z.string(),
  token: z.string().optional(),
  text: z.string(),
  createdAt: z.string(),
  meta: z.record(z.string(), z.unknown()),
  /** Why and when the engine refused it: it was put aside then. */
  refused: z.object({ code: z.string(), reason: z.string(), at: z.string() }).optional(),
});
export type FrontEntry = z.infer<typeof Said>;

/** Who said an entry and what they call it, as they stand in its key: also where it cannot be opened. */
export const whoseEntry = ({
  key,
}: Pick<WaitingEntry, "key">): { readonly principal: string; readonly key: string } => {
  const [principal = "", ...rest] = key.split(" ");
  return { principal, key: rest.join(" ") };
};

/** Nothing that a front keeps lies anywhere in clear: neither texts nor keys. */
export const createEntrySeal = (box: SealedBox) => ({
  seal: (threadId: string, entry: FrontEntry): WaitingEntry => ({
    key: `${entry.principal} ${entry.key}`,
    value: box.seal(JSON.stringify(entry), `waiting ${threadId}`).toString("base64"),
  }),
  /** Undefined: it was sealed with another key, or damaged. */
  open(threadId: string, { value }: WaitingEntry): FrontEntry | undefined {
    try {
      return Said.parse(JSON.parse(box.open(Buffer.from(value, "base64"), `waiting ${threadId}`).toString()));
    } catch {
      return undefined;
    }
  },
});
export type EntrySeal = ReturnType<typeof createEntrySeal>;
