import { z } from "zod";

/** Where a reader of the log has come to: the log's life and a position in it. */
export const Cursor = z
  .string()
  .regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.\d{1,18}$/, "expected a cursor as an earlier answer gave it");

const place = { id: z.uuid(), scope_key: z.string().min(1).max(512) };

/** One change: the item in its present state. Without `content` it is deleted, or may not be indexed any more. */
export const SyncChange = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("message"),
    ...place,
    thread_id: z.uuid(),
    role: z.string().optional(),
    author: z.string().optional(),
    created_at: z.string().optional(),
    content: z.string().nullable(),
  }),
  z.object({
    kind: z.literal("chunk"),
    ...place,
    document_id: z.uuid(),
    title: z.string().optional(),
    heading_path: z.array(z.string()).optional(),
    service: z.string().nullish(),
    content: z.string().nullable(),
  }),
  z.object({
    kind: z.literal("gone"),
    ...place,
  }),
]);
export type SyncChange = z.infer<typeof SyncChange>;

/** What one pull gives: changes in order, and the cursor that acknowledges them with the next pull. */
export const SyncPage = z
  .object({
    changes: z.array(SyncChange),
    next: Cursor,
    more: z.boolean().describe("Whether more changes are waiting."),
    reset: z.boolean().describe("The cursor was not of this log: what the reader holds is to be forgotten first."),
  })
  .meta({ id: "SyncPage" });
export type SyncPage = z.infer<typeof SyncPage>;

export interface CursorPlace {
  readonly epoch: string;
  readonly position: number;
}

export const toCursor = ({ epoch, position }: CursorPlace): string => `${epoch}.${position}`;

/** The place that a cursor names; it must have the form of one. */
export const readCursor = (cursor: string): CursorPlace => {
  const at = cursor.lastIndexOf(".");
  return { epoch: cursor.slice(0, at), position: Number(cursor.slice(at + 1)) };
};
