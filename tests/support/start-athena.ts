import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { providersAt } from "./engine.ts";
import { nodeFlags } from "./node-flags.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** `athena serve`, `athena front` or `athena worker` in its own process. */
export interface AthenaProcess {
  readonly url: string;
  /** SIGKILL, and waits until it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; the exit code. */
  stop(): Promise<number | null>;
}

/** Starts it on a port of its own choosing and waits until it answers. */
export const startAthena = async (
  command: "serve" | "front" | "worker",
  port: number,
  environment: Readonly<Record<string, string>>,
): Promise<AthenaProcess> => {
  const url = `http://127.0.0.1:${port}`;
  const words = command === "worker" ? [command, "--port", `${port}`] : [command];
  const child = spawn(process.execPath, [...nodeFlags, "server/main.ts", ...words], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env.PATH ?? "",
      HOME: process.env.HOME ?? "",
      ...providersAt("http://127.0.0.1:9"),
      LOG_LEVEL: "error",
      ATHENA_PORT: String(port),
      ATHENA_TIMEZONE: "Europe/Warsaw",
      ...environment,
    },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output = `${output}${chunk}`.slice(-4_000);
    });
  }
  const ended = once(child, "close") as Promise<[number | null]>;
  const killWithUs = () => child.kill("SIGKILL");
  process.once("exit", killWithUs);
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal);
    const [code] = await ended;
    process.off("exit", killWithUs);
    return code;
  };
  for (const from = performance.now(); ; await delay(20)) {
    if (child.exitCode !== null) throw new Error(`athena ${command} ended:\n${output}`);
    if (performance.now() - from > 60_000) {
      await end("SIGKILL");
      throw new Error(`athena ${command} did not start:\n${output}`);
    }
    const answers = await fetch(`${url}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (answers) break;
  }
  return {
    url,
    async kill() {
      await end("SIGKILL");
    },
    stop: () => end("SIGTERM"),
  };
};
