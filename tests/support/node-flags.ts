/** Flags of Node for programs that a test starts as a process: no word about what is experimental, and quick to load. */
export const nodeFlags: readonly string[] = [
  "--disable-warning=ExperimentalWarning",
  `--import=${new URL("keep-compiled.js", import.meta.url)}`,
];
