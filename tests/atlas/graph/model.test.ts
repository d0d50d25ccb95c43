import { pino } from "pino";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createThreadChanges } from "../../../atlas/create-thread-changes.ts";
import { createTimeline } from "../../../atlas/create-timeline.ts";
import { createGraphFollower } from "../../../atlas/graph/follow-graph.ts";
import { createAskModel } from "../../../atlas/graph/model/ask-model.ts";
import { createModelFollower } from "../../../atlas/graph/model/follow-with-model.ts";
import { createRules } from "../../../atlas/graph/rules/extract.ts";
import { loadMasterKey } from "../../../atlas/master-key.ts";
import { createThreadCipher, type ThreadCipher } from "../../../atlas/thread-cipher.ts";
import type { ModelAliasRow } from "../../../platform/config/registry.ts";
import type { Database } from "../../../platform/db/database.ts";
import { openMigratedEmbedded } from "../../support/embedded-database.ts";
import { gatewayOn, openPermit } from "../../support/gateway.ts";
import {
  type ModelReply,
  type ModelServer,
  type RecordedRequest,
  startModelServer,
} from "../../support/model-server.ts";
import { somebody } from "../../support/timeline-samples.ts";

const logger = pino({ level: "silent" });
let database: Database;
let cipher: ThreadCipher;
let server: ModelServer;
beforeAll(async () => {
  const opened = await openMigratedEmbedded();
  database = opened;
  cipher = createThreadCipher({ masterKey: await loadMasterKey({ ATHENA_MASTER_KEY: "5e".repeat(32), dataDir: "" }) });
  server = await startModelServer({ models: ["m", "n"] });
});
beforeEach(() => server.reset());
afterAll(async () => {
  await server?.close();
  await database?.close();
});

interface AskedText {
  readonly n: number;
  readonly text: string;
}
const textsOf = ({ body }: RecordedRequest): AskedText[] =>
  JSON.parse(body.messages.find(({ role }: { role: string }) => role === "user").content);
/** A model that finds the words before and after "feeds". */
const feeding = (request: RecordedRequest): ModelReply => ({
  text: JSON.stringify({
    items: textsOf(request).map(({ n, text }) => {
      const [, from = "", to = ""] = /(\w+) feeds (\w+)/.exec(text) ?? [];
      const entities = [from, to].filter(Boolean).map((name) => ({ name, type: "service" }));
      const relations = from ? [{ from: to, kind: "depends_on", to: from }] : [];
      return { n, topics: ["Data/Flow"], entities: [...entities, { name: "Invented", type: "host" }], relations };
    }),
  }),
});

const gateways: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(gateways.splice(0).map((gateway) => gateway.close()));
});
const followerOf = async (model = "openai/m") => {
  const models = await gatewayOn({ OPENAI_BASE_URL: server.openaiUrl, ATHENA_MODEL: "openai/m" });
  gateways.push(models);
  const { metrics } = models;
  const askModel = createAskModel({ models, model, permitFor: () => openPermit(), metrics, timeoutMs: 2_000 });
  const counted = async (outcome: string) =>
    (await metrics.graphModelCalls.get()).values.find(({ labels }) => labels.outcome === outcome)?.value ?? 0;
  const follower = createModelFollower({ database, rule: "scoped", logger, model, askModel, metrics });
  return { follow: () => follower.catchUp(), counted };
};
const followRules = () => createGraphFollower({ database, rule: "scoped", logger, rules: createRules() }).catchUp();
const partsOf = () => {
  const timeline = createTimeline({ database, cipher });
  const ada = somebody();
  const say = (mode: "open" | "confidential", ...texts: string[]) =>
    timeline.open({
      principal: ada,
      mode,
      messages: texts.map((content) => ({ role: "user", author: "ada", content })),
    });
  const rows = async () => {
    const read = (sql: string) => database.query<{ row: string }>(sql, [`user:${ada.id}`]);
    return [
      ...(await read(
        "select origin || ' names ' || entity as row from message_entities where scope_key = $1 order by row",
      )),
      ...(await read(
        "select origin || ' about ' || topic as row from message_topics where scope_key = $1 order by row",
      )),
      ...(await read("select origin || ' ' || kind as row from edges where scope_key = $1 order by row")),
    ].map(({ row }) => row);
  };
  return { ada, timeline, say, rows, changes: createThreadChanges({ database, cipher }) };
};
const text = "the importer feeds kafka every night";
const byRules = ["rule names ada"];
const byModel = [
  "openai/m names importer",
  "openai/m names kafka",
  "rule names ada",
  "openai/m about Data",
  "openai/m about Data/Flow",
  "openai/m depends_on",
  "openai/m part_of",
];

