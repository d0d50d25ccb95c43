import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, extname } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import { isAppError } from "../../platform/errors/app-error.ts";
import { chunkMarkdown } from "./chunk-markdown.ts";
import type { ImportTarget } from "./import-target.ts";
import type { ImportedConversation, ImportedMessage, ImportProblem } from "./imported.ts";
import { jsonElements } from "./json-elements.ts";
import type { ImportFile } from "./list-files.ts";
import { readChatGpt } from "./read-chatgpt.ts";
import { createReadJsonl } from "./read-jsonl.ts";
import { readOpenWebUi } from "./read-open-webui.ts";

export interface ImportReport {
  /** Messages found, and how many of them were new. */
  readonly messages: number;
  readonly added: number;
  readonly conversations: number;
  /** Documents found, and how many of them were new or changed. */
  readonly documents: number;
  readonly stored: number;
  readonly problems: readonly ImportProblem[];
}

export interface RunImportOptions {
  readonly target: ImportTarget;
  readonly files: readonly ImportFile[];
  /** Everything goes into this thread; else each conversation into its own. */
  readonly threadId?: string | undefined;
  /** The service whose knowledge the documents are. */
  readonly service?: string | undefined;
  /** Characters of a message; a longer one is reported and left out. Undefined: any length. */
  readonly maxMessageChars?: number | undefined;
  /** Told now and then: the share that is done, 0 to 1, and the number of messages and documents so far. */
  readonly onProgress?: (done: number, items: number) => void;
}

/** Messages that wait to be written, over all conversations of a file of lines. */
const mostWaiting = 500;
/** A document beyond this is taken for something else. */
const mostDocumentBytes = 16 * 1024 * 1024;

const reasonOf = (error: unknown): string => {
  if (error instanceof SyntaxError) return "this is not JSON";
  if (error instanceof z.ZodError) {
    const [issue] = error.issues;
    const path = issue?.path.map(String).join(".") ?? "";
    return `${path === "" ? "" : `'${path}': `}${issue?.message.replace(/^Invalid (?:input|option): /, "") ?? "not as expected"}`;
  }
  throw error;
};

/**
 * Imports files one after the other. What cannot be read is reported with its line and left out; the rest is imported. Run
 * again, also after a kill, it adds only what is missing.
 * @throws {AppError} NOT_FOUND for the thread; INVALID_INPUT for the team; DATABASE_UNAVAILABLE
 */
export const runImport = async (options: RunImportOptions): Promise<ImportReport> => {
  const { target, files, threadId, service, onProgress = () => undefined } = options;
  const { maxMessageChars = Number.POSITIVE_INFINITY } = options;
  const problems: ImportProblem[] = [];
  const counts = { messages: 0, added: 0, documents: 0, stored: 0 };
  const conversations = new Set<string>();
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0) || 1;
  let before = 0;
  const tell = (bytes: number) => onProgress(Math.min(1, (before + bytes) / total), counts.messages + counts.documents);

  const fits = (file: ImportFile, line: number, { content }: ImportedMessage): boolean => {
    if (content.length <= maxMessageChars) return true;
    problems.push({ file: file.name, line, reason: `a message is longer than ${maxMessageChars} characters` });
    return false;
  };

  const add = async (
    file: ImportFile,
    conversation: Omit<ImportedConversation, "messages">,
    messages: readonly ImportedMessage[],
  ): Promise<void> => {
    if (messages.length === 0) return;
    const thread = threadId ?? (await target.threadOf(file.format, conversation));
    conversations.add(thread);
    counts.messages += messages.length;
    counts.added += await target.add(thread, messages);
  };

  const importElements = async (file: ImportFile, read: (element: unknown) => ImportedConversation) => {
    const stream = createReadStream(file.path, { encoding: "utf8", highWaterMark: 1 << 20 });
    for await (const { text, line, end } of jsonElements(stream)) {
      try {
        const { messages, ...conversation } = read(JSON.parse(text));
        await add(
          file,
          conversation,
          messages.filter((message) => fits(file, line, message)),
        );
      } catch (error) {
        problems.push({ file: file.name, line, reason: reasonOf(error) });
      }
      tell(end);
    }
  };

  const importLines = async (file: ImportFile) => {
    const read = createReadJsonl();
    const waiting = new Map<string, { title: string | undefined; messages: ImportedMessage[] }>();
    let held = 0;
    const flush = async () => {
      for (const [key, { title, messages }] of waiting) {
        await add(file, { key, title, createdAt: messages[0]?.createdAt }, messages);
      }
      waiting.clear();
      held = 0;
    };
    const input = createReadStream(file.path, { encoding: "utf8" });
    let line = 0;
    for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      line += 1;
      const content = line === 1 ? text.replace(/^\ufeff/, "") : text;
      if (content.trim() === "") continue;
      try {
        const { conversation, title, message } = read(content);
        if (!fits(file, line, message)) continue;
        const key = conversation ?? file.name;
        const entry = waiting.get(key) ?? { title: title ?? conversation ?? file.name, messages: [] };
        entry.messages.push(message);
        waiting.set(key, entry);
        held += 1;
      } catch (error) {
        problems.push({ file: file.name, line, reason: reasonOf(error) });
      }
      if (held < mostWaiting) continue;
      await flush();
      tell(input.bytesRead);
    }
    await flush();
  };

  const importDocument = async (file: ImportFile) => {
    const refuse = (reason: string) => problems.push({ file: file.name, line: undefined, reason });
    if (file.bytes > mostDocumentBytes) return refuse("it is larger than 16 MB");
    const bytes = await readFile(file.path);
    let text: string;
    try {
      text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    } catch {
      return refuse("it is not text in UTF-8");
    }
    const { title, chunks } = chunkMarkdown(text);
    counts.documents += 1;
    const name = basename(file.name, extname(file.name));
    const isNew = await target.store({ source: file.name, service, title: title ?? name, chunks });
    if (isNew) counts.stored += 1;
  };

  for (const file of files) {
    try {
      if (file.format === "chatgpt") await importElements(file, readChatGpt);
      else if (file.format === "open-webui") await importElements(file, readOpenWebUi);
      else if (file.format === "jsonl") await importLines(file);
      else await importDocument(file);
    } catch (error) {
      // What the database says ends the import; a file that cannot be read does not.
      if (isAppError(error) || !(error instanceof Error && "syscall" in error)) throw error;
      problems.push({ file: file.name, line: undefined, reason: "it cannot be read" });
    }
    before += file.bytes;
    tell(0);
  }
  return { ...counts, conversations: conversations.size, problems };
};
