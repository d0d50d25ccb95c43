import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** A served engine in its own process, as a user starts it. */
export interface ServerProcess {
  readonly url: string;
  readonly dataDir: string;
  readonly pid: number;
  /** Milliseconds from the start of the process to the first 200 of `/ready`. */
  readonly readyMs: number;
  /** Resident memory in MiB. */
  memory(): Promise<number>;
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export interface ServerOptions {
  readonly dataDir?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** `npm start` instead of the command itself. */
  readonly throughNpm?: boolean;
  readonly timeoutMs?: number;
}

/** A free port of the loopback interface. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === "object" ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });

/** A data folder of its own, removed by the caller. */
export const freshDataDir = (): Promise<string> => mkdtemp(join(tmpdir(), "athena-"));

/** Removes a data folder. */
export const removeDataDir = (dataDir: string): Promise<void> => rm(dataDir, { recursive: true, force: true });

/** Starts a server and waits until it is ready; fails with its output when it ends first. */
export const startServer = async (options: ServerOptions = {}): Promise<ServerProcess> => {
  const dataDir = options.dataDir ?? (await freshDataDir());
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const started = performance.now();
  const [command, args] = options.throughNpm
    ? ["npm", ["start"]]
    : [process.execPath, ["--max-semi-space-size=32", "bin/athena.js", "serve"]];
  const child = spawn(command, args, {
    cwd: root,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env.PATH ?? "",
      HOME: process.env.HOME ?? "",
      LANGSMITH_TRACING: "false",
      LOG_LEVEL: "warn",
      ATHENA_PORT: String(port),
      ATHENA_DATA_DIR: dataDir,
      ATHENA_TIMEZONE: "Europe/Warsaw",
      ...options.environment,
    },
  });
  let output = "";
  child.stdout.on("data", (chunk) => (output = (output + chunk).slice(-8_000)));
  child.stderr.on("data", (chunk) => (output = (output + chunk).slice(-8_000)));
  const ended = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  let exited = false;
  void ended.then(() => (exited = true));
  const group = child.pid ?? 0;
  const deadline = performance.now() + (options.timeoutMs ?? 30_000);
  for (;;) {
    if (exited) throw new Error(`The server ended before it was ready:\n${output}`);
    if (performance.now() > deadline) {
      process.kill(-group, "SIGKILL");
      throw new Error(`The server was not ready in time:\n${output}`);
    }
    const ready = await fetch(`${url}/ready`).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) break;
    await sleep(10);
  }
  const readyMs = performance.now() - started;
  const pid = Number(
    (await fetch(`${url}/health`).then((response) => response.json() as Promise<{ pid?: number }>)).pid ?? group,
  );
  return {
    url,
    dataDir,
    pid,
    readyMs,
    async memory() {
      const status = await readFile(`/proc/${pid}/status`, "utf8");
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1024;
    },
    async stop(signal = "SIGTERM") {
      if (!exited) process.kill(-group, signal);
      return ended;
    },
  };
};
