import { contentHash } from "../../platform/db/canonical-json.ts";
import type { Queryable } from "../../platform/db/database.ts";
import { storableJson, storableText } from "../../platform/db/storable.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import { freshThread } from "../fresh-thread.ts";
import type { ThreadCipher } from "../thread-cipher.ts";
import { createThreadWriter, toWrite } from "../thread-writer.ts";
import type { Scope } from "../timeline.ts";
import { createTimelineReader } from "../timeline-reader.ts";
import type { ChunkedText } from "./chunk-markdown.ts";
import { type ImportedConversation, type ImportedMessage, idOf } from "./imported.ts";

/** Whose the imported is to be. */
export interface ImportOwner {
  /** The principal's id. */
  readonly principal: string;
  readonly scope: Scope;
  readonly teamId?: string | undefined;
}

export interface ImportTarget {
  /**
   * The thread of a conversation, made when it is not there yet: the same data gives the same thread.
   * @throws {AppError} NOT_FOUND, INVALID_INPUT
   */
  threadOf(format: string, conversation: Omit<ImportedConversation, "messages">): Promise<string>;
  /** Appends those messages that are not there yet, in order; gives how many. @throws {AppError} NOT_FOUND */
  add(threadId: string, messages: readonly ImportedMessage[]): Promise<number>;
  /** Stores a document with its chunks, or replaces what its source held before; false: nothing changed. */
  store(document: ImportedDocument): Promise<boolean>;
}

export interface ImportedDocument extends ChunkedText {
  /** Names it among the documents of its scope and service. */
  readonly source: string;
  readonly service: string | undefined;
}

/** Messages in one transaction. */
const batch = 100;

/** Writes imported data into the main database so that an import that is run again, or goes on after a kill, adds nothing twice. */
export const createImportTarget = (
  { database, cipher }: { readonly database: Queryable; readonly cipher: ThreadCipher },
  { principal, scope, teamId }: ImportOwner,
): ImportTarget => {
  const reader = createTimelineReader({ database, cipher });
  const writer = createThreadWriter({ database, cipher, reader });

  return {
    async threadOf(format, { key, title, createdAt }) {
      const id = idOf("thread", principal, scope, teamId ?? "", format, key);
      const known = { principal, channelId: `direct:${principal}`, wrappedKey: undefined };
      const meta = storableJson({ ...(title === undefined ? {} : { title }), kind: "import", source: format });
      await writer.write<{ readonly state: "exists" }>("timeline_create", id, known, (encryption) =>
        freshThread(cipher, id, encryption, { channelId: known.channelId, scope, teamId, meta, createdAt }),
      );
      // The thread may have been there, and turned confidential since.
      writer.forget(id);
      return id;
    },

    async add(threadId, messages) {
      const id = threadId.toLowerCase();
      const known = await writer.know(principal, id);
      let added = 0;
      for (let at = 0; at < messages.length; at += batch) {
        const some = messages.slice(at, at + batch).map(({ key, author, createdAt, ...message }) =>
          toWrite({
            ...message,
            id: idOf("message", id, key),
            author: author ?? principal,
            ...(createdAt === undefined ? {} : { createdAt }),
          }),
        );
        const { answer } = await writer.write("timeline_import", id, known, (key) => ({
          messages: writer.stored(id, key, some),
        }));
        added += (answer as unknown as { added: number }).added;
      }
      return added;
    },

    async store({ source, service, title, chunks }) {
      const request = storableJson({
        principal,
        scope,
        team_id: teamId,
        source,
        service,
        title: title ?? source,
        content_hash: contentHash([title, chunks]),
        chunks: chunks.map(({ headingPath, content }) => ({ heading_path: headingPath, content })),
      });
      const [row] = await database.query<{ answer: { state: "ok" | "unchanged" | "no_team" } }>(
        "select document_store($1::jsonb) as answer",
        [JSON.stringify(request)],
        "document_store",
      );
      if (row!.answer.state === "no_team") {
        const team = storableText(teamId ?? "");
        throw new AppError("INVALID_INPUT", `'${principal}' is not in the team '${team}'.`, { field: "team" });
      }
      return row!.answer.state === "ok";
    },
  };
};