describe("a model that reads for the graph", () => {
  test("adds what it finds in the texts, several in one question, and nothing that is not there", async () => {
    const { say, rows } = partsOf();
    await say("open", text, "the sun is shining today");
    server.respond(feeding);
    const { follow, counted } = await followerOf();
    await Promise.all([followRules(), follow()]);
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]!.body.response_format).toMatchObject({ type: "json_schema" });
    expect(new Set(await rows())).toEqual(new Set(byModel));
    expect(await counted("used")).toBe(1);
    await follow();
    expect(server.requests).toHaveLength(1);
  });

  test("is asked again for what was edited only; what it said of the old text leaves with the rules already", async () => {
    const { ada, say, rows, changes } = partsOf();
    const { thread, messages } = await say("open", text, "another text that stays as it is");
    server.respond(feeding);
    const { follow } = await followerOf();
    await follow();
    await followRules();
    await changes.edit({
      principal: ada,
      threadId: thread.id,
      messageId: messages[0]!.id,
      content: "the exporter feeds redis at noon",
    });
    await followRules();
    expect((await rows()).filter((row) => /importer|kafka|depends_on/.test(row))).toEqual([]);
    await follow();
    expect(server.requests.map(textsOf).at(-1)).toMatchObject([{ text: "the exporter feeds redis at noon" }]);
    expect(await rows()).toEqual(expect.arrayContaining(["openai/m names exporter", "openai/m names redis"]));
    await changes.remove({ principal: ada, threadId: thread.id, messageId: messages[0]!.id });
    await follow();
    expect((await rows()).filter((row) => /exporter|redis|depends_on/.test(row))).toEqual([]);
  });

  test("never sees what is confidential, and what it said of a thread leaves when that turns confidential", async () => {
    const { ada, say, timeline, rows } = partsOf();
    await say("confidential", "the secret importer feeds the vault");
    const { thread } = await say("open", text);
    server.respond(feeding);
    const { follow } = await followerOf();
    await follow();
    expect(server.requests.flatMap(textsOf).map((asked) => asked.text)).toEqual([text]);
    await timeline.open({ principal: ada, threadId: thread.id, mode: "confidential", messages: [] });
    await follow();
    expect(await rows()).toEqual([]);
  });

  test("does not go to a model elsewhere that the permit forbids", async () => {
    server.respond(feeding);
    const aliases: ModelAliasRow[] = [{ alias: "far", candidates: ["openai/m"], local: false }];
    const models = await gatewayOn({ OPENAI_BASE_URL: server.openaiUrl, ATHENA_MODEL: "openai/m" }, { aliases });
    gateways.push(models);
    const permitFor = () => openPermit({ class: "local-only" });
    const askModel = createAskModel({ models, model: "far", permitFor, metrics: models.metrics });
    // What may not leave holds back nothing of others: it goes without.
    expect(await askModel([text, text], undefined, new AbortController().signal)).toEqual(new Map());
    expect(server.requests).toHaveLength(0);
  });

  test.each<[string, ModelReply]>([
    ["429", { kind: "failure", status: 429, headers: { "retry-after": "0.01" } }],
    ["500", { kind: "failure", status: 500 }],
    ["silence", { kind: "silence" }],
    ["an answer that is cut", { text: ['{"items":', "["], cut: { afterChunks: 1, how: "reset" } }],
    ["a web page", { kind: "bytes", body: "<html>Log in</html>" }],
  ])("that fails with %s holds nobody up; the texts wait and are read once it answers", async (_what, failing) => {
    const { say, rows } = partsOf();
    await say("open", text);
    server.respond(failing);
    const { follow, counted } = await followerOf();
    await expect(follow()).rejects.toThrow();
    expect(await counted("failed")).toBe(1);
    await followRules();
    expect(await rows()).toEqual(byRules);
    server.respond(feeding);
    await (await followerOf()).follow();
    expect(await rows()).toEqual(byModel);
  });

  test.each([
    ["prose", "I found an importer."],
    ["another shape", '{"entities":["importer"]}'],
    ["broken JSON", '{"items":[{"n":1'],
    ["nothing", ""],
    ["texts that nobody asked about", '{"items":[{"n":7,"topics":[],"entities":[],"relations":[]}]}'],
  ])("that answers %s is asked twice, then the text goes without", async (_what, garbage) => {
    const { say, rows } = partsOf();
    await say("open", text);
    server.respond({ text: garbage });
    const { follow, counted } = await followerOf();
    await follow();
    await followRules();
    expect([await counted("unusable"), await rows()]).toEqual([2, byRules]);
    await follow();
    expect(server.requests).toHaveLength(2);
  });

  test("that cannot cope with one text still reads the others", async () => {
    const { say, rows } = partsOf();
    await say("open", text, "this one is poison for the model", "the scraper feeds redis now and then");
    server.respond((request) =>
      textsOf(request).some((asked) => asked.text.includes("poison")) ? { text: "Sorry." } : feeding(request),
    );
    await (await followerOf()).follow();
    expect(await rows()).toEqual(expect.arrayContaining(["openai/m names kafka", "openai/m names scraper"]));
  });

  test.each([
    ["400", { kind: "failure", status: 400 }],
    ["413", { kind: "failure", status: 413 }],
    ["403", { kind: "failure", status: 403 }],
  ] satisfies [string, ModelReply][])(
    "that refuses one text with %s still reads the others",
    async (_what, refusal) => {
      const [first, second] = [partsOf(), partsOf()];
      await first.say("open", text, "this one is poison for the model", "the scraper feeds redis now and then");
      await second.say("open", "the crawler feeds minio on Sundays");
      server.respond((request) =>
        textsOf(request).some((asked) => asked.text.includes("poison")) ? refusal : feeding(request),
      );
      const { follow } = await followerOf();
      await follow();
      expect(await first.rows()).toEqual(expect.arrayContaining(["openai/m names kafka", "openai/m names scraper"]));
      expect(await second.rows()).toContain("openai/m names crawler");
      const asked = server.requests.length;
      await follow();
      expect(server.requests).toHaveLength(asked);
    },
  );

  test("that refuses everything is asked again later", async () => {
    const { say, rows } = partsOf();
    await say("open", text, "the scraper feeds redis now and then");
    server.respond({ kind: "failure", status: 403 });
    await expect((await followerOf()).follow()).rejects.toMatchObject({ code: "PROVIDER_REFUSED" });
    server.respond(feeding);
    await (await followerOf()).follow();
    expect(await rows()).toEqual(expect.arrayContaining(["openai/m names kafka", "openai/m names scraper"]));
  });

  // Last: with another model everything is read anew.
  test("replaces what another model said, and leaves what the rules said", async () => {
    const { say, rows } = partsOf();
    await say("open", text);
    await followRules();
    server.respond(feeding);
    await (await followerOf()).follow();
    server.respond({ text: JSON.stringify({ items: [{ n: 1, topics: [], entities: [], relations: [] }] }) });
    await (await followerOf("openai/n")).follow();
    expect(await rows()).toEqual(byRules);
  });
});
