import type { Channels } from "../../atlas/channels.ts";
import type { ThreadChanges } from "../../atlas/thread-changes.ts";
import { AppError } from "../../platform/errors/app-error.ts";

const missing = async (): Promise<never> => {
  throw new AppError("NOT_FOUND", "There is no such thread.");
};

/** Knows no thread and makes none: for edges whose tests are about other routes. */
export const createNoThreadChanges = (): ThreadChanges => ({
  create: missing,
  append: missing,
  edit: missing,
  remove: missing,
  revisions: missing,
});

/** Knows no channel and makes none. */
export const createNoChannels = (): Channels => ({
  create: missing,
  find: missing,
  list: async () => ({ channels: [], nextAfter: undefined }),
});
