import { parseArgs } from "node:util";
import { evalTasks } from "./eval/task-list.ts";

const usage = `Usage: npm run eval -- TASK [options] [--json]

${evalTasks.map(({ name, usage, summary }) => `  ${name} ${usage}\n      ${summary}`).join("\n")}

Files are JSON Lines, gzip-compressed when their name ends in .gz. With --json the last line on standard output is
{"task", "rows", "metrics"}. Rates are 0 to 1, times milliseconds unless named.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    train: { type: "string" },
    val: { type: "string" },
    test: { type: "string" },
    fixtures: { type: "string" },
    lang: { type: "string" },
    docs: { type: "string" },
    queries: { type: "string" },
    folds: { type: "string" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
const { json, help, ...options } = values;
const task = evalTasks.find(({ name }) => name === positionals[0]);

if (help) {
  console.log(usage);
} else if (!task?.accepts(options)) {
  console.error(usage);
  process.exitCode = 2;
} else {
  const { rows, metrics, notes = [] } = await task.run(options);
  if (json) console.log(JSON.stringify({ task: task.name, rows, metrics }));
  else {
    console.log(`${task.name}: ${rows} rows`);
    console.table({
      Athena: metrics,
      ...Object.fromEntries(task.baselines.map((baseline) => [baseline.system, baseline.metrics])),
    });
    for (const note of notes) console.log(note);
  }
}
