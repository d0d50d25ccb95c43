import { parseArgs } from "node:util";
import { evaluateIntents } from "./eval/intents.ts";

const usage = `Usage: npm run eval -- intents --train FILE [--val FILE] (--test FILE | --folds N) [--json]

Measures a task on JSON Lines files ({"text", "intent"} a row; .gz is unpacked). With --json the last line is
{"task", "rows", "metrics"}; rates are 0 to 1, times milliseconds unless named.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    train: { type: "string" },
    val: { type: "string" },
    test: { type: "string" },
    folds: { type: "string" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
const [task] = positionals;

if (values.help) {
  console.log(usage);
} else if (
  task !== "intents" ||
  values.train === undefined ||
  (values.test === undefined && values.folds === undefined)
) {
  console.error(usage);
  process.exitCode = 2;
} else {
  const { rows, metrics } = await evaluateIntents({
    train: values.train,
    ...(values.val === undefined ? {} : { val: values.val }),
    ...(values.test === undefined ? {} : { test: values.test }),
    ...(values.folds === undefined ? {} : { folds: Number(values.folds) }),
  });
  if (values.json) console.log(JSON.stringify({ task, rows, metrics }));
  else console.table(metrics);
}
