import { readFileSync, writeFileSync } from "node:fs";
import { killCore } from "../tests/support/kill-core.ts";
import { killDuringStreams } from "../tests/support/kill-during-streams.ts";
import { killEvents } from "../tests/support/kill-events.ts";
import { killJobs } from "../tests/support/kill-jobs.ts";
import { killTemporalWorkers } from "../tests/support/kill-temporal-workers.ts";
import { killWriters } from "../tests/support/kill-writers.ts";
import { runManyJobs } from "../tests/support/many-temporal-jobs.ts";
import { replaceRows } from "./replace-rows.ts";

// Words choose what is run (streams, writers, embedded, nats, sync, jobs, temporal; nothing: all), a number how many kills.
// In full, which is without a number, its rows take the place of the former ones in docs/faults.md.
const wanted = process.argv.slice(2);
const parts = wanted.filter((word) => /^[a-z]/.test(word));
const runs = (part: string): boolean => parts.length === 0 || parts.includes(part);
const [given] = wanted.map(Number).filter((count) => count > 0);

const tables: string[] = [];
let clean = true;

if (runs("streams")) {
  const outcome = await killDuringStreams({ rounds: given ?? 30, streams: 50 });
  clean &&= outcome.lost === 0 && outcome.gaps === 0;
  tables.push(
    [
      "| killed (SIGKILL) | kills | acknowledged | lost | threads with gaps |",
      "| --- | --- | --- | --- | --- |",
      `| serving process, 50 streamed queries each time, embedded database | ${outcome.kills} | ${outcome.acknowledged} | ${outcome.lost} | ${outcome.gaps} |`,
    ].join("\n"),
  );
}

if (runs("writers")) {
  const { kills, acknowledged, lost, gaps, mistold } = await killWriters({ kills: given ?? 200 });
  clean &&= lost === 0 && gaps === 0 && mistold === 0;
  tables.push(
    [
      "| killed (SIGKILL) | kills | acknowledged messages | lost | threads with gaps | threads with other events than messages |",
      "| --- | --- | --- | --- | --- | --- |",
      `| one of two writers of the same six threads; PostgreSQL | ${kills} | ${acknowledged} | ${lost} | ${gaps} | ${mistold} |`,
    ].join("\n"),
  );
}

const rows: string[] = [];
for (const bus of ["embedded", "nats"] as const) {
  if (!runs(bus)) continue;
  const outcome = await killEvents({ kills: given ?? 200, bus, killBroker: bus === "nats" });
  const { kills, committed, lost, duplicated, disordered, repeated } = outcome;
  clean &&= lost === 0 && duplicated === 0 && disordered === 0;
  const what =
    bus === "nats"
      ? "one of two relays, one of two consumers, or NATS"
      : "one of two relays or one of two consumers, embedded bus";
  rows.push(
    `| ${what}; PostgreSQL | ${kills} | ${committed} | ${lost} | ${repeated} | ${duplicated} | ${disordered} |`,
  );
}
if (rows.length > 0) {
  tables.push(
    [
      "| killed (SIGKILL) | kills | events | lost | delivered again | effects twice | aggregates out of order |",
      "| --- | --- | --- | --- | --- | --- | --- |",
      ...rows,
    ].join("\n"),
  );
}

if (runs("sync")) {
  const { kills, messages, changes, lost, duplicated, repeated } = await killCore({ kills: given ?? 200 });
  clean &&= lost === 0 && duplicated === 0;
  tables.push(
    [
      "| killed (SIGKILL) | kills | messages | edits, deletions, threads turned confidential | lost | written again | duplicates in DEEP |",
      "| --- | --- | --- | --- | --- | --- | --- |",
      `| the deep core or the process it pulls from; PostgreSQL, a stand-in for Qdrant | ${kills} | ${messages} | ${changes} | ${lost} | ${repeated} | ${duplicated} |`,
    ].join("\n"),
  );
}

const jobRows: string[] = [];
for (const on of ["embedded", "external"] as const) {
  if (!runs("jobs")) continue;
  const { kills, jobs, incomplete, effects, lost, repeated, unknown, cutOff, missaid } = await killJobs({
    kills: given ?? 50,
    on,
  });
  clean &&= incomplete === 0 && lost === 0 && repeated === 0 && missaid === 0;
  const what = on === "embedded" ? "the process that runs it; embedded database" : "one of two processes; PostgreSQL";
  jobRows.push(
    `| ${what} | ${kills} | ${jobs} | ${incomplete} | ${effects} | ${cutOff} | ${lost} | ${repeated} | ${unknown} | ${missaid} |`,
  );
}
if (jobRows.length > 0) {
  tables.push(
    [
      "| crew of 20 tasks on the embedded engine: killed (SIGKILL) | kills | jobs | not completed | effects | attempts cut off | lost | twice | asked whether they happened | results not once in their thread |",
      "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
      ...jobRows,
    ].join("\n"),
  );
}
if (runs("temporal")) {
  const outcome = await killTemporalWorkers({ kills: given ?? 50 });
  const { kills, jobs, tasks, uncompleted, lost, duplicated, unknown, mistold } = outcome;
  clean &&= uncompleted === 0 && lost === 0 && duplicated === 0 && mistold === 0;
  tables.push(
    [
      "| killed (SIGKILL) | kills | crews of 20 tasks | not completed | effects | lost | twice | asked about | results not in their thread once |",
      "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
      `| the only worker, Temporal's development server; PostgreSQL | ${kills} | ${jobs} | ${uncompleted} | ${tasks} | ${lost} | ${duplicated} | ${unknown} | ${mistold} |`,
    ].join("\n"),
  );
}
if (runs("temporal")) {
  const { jobs, begunSeconds, endedSeconds, uncompleted, lost, duplicated } = await runManyJobs(4 * (given ?? 50));
  clean &&= uncompleted === 0 && lost === 0 && duplicated === 0;
  tables.push(
    [
      "| crews of 5 tasks at once | jobs | all begun | all ended | not completed | effects lost | twice |",
      "| --- | --- | --- | --- | --- | --- | --- |",
      `| one worker, Temporal's development server; PostgreSQL | ${jobs} | ${begunSeconds.toFixed(1)} s | ${endedSeconds.toFixed(1)} s | ${uncompleted} | ${lost} | ${duplicated} |`,
    ].join("\n"),
  );
}

console.log(tables.join("\n\n"));
if (given === undefined) {
  const docs = new URL("../docs/faults.md", import.meta.url);
  writeFileSync(docs, tables.reduce(replaceRows, readFileSync(docs, "utf8")));
}
if (!clean) process.exitCode = 1;
