import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { nodeFlags } from "./node-flags.ts";

/** A script of `tests/support` in its own process, with the lines it has printed. */
export interface StartedScript {
  readonly lines: readonly string[];
  /** Resolves with the first line that starts so; rejects when the process ends without it. */
  line(start: string): Promise<string>;
  /** Kills it with SIGKILL and waits until it is gone. */
  kill(): Promise<void>;
}

/** Starts `tests/support/{name}` with this Node. */
export const startScript = (name: string, args: readonly string[]): StartedScript => {
  const path = fileURLToPath(new URL(name, import.meta.url));
  const child = spawn(process.execPath, [...nodeFlags, path, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "close");
  const killWithUs = () => child.kill("SIGKILL");
  process.once("exit", killWithUs);
  const lines: string[] = [];
  let rest = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    const parts = `${rest}${chunk}`.split("\n");
    rest = parts.pop() ?? "";
    lines.push(...parts);
    child.emit("lines");
  });
  return {
    lines,
    line: (start) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = lines.find((line) => line.startsWith(start));
          if (found !== undefined) resolve(found);
        };
        look();
        child.on("lines", look);
        ended.then(() => reject(new Error(`${name} ended without '${start}': ${lines.join("; ")}`)));
      }),
    async kill() {
      child.kill("SIGKILL");
      await ended;
      process.off("exit", killWithUs);
    },
  };
};
