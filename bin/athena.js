#!/usr/bin/env node
// Only words that old versions understand, so that they get as far as the sentence.
const major = Number(process.versions.node.split(".")[0]);
if (major >= 24) {
  import("./start.js");
} else {
  console.error(
    `Athena needs Node 24 or newer, this is ${process.version}. 'npm start' and 'npx athena' bring the right one.`,
  );
  process.exit(1);
}
