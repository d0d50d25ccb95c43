import { parseArgs } from "node:util";
import { UnusableInput } from "./eval/read-rows.ts";
import { evalTasks } from "./eval/task-list.ts";

const usage = `Usage: npm run eval -- TASK [options] [--json]

${evalTasks.map(({ name, usage, summary }) => `  ${name} ${usage}\n      ${summary}`).join("\n")}

Files are JSON Lines, gzip-compressed when their name ends in .gz. With --json the last line on standard output is
{"task", "rows", "metrics"}. Rates are 0 to 1, times milliseconds unless named.`;

const stop = (message: string): never => {
  console.error(message);
  process.exit(2);
};

const readArguments = () => {
  try {
    return parseArgs({ allowPositionals: true, options });
  } catch (error) {
    return stop(`${(error as Error).message}\n\n${usage}`);
  }
};

const options = {
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
} as const;
const { values, positionals } = readArguments();
const { json, help, ...given } = values;
const task = evalTasks.find(({ name }) => name === positionals[0]);

if (help) {
  console.log(usage);
} else if (!task?.accepts(given)) {
  stop(usage);
} else {
  const result = await task.run(given).catch((error: unknown) => {
    if (error instanceof UnusableInput) return stop(error.message);
    throw error;
  });
  const { rows, notes = [] } = result;
  // What the file has no rows for is no figure.
  const metrics = Object.fromEntries(Object.entries(result.metrics).filter(([, value]) => Number.isFinite(value)));
  if (rows === 0) stop("The file holds no rows.");
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
