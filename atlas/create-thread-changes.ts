import { randomUUID } from "node:crypto";
import type { Queryable } from "../platform/db/database.ts";
import { storableJson } from "../platform/db/storable.ts";
import { createAppendMessages } from "./append-messages.ts";
import { freshThread } from "./fresh-thread.ts";
import { createReviseMessage } from "./revise-message.ts";
import type { ThreadChanges } from "./thread-changes.ts";
import type { ThreadCipher } from "./thread-cipher.ts";
import { bytesOf, createThreadWriter } from "./thread-writer.ts";
import { createTimelineReader } from "./timeline-reader.ts";
import { toThread } from "./timeline-rows.ts";

export interface ThreadChangesDeps {
  readonly database: Queryable;
  readonly cipher: ThreadCipher;
}

/** Changes to threads in the main database. */
export const createThreadChanges = ({ database, cipher }: ThreadChangesDeps): ThreadChanges => {
  const reader = createTimelineReader({ database, cipher });
  const writer = createThreadWriter({ database, cipher, reader });
  return {
    async create({ principal, id = randomUUID(), channelId, scope = "personal", teamId, mode = "open", meta = {} }) {
      const known = {
        principal: principal.id,
        channelId: channelId ?? `direct:${principal.id}`,
        wrappedKey: mode === "confidential" ? cipher.newKey(id) : undefined,
      };
      const threadMeta = storableJson(meta);
      const { answer, wrappedKey } = await writer.write<{ readonly state: "exists" }>(
        "timeline_create",
        id,
        known,
        (key) => freshThread(cipher, id, key, { channelId: known.channelId, scope, teamId, meta: threadMeta }),
      );
      if (answer.state === "exists") return toThread(cipher, await reader.threadRow(principal.id, id));
      return toThread(cipher, {
        ...answer,
        id,
        wrapped_key: wrappedKey ?? null,
        meta_ciphertext: bytesOf(answer.meta_ciphertext),
      });
    },
    append: createAppendMessages({ writer, cipher, database }),
    ...createReviseMessage({ database, cipher, writer, reader }),
  };
};
