import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { startModelServer } from "../tests/support/model-server.ts";
import { findProgram } from "../tests/support/servers.ts";
import { benchAtlas, type RecallFigures } from "./atlas.ts";
import { benchCore } from "./core.ts";
import { benchBareGraph, benchGraph } from "./graph.ts";
import { benchGraphWithDatabase } from "./graph-with-database.ts";
import { benchHandOff } from "./hand-off.ts";
import { benchHome } from "./home.ts";
import { benchFacts, benchModel } from "./http.ts";
import { benchBareTasks, benchJobsEmbedded, benchJobsOnPostgres, type JobFigures } from "./jobs.ts";
import { benchLongTexts } from "./long-texts.ts";
import { replaceRows } from "./replace-rows.ts";
import { benchStartUp } from "./start-up.ts";
import { benchStreams } from "./streams.ts";

/** Node steps of the query graph from `receive` to `remember`, one service call included. */
const graphSteps = 9;
const parts = ["graph", "http", "home", "long-texts", "start-up", "streams", "atlas", "core", "jobs"] as const;
const { positionals: chosen, values: options } = parseArgs({
  allowPositionals: true,
  // Sizes of the histories that the memory is measured over; a million takes some minutes to make.
  options: { messages: { type: "string", default: "10000,100000,1000000" } },
});
const sizes = options.messages.split(",").map(Number);
const wants = (part: (typeof parts)[number]) => chosen.length === 0 || chosen.includes(part);
const ms = (value: number) => `${value.toFixed(value < 10 ? 2 : 0)} ms`;
const rows: string[][] = [];
const say = (what: string, figure: string, aim: string) => {
  rows.push([what, figure, aim]);
  console.log(`${what}: ${figure}${aim === "" ? "" : ` (aim: ${aim})`}`);
};

const unknown = chosen.filter((part) => !(parts as readonly string[]).includes(part));
if (unknown.length > 0) {
  console.error(`Unknown part: ${unknown.join(", ")}. There are: ${parts.join(", ")}.`);
  process.exit(2);
}

if (sizes.some((size) => !Number.isInteger(size) || size < 1_000)) {
  console.error("--messages takes whole numbers from 1,000 on, joined by commas.");
  process.exit(2);
}

if (wants("graph")) {
  const bare = await benchBareGraph(graphSteps);
  const memory = await benchGraph();
  const stored = await benchGraphWithDatabase();
  say(`bare LangGraph, ${graphSteps} no-op nodes`, `p50 ${ms(bare.p50)}, p99 ${ms(bare.p99)}`, "");
  say(
    "query graph, stub service and model, timeline in memory",
    `p50 ${ms(memory.p50)}, p99 ${ms(memory.p99)} (${(memory.p50 / bare.p50).toFixed(1)} × bare)`,
    "",
  );
  say(
    "query graph, stub service and model, persistence on",
    `p50 ${ms(stored.p50)}, p99 ${ms(stored.p99)} (${(stored.p50 / bare.p50).toFixed(1)} × bare)`,
    "p50 ≤ 5 ms, p99 ≤ 20 ms",
  );
}

if (wants("jobs")) {
  const bare = await benchBareTasks();
  const told = (database: string, { chain, wide, perSecond }: JobFigures) => {
    const ratio = (chain.p50 / bare.p50).toFixed(1);
    say(
      `embedded engine, a task that does nothing, ${database}: one after the other / four at once`,
      `p50 ${ms(chain.p50)}, p99 ${ms(chain.p99)} (${ratio} × bare) / p50 ${ms(wide.p50)}, p99 ${ms(wide.p99)}`,
      "p50 ≤ 5 ms",
    );
    say(`embedded engine, tasks of eight jobs at a time, ${database}`, `${perSecond.toFixed(0)}/s`, "");
  };
  const handOff = await benchHandOff();
  say(
    "a long job asked for in a chat: the answer over HTTP, without a model",
    `p50 ${ms(handOff.p50)}, p99 ${ms(handOff.p99)}`,
    "≤ 150 ms",
  );
  say("bare LangGraph, a task of an entrypoint kept in memory", `p50 ${ms(bare.p50)}, p99 ${ms(bare.p99)}`, "");
  told("embedded database", await benchJobsEmbedded());
  if (findProgram("initdb") !== undefined) told("PostgreSQL", await benchJobsOnPostgres());
}

