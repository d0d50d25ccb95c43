import { writeFileSync } from "node:fs";
import { killDuringStreams } from "../tests/support/kill-during-streams.ts";

const rounds = 30;
const outcome = await killDuringStreams({ rounds, streams: 50 });
const row = `| serving process, 50 streamed queries each time, embedded database | ${outcome.kills} | ${outcome.acknowledged} | ${outcome.lost} | ${outcome.gaps} |`;
const table = [
  "| killed (SIGKILL) | kills | acknowledged | lost | threads with gaps |",
  "| --- | --- | --- | --- | --- |",
  row,
].join("\n");
console.log(table);
writeFileSync(
  new URL("../docs/faults.md", import.meta.url),
  `# Faults\n\nWritten by \`npm run faults\`. \`npm test\` runs the same with fewer kills.\n\n${table}\n`,
);
if (outcome.lost > 0 || outcome.gaps > 0) process.exitCode = 1;
