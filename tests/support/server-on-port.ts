import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "./server-process.ts";

/** A program that serves one port, for as long as the tests want. */
export interface ServerOnPort {
  readonly port: number;
  /** Ends it at once, as a crash would. */
  crash(): Promise<void>;
  /** Starts it again on the same port, after `crash`. */
  restart(): Promise<void>;
  /** Stops it from answering, with its connections open, until `resume`. */
  pause(): void;
  resume(): void;
}

export interface ServerOnPortOptions {
  /** In messages: `Redis`. */
  readonly name: string;
  readonly program: string;
  readonly flags: (port: number) => readonly string[];
  readonly answers: (port: number) => Promise<boolean>;
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Whose process it is; default: ours. */
  readonly identity?: { readonly uid?: number; readonly gid?: number };
  /** What ends it at once and with everything that it started; default SIGKILL. */
  readonly killSignal?: NodeJS.Signals;
}

/** Longest wait for the first answer. */
const startMs = 15_000;

/** Starts a program on a free port of the loopback interface and waits until it answers. It ends with this process at the latest. */
export const startOnPort = async (options: ServerOnPortOptions): Promise<ServerOnPort> => {
  const { name, program, flags, answers, cwd, env, identity = {}, killSignal = "SIGKILL" } = options;
  const port = await freePort();

  const run = async () => {
    const child = spawn(program, flags(port), { ...identity, cwd, stdio: "ignore", ...(env ? { env } : {}) });
    const ended = once(child, "exit");
    const killWithUs = () => child.kill(killSignal);
    process.once("exit", killWithUs);
    const end = async (): Promise<void> => {
      process.off("exit", killWithUs);
      child.kill(killSignal);
      await ended;
    };
    for (const since = performance.now(); !(await answers(port)); await delay(25)) {
      if (child.exitCode === null && performance.now() - since < startMs) continue;
      await end();
      throw new Error(`${name} did not start`);
    }
    return { signal: (signal: NodeJS.Signals) => void child.kill(signal), end };
  };

  let running = await run();
  return {
    port,
    crash: () => running.end(),
    async restart() {
      running = await run();
    },
    pause: () => running.signal("SIGSTOP"),
    resume: () => running.signal("SIGCONT"),
  };
};
