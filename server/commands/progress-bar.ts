/** Where a progress bar is drawn. */
export interface Screen {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

export interface ProgressBar {
  /** @param done the share that is done, 0 to 1 */
  show(done: number, text: string): void;
  /** Takes the bar off the screen. */
  clear(): void;
}

const width = 30;
const everyMs = 100;

/** A bar that moves on a terminal, at most ten times a second; elsewhere nothing is written. */
export const createProgressBar = (screen: Screen): ProgressBar => {
  let shownAt = Number.NEGATIVE_INFINITY;
  let isShown = false;
  return {
    show(done, text) {
      const now = performance.now();
      if (!screen.isTTY || (done < 1 && now - shownAt < everyMs)) return;
      shownAt = now;
      isShown = true;
      const filled = Math.round(Math.min(1, Math.max(0, done)) * width);
      const bar = `${"#".repeat(filled)}${"-".repeat(width - filled)}`;
      const line = `[${bar}] ${Math.floor(done * 100)} % ${text}`;
      screen.write(`\r\u001b[K${line.slice(0, Math.max(10, (screen.columns ?? 80) - 1))}`);
    },
    clear() {
      if (isShown) screen.write("\r\u001b[K");
      isShown = false;
    },
  };
};
