import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTimeline } from "../../atlas/create-timeline.ts";
import type { ImportFormat } from "../../atlas/import/import-formats.ts";
import { createImportTarget } from "../../atlas/import/import-target.ts";
import { listImportFiles } from "../../atlas/import/list-files.ts";
import { runImport } from "../../atlas/import/run-import.ts";
import type { MasterKey } from "../../atlas/master-key.ts";
import { createThreadCipher } from "../../atlas/thread-cipher.ts";
import type { Scope } from "../../atlas/timeline.ts";
import type { Database } from "../../platform/db/database.ts";
import { everythingStored } from "../support/everything-stored.ts";
import { somebody } from "../support/timeline-samples.ts";

/** Imports into the timeline and the documents, on whatever database. */
export const importContract = (databaseOf: () => Database, masterKeyOf: () => MasterKey): void => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "athena-import-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const put = async (name: string, content: string | Uint8Array): Promise<string> => {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    return path;
  };
  const partsOf = () => {
    const database = databaseOf();
    const cipher = createThreadCipher({ masterKey: masterKeyOf() });
    return { database, cipher, timeline: createTimeline({ database, cipher }) };
  };
  interface Options {
    readonly principal?: string;
    readonly scope?: Scope;
    readonly teamId?: string;
    readonly threadId?: string;
    readonly service?: string;
    readonly format?: ImportFormat;
    readonly maxMessageChars?: number;
    readonly onProgress?: (done: number) => void;
  }
  const importPath = async (path: string, options: Options = {}) => {
    const { database, cipher } = partsOf();
    const { principal = "local", scope = "personal", format, teamId, ...rest } = options;
    const target = createImportTarget({ database, cipher }, { principal, scope, teamId });
    return runImport({ files: await listImportFiles(path, format), target, ...rest });
  };
  const lines = (from: number, to: number): string =>
    Array.from({ length: to - from }, (_, index) => `${JSON.stringify({ content: `line ${from + index}` })}\n`).join(
      "",
    );

  describe("import", () => {
    test("of lines keeps their order, reports broken ones with their number, and adds nothing the second time", async () => {
      const { timeline } = partsOf();
      const principal = somebody();
      const name = `notes-${randomUUID()}.jsonl`;
      const path = await put(name, `\ufeff${lines(0, 260)}{"broken\n\n{"content":5}\n${lines(260, 300)}`);
      const shares: number[] = [];
      const first = await importPath(path, { principal: principal.id, onProgress: (done) => shares.push(done) });
      expect(first).toEqual({
        messages: 300,
        added: 300,
        conversations: 1,
        documents: 0,
        stored: 0,
        problems: [
          { file: name, line: 261, reason: "this is not JSON" },
          { file: name, line: 263, reason: expect.stringContaining("content") },
        ],
      });
      expect(shares.at(-1)).toBe(1);
      const { threads } = await timeline.threads(principal, { limit: 5 });
      expect(threads).toMatchObject([{ lastPosition: 300, meta: { title: name, source: "jsonl" } }]);
      const { messages } = await timeline.messages(principal, threads[0]!.id, { after: 0, limit: 500 });
      expect(messages.map(({ content }) => content)).toEqual(
        Array.from({ length: 300 }, (_, index) => `line ${index}`),
      );
      expect(messages[0]).toMatchObject({ role: "user", author: principal.id });

      expect(await importPath(path, { principal: principal.id })).toMatchObject({ messages: 300, added: 0 });
      await put(name, lines(0, 303));
      expect(await importPath(path, { principal: principal.id })).toMatchObject({ messages: 303, added: 3 });
      expect((await timeline.threads(principal, { limit: 5 })).threads).toMatchObject([{ lastPosition: 303 }]);
      // Another person's import of the same file is another thread.
      expect(await importPath(path, { principal: somebody().id })).toMatchObject({ added: 303 });
    });

    test("leaves messages out that are longer than may be, tells their line, and takes them when they may", async () => {
      const { timeline } = partsOf();
      const principal = somebody();
      const name = `long-${randomUUID()}.jsonl`;
      const long = "x".repeat(101);
      const path = await put(name, `${lines(0, 1)}{"content":"${long}"}\n{"content":"${long.slice(1)}"}\n`);
      const options = { principal: principal.id, maxMessageChars: 100 };
      expect(await importPath(path, options)).toMatchObject({
        added: 2,
        problems: [{ file: name, line: 2, reason: "a message is longer than 100 characters" }],
      });
      const conversation = {
        title: `long ${name}`,
        current_node: "b",
        mapping: Object.fromEntries(
          [
            ["a", null, "short"],
            ["b", "a", long],
          ].map(([id, parent, text]) => [
            id,
            { id, parent, children: [], message: { id, author: { role: "user" }, content: { parts: [text] } } },
          ]),
        ),
      };
      const export_ = await put(`long-${name}.json`, `[\n${JSON.stringify(conversation)}]`);
      expect(await importPath(export_, { ...options, format: "chatgpt" })).toMatchObject({
        added: 1,
        problems: [{ line: 2, reason: expect.stringContaining("100 characters") }],
      });
      expect(await importPath(export_, { ...options, format: "chatgpt", maxMessageChars: 101 })).toMatchObject({
        added: 1,
        problems: [],
      });
      const { threads } = await timeline.threads(principal, { limit: 5 });
      expect(threads.map(({ lastPosition }) => lastPosition)).toEqual([2, 2]);
    });

    test("into a thread follows what was said there, encrypted where it is confidential", async () => {
      const { database, timeline } = partsOf();
      const principal = somebody();
      const marker = `import${randomUUID().slice(0, 8)}`;
      const path = await put(
        `into-${marker}.jsonl`,
        `{"content":"${marker}","created_at":"2019-05-06T07:08:09Z"}\n{"role":"agent","author":"n8n","content":"two","thread":"other"}\n`,
      );
      const { thread } = await timeline.open({
        principal,
        mode: "confidential",
        messages: [{ role: "user", author: "ada", content: "first" }],
      });
      const options = { principal: principal.id, threadId: thread.id };
      expect(await importPath(path, options)).toMatchObject({ added: 2, conversations: 1 });
      expect(await importPath(path, options)).toMatchObject({ added: 0 });
      const { messages } = await timeline.messages(principal, thread.id, { after: 0, limit: 9 });
      expect(messages.map(({ position, author, content }) => [position, author, content])).toEqual([
        [1, "ada", "first"],
        [2, principal.id, marker],
        [3, "n8n", "two"],
      ]);
      expect(messages[1]!.createdAt).toBe("2019-05-06T07:08:09.000Z");
      expect(await everythingStored(database)).not.toContain(marker);
      for (const threadId of [thread.id, randomUUID()]) {
        const foreign = importPath(path, { principal: somebody().id, threadId });
        await expect(foreign).rejects.toMatchObject({ code: "NOT_FOUND" });
      }
    });

    test("of ChatGPT and Open WebUI makes a thread of each conversation, and goes on where one has grown", async () => {
      const { timeline } = partsOf();
      const principal = somebody();
      const chat = (id: string, turns: number) => {
        const ids = Array.from({ length: turns }, (_, turn) => `${id}-${turn}`);
        const mapping = Object.fromEntries(
          ids.map((node, turn) => [
            node,
            {
              id: node,
              parent: turn === 0 ? null : ids[turn - 1],
              children: ids.slice(turn + 1, turn + 2),
              message: {
                id: node,
                author: { role: turn % 2 ? "assistant" : "user" },
                create_time: 1_600_000_000 + turn,
                content: { content_type: "text", parts: [`${id} says ${turn}`] },
              },
            },
          ]),
        );
        return {
          conversation_id: id,
          title: `Title ${id}`,
          create_time: 1_600_000_000,
          current_node: ids.at(-1),
          mapping,
        };
      };
      const place = randomUUID();
      const write = (...elements: unknown[]) =>
        put(`${place}/conversations.json`, `[\n${elements.map((element) => JSON.stringify(element)).join(",\n")}\n]`);
      await write(chat("a", 3), { title: "no mapping" }, chat("b", 250));
      const options = { principal: principal.id };
      const first = await importPath(join(folder, place), options);
      expect(first).toMatchObject({ messages: 253, added: 253, conversations: 2 });
      expect(first.problems).toEqual([
        { file: "conversations.json", line: 3, reason: expect.stringContaining("mapping") },
      ]);
      await write(chat("b", 252), chat("a", 3));
      expect(await importPath(join(folder, place, "conversations.json"), options)).toMatchObject({
        added: 2,
        problems: [],
      });
      const { threads } = await timeline.threads(principal, { limit: 9, query: "Title" });
      expect(threads.map(({ meta, lastPosition, createdAt }) => [meta.title, lastPosition, createdAt])).toEqual([
        ["Title b", 252, "2020-09-13T12:26:40.000Z"],
        ["Title a", 3, "2020-09-13T12:26:40.000Z"],
      ]);

      const message = { id: "m", parentId: null, role: "user", content: "hello", timestamp: 1_600_000_000 };
      const row = { id: randomUUID(), title: "W", chat: { history: { messages: { m: message }, currentId: "m" } } };
      const webui = await put(`chat-export-${place}.json`, JSON.stringify([row]));
      expect(await importPath(webui, options)).toMatchObject({ added: 1, conversations: 1, problems: [] });
    });

    test("of a file that breaks off keeps what stands before", async () => {
      const row = { id: "r", title: "W", chat: { messages: [{ role: "user", content: "hello" }] } };
      const name = `cut-${randomUUID()}.json`;
      const path = await put(name, `[\n${JSON.stringify(row)},\n{"id": "s", "chat": {"mess`);
      expect(await importPath(path, { principal: somebody().id })).toMatchObject({
        added: 1,
        problems: [{ file: name, line: 3, reason: "this is not JSON" }],
      });
    });

    test("of a folder of Markdown stores documents with chunks, and again only what changed", async () => {
      const { database } = partsOf();
      const principal = somebody().id;
      const place = randomUUID();
      await put(`${place}/guide/install.md`, "# Install\nRun the script.\n## Linux\nUse apt.");
      await put(`${place}/notes.txt`, "Plain words.");
      await put(`${place}/.git/HEAD.md`, "# hidden");
      await put(`${place}/picture.png`, "no text");
      await put(`${place}/broken.md`, new Uint8Array([0x23, 0xff, 0xfe]));
      const options = { principal, service: "handbook" };
      const first = await importPath(join(folder, place), options);
      expect(first).toMatchObject({ documents: 2, stored: 2, messages: 0 });
      expect(first.problems).toEqual([{ file: "broken.md", line: undefined, reason: "it is not text in UTF-8" }]);
      const read = () =>
        database.query(
          `select d.source, d.title, d.service, d.scope_key, c.position, c.heading_path, c.content, c.scope_key as chunk_scope
           from documents d join document_chunks c on c.document_id = d.id where d.owner = $1 order by d.source, c.position`,
          [principal],
        );
      const common = { service: "handbook", scope_key: `user:${principal}`, chunk_scope: `user:${principal}` };
      const install = { ...common, source: "guide/install.md", title: "Install" };
      const rows = [
        { ...install, position: 1, heading_path: ["Install"], content: "Run the script." },
        { ...install, position: 2, heading_path: ["Install", "Linux"], content: "Use apt." },
        { ...common, source: "notes.txt", title: "notes", position: 1, heading_path: [], content: "Plain words." },
      ];
      expect(await read()).toEqual(rows);
      expect(await importPath(join(folder, place), options)).toMatchObject({ documents: 2, stored: 0 });
      await put(`${place}/notes.txt`, "Other words.");
      expect(await importPath(join(folder, place), options)).toMatchObject({ documents: 2, stored: 1 });
      expect(await read()).toEqual([...rows.slice(0, 2), { ...rows[2], content: "Other words." }]);
      const events = await database.query(
        `select payload from outbox where event_type = 'content.updated.document'
         and payload ->> 'scope_key' = $1`,
        [`user:${principal}`],
      );
      expect(events).toHaveLength(3);
    });

    test("for a team needs a member of it", async () => {
      const principal = somebody().id;
      const teamId = `team-${randomUUID().slice(0, 8)}`;
      await databaseOf().query("insert into teams (id) values ($1)", [teamId]);
      const path = await put(`${randomUUID()}.md`, "# T\nText.");
      const chat = await put(`${randomUUID()}.jsonl`, lines(0, 1));
      const options = { principal, scope: "team", teamId } as const;
      await expect(importPath(path, options)).rejects.toMatchObject({ code: "INVALID_INPUT" });
      await expect(importPath(chat, options)).rejects.toMatchObject({ code: "INVALID_INPUT" });
      await databaseOf().query("insert into team_members (team_id, principal) values ($1, $2)", [teamId, principal]);
      expect(await importPath(path, options)).toMatchObject({ stored: 1 });
      expect(await importPath(chat, options)).toMatchObject({ added: 1 });
    });

    test("says what it cannot do", async () => {
      const wrong = { code: "INVALID_INPUT" };
      await expect(importPath(join(folder, "nothing.json"))).rejects.toMatchObject(wrong);
      await expect(importPath(await put("export.zip", "PK"))).rejects.toMatchObject(wrong);
      await expect(importPath(await put("table.csv", "a,b"))).rejects.toMatchObject(wrong);
      await expect(importPath(await put("other.json", '{"a":1}'))).rejects.toMatchObject(wrong);
      await mkdir(join(folder, "empty"), { recursive: true });
      await expect(importPath(join(folder, "empty"))).rejects.toMatchObject(wrong);
    });
  });
};