const model = await startModelServer({ reply: { text: ["A line ", "about rivers. ", "And the sea."] } });
const slow = await startModelServer({
  reply: {
    text: Array.from({ length: 20 }, (_, piece) => `Sentence ${"abcdefghijklmnopqrst"[piece]} of the story. `),
    chunkDelayMs: 100,
  },
});
try {
  if (wants("http")) {
    const facts = await benchFacts();
    say(
      "facts-only answer over HTTP, one at a time",
      `p50 ${ms(facts.alone.p50)}, p99 ${ms(facts.alone.p99)}`,
      "p50 ≤ 10 ms",
    );
    say(
      "facts-only answers at 16 connections",
      `${facts.at16.requestsPerSecond.toFixed(0)}/s, p50 ${ms(facts.at16.p50)}, p99 ${ms(facts.at16.p99)}, ${facts.at16.errors} errors`,
      "≥ 300/s",
    );
    const written = await benchModel(model.openaiUrl);
    say(
      "model-written answer over HTTP, stub model, one at a time",
      `p50 ${ms(written.alone.p50)}, p99 ${ms(written.alone.p99)}`,
      "",
    );
    say(
      "model-written answers at 16 connections",
      `${written.at16.requestsPerSecond.toFixed(0)}/s, p50 ${ms(written.at16.p50)}, ${written.at16.errors} errors`,
      "",
    );
  }
  if (wants("home")) {
    const home = await benchHome();
    say(
      "Home Assistant's command over `POST /api/chat`, 100 entities and 23 tools, one at a time",
      `p50 ${ms(home.command.p50)}, p99 ${ms(home.command.p99)}, ${home.command.errors} errors`,
      "p50 ≤ 15 ms",
    );
    say("Home Assistant's question about a state, first request", `p50 ${ms(home.question.p50)}`, "");
  }
  if (wants("long-texts")) {
    for (const { text, gateMs, gateRefused, screenMs, validatorMs, validatorBlocksMs } of await benchLongTexts())
      say(
        `100,000 characters (${text}): privacy gate / screen for instructions / validator, slowest of three`,
        `${ms(gateMs)}${gateRefused ? " (refused)" : ""} / ${ms(screenMs)} / ${ms(validatorMs)}, at most ${ms(validatorBlocksMs)} at a time`,
        "≤ 50 ms each",
      );
  }
  if (wants("start-up")) {
    const startUp = await benchStartUp();
    say("`npm start` to `/ready`, first start", ms(startUp.first), "≤ 6,000 ms");
    say("`npm start` to `/ready`, later starts", ms(startUp.later), "≤ 2,000 ms");
  }
  if (wants("streams")) {
    const streams = await benchStreams(slow.openaiUrl);
    say("resident memory at rest", `${streams.atRest.toFixed(0)} MiB`, "≤ 450 MiB");
    say(
      "resident memory under 200 streams",
      `${streams.under200.highest.toFixed(0)} MiB, ${streams.under200.completed} of 200 complete`,
      "",
    );
    say(
      "500 parallel streams",
      `${streams.under500.completed} of 500 complete, ${streams.under500.highest.toFixed(0)} MiB, ${streams.afterwards.toFixed(0)} MiB afterwards`,
      "all complete",
    );
  }
  if (wants("atlas")) {
    if (findProgram("initdb") === undefined) console.log("atlas: left out, PostgreSQL is not installed");
    else {
      const { recall, embedded, append } = await benchAtlas(sizes);
      const told = ({ indexedPerSecond, recall: time }: RecallFigures) =>
        `p50 ${ms(time.p50)}, p99 ${ms(time.p99)}; indexed at ${indexedPerSecond.toFixed(0)} messages/s`;
      for (const figures of recall) {
        say(
          `recall over ${figures.messages.toLocaleString("en")} messages, PostgreSQL, warm`,
          told(figures),
          figures.messages === 100_000 ? "p50 ≤ 15 ms, p99 ≤ 60 ms" : "",
        );
      }
      const [least, most] = [recall[0]!, recall.at(-1)!];
      if (most.messages > least.messages) {
        say(
          `recall over ${most.messages.toLocaleString("en")} messages, times that over ${least.messages.toLocaleString("en")}`,
          `p50 ${(most.recall.p50 / least.recall.p50).toFixed(2)} ×, p99 ${(most.recall.p99 / least.recall.p99).toFixed(2)} ×`,
          "< 3 × for 100 times as many",
        );
      }
      say(`recall over ${embedded.messages.toLocaleString("en")} messages, embedded, warm`, told(embedded), "");
      say(
        "appends of 100 messages with their events, as a share of the speed of 100 bare INSERTs / of one with 100 rows",
        `${append.ofInserts.toFixed(2)} / ${append.ofOneInsert.toFixed(2)}`,
        "≥ 0.7",
      );
    }
  }
  if (wants("core")) {
    if (findProgram("initdb") === undefined) console.log("core: left out, PostgreSQL is not installed");
    else {
      const { messages, failed, searches, withCore, without, never, slowest } = await benchCore(5_000);
      const history = `${messages.toLocaleString("en")} messages, PostgreSQL, 8 connections`;
      say(`searches that ask the deep core, ${history}`, `p50 ${ms(withCore.p50)}, p99 ${ms(withCore.p99)}`, "");
      say(
        "the core killed under that load: failed searches, and the slowest one",
        `${failed} of ${searches.toLocaleString("en")}, ${ms(slowest)}`,
        "0 failed",
      );
      say(
        "searches that want the core once its breaker is open, beside those without DEEP",
        `p99 ${ms(without.p99)} beside ${ms(never.p99)}: ${(without.p99 / never.p99).toFixed(2)} ×`,
        "≤ 1.2 ×",
      );
    }
  }
} finally {
  await model.close();
  await slow.close();
}

const docs = new URL("../docs/performance.md", import.meta.url);
const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
const isWhole = chosen.length === 0;
const table = [
  "| what | measured | aim |",
  "| --- | --- | --- |",
  ...rows.map(([what, figure, aim]) => `| ${what} | ${figure}${isWhole ? "" : ` (commit ${commit})`} | ${aim} |`),
].join("\n");
if (isWhole) {
  const versions = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
    dependencies: Record<string, string>;
  };
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, LangGraph ${versions.dependencies["@langchain/langgraph"]}, PGlite ${versions.dependencies["@electric-sql/pglite"]}, commit ${commit}`;
  writeFileSync(
    docs,
    `# Performance\n\nWritten by \`npm run bench\`; the load generator and the stub model server run on the same machine as the engine. Rows of a part that was measured alone later name their commit.\n\n${machine}.\n\n${table}\n`,
  );
} else writeFileSync(docs, replaceRows(readFileSync(docs, "utf8"), table));
