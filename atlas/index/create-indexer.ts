import type { Logger } from "pino";
import type { Database, Queryable } from "../../platform/db/database.ts";
import type { ChangedChunk, ChangedMessage, Changes } from "../follow/changes.ts";
import { createFollower } from "../follow/create-follower.ts";
import type { Follower } from "../follow/follower.ts";
import type { PlaintextRule } from "../follow/plaintext-rule.ts";
import { indexTexts } from "./index-texts.ts";
import { serviceSuffix, type TextItem } from "./text-item.ts";

export interface IndexerDeps {
  readonly database: Database;
  readonly rule: PlaintextRule;
  readonly logger: Pick<Logger, "warn">;
  readonly batch?: number;
  readonly sweepMs?: number;
}

/** Raised when analysis or tables change what a text becomes: the index is then made anew. */
const rulesVersion = "1";

/** The follower that keeps the full-text index; the cursors of `text` tell recall what it has to read beside the index. */
export const createIndexer = (deps: IndexerDeps): Follower =>
  createFollower({
    ...deps,
    name: "text",
    rules: rulesVersion,
    async renew(connection) {
      await connection.query("truncate text_items, text_postings, text_vocabulary, text_collections");
    },
    prepare: async () => undefined,
    apply: indexChanges,
  });

const indexChanges = async (connection: Queryable, { messages, chunks, goneParents }: Changes): Promise<void> => {
  const stored =
    goneParents.length === 0
      ? []
      : await connection.query<{ item: string }>(
          "select distinct item from text_items where parent = any ($1::uuid[])",
          [goneParents],
          "index_of_parents",
        );
  const stays = new Set(chunks.map(({ id }) => id));
  await indexTexts(
    connection,
    [...messages.filter(holdsText).map(messageItem), ...chunks.map(chunkItem)],
    [
      ...messages.filter((message) => !holdsText(message)).map(({ id }) => id),
      ...stored.map(({ item }) => item).filter((item) => !stays.has(item)),
    ],
  );
};

const holdsText = ({ content, role, allowed }: ChangedMessage): boolean =>
  allowed && content !== null && role !== "system";

const messageItem = ({ id, threadId, position, author, scopeKey, createdAt, content }: ChangedMessage): TextItem => ({
  id,
  kind: "message",
  scopeKey,
  parent: threadId,
  position,
  text: content ?? "",
  author,
  time: createdAt,
});

const chunkItem = (chunk: ChangedChunk): TextItem => ({
  id: chunk.id,
  kind: "chunk",
  scopeKey: `${chunk.scopeKey}${serviceSuffix(chunk.service)}`,
  parent: chunk.documentId,
  position: chunk.position,
  text: chunk.content,
  title: [chunk.title, ...chunk.headingPath.filter((heading) => heading !== chunk.title)].join(" "),
});
