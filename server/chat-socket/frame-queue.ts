export interface FrameQueueLimits {
  readonly framesPerSecond: number;
  readonly burst: number;
  readonly waitingFrames: number;
}

/**
 * Hands frames on in order, no faster than the rate; what is too fast waits. `push` gives false when too many wait: then the
 * client is to be cut off. `hold` and `release` say whether more should be read from the client.
 */
export const createFrameQueue = (
  handle: (frame: Buffer) => void,
  { framesPerSecond, burst, waitingFrames }: FrameQueueLimits,
  { hold, release }: { readonly hold: () => void; readonly release: () => void },
) => {
  const waiting: Buffer[] = [];
  let allowance = burst;
  let countedAt = performance.now();
  let timer: NodeJS.Timeout | undefined;

  const drain = (): void => {
    timer = undefined;
    const now = performance.now();
    allowance = Math.min(burst, allowance + ((now - countedAt) * framesPerSecond) / 1_000);
    countedAt = now;
    while (waiting.length > 0 && allowance >= 1) {
      allowance -= 1;
      handle(waiting.shift()!);
    }
    if (waiting.length > 0) timer = setTimeout(drain, Math.ceil(1_000 / framesPerSecond));
    else release();
  };

  return {
    push(frame: Buffer): boolean {
      if (waiting.length >= waitingFrames) return false;
      waiting.push(frame);
      if (timer === undefined) drain();
      if (waiting.length > 0) hold();
      return true;
    },
    stop(): void {
      clearTimeout(timer);
      waiting.length = 0;
    },
  };
};
