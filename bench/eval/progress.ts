/** A progress bar on stderr, drawn only on a terminal so that what programs read stays clean. */
export const createProgress = (total: number, label: string): { step(): void; end(): void } => {
  let done = 0;
  const draw = () => {
    if (!process.stderr.isTTY) return;
    const filled = Math.round((done / Math.max(1, total)) * 30);
    process.stderr.write(`\r${label} [${"#".repeat(filled)}${"-".repeat(30 - filled)}] ${done}/${total}`);
  };
  return {
    step() {
      done += 1;
      if (done % Math.max(1, Math.floor(total / 100)) === 0) draw();
    },
    end() {
      if (process.stderr.isTTY) process.stderr.write("\r\u001b[2K");
    },
  };
};
