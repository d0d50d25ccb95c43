import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { freePort } from "./server-process.ts";
import { findProgram } from "./servers.ts";

/** A NATS server of its own with JetStream on disk, for one test file. */
export interface NatsServer {
  readonly url: string;
  /** Ends the server at once, as a crash would. */
  crash(): Promise<void>;
  /** Starts it again on the same port; with its store as it was, or an empty one. */
  restart(store?: "kept" | "empty"): Promise<void>;
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
}

const configuration = fileURLToPath(new URL("../../scripts/nats-server.conf", import.meta.url));

const accepts = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("data", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });

/** Starts a server (about 0.1 s) with the shipped configuration. Needs `describeWithServer("nats", …)` around. */
export const startNats = async ({ token }: { token?: string } = {}): Promise<NatsServer> => {
  const program = findProgram("nats-server");
  if (program === undefined) throw new Error("NATS is not installed");
  const home = await mkdtemp(join(tmpdir(), "athena-nats-"));
  const store = join(home, "store");
  const port = await freePort();

  const run = async () => {
    const flags = ["-c", configuration, "-a", "127.0.0.1", "-p", `${port}`, "-sd", store];
    if (token !== undefined) flags.push("--auth", token);
    const child = spawn(program, flags, { cwd: home, stdio: "ignore" });
    const ended = once(child, "exit");
    const killWithUs = () => child.kill("SIGKILL");
    process.once("exit", killWithUs);
    for (let tries = 0; !(await accepts(port)); tries += 1) {
      if (tries > 200 || child.exitCode !== null) throw new Error("NATS did not start");
      await delay(25);
    }
    return {
      signal: (signal: NodeJS.Signals) => child.kill(signal),
      async end() {
        process.off("exit", killWithUs);
        child.kill("SIGKILL");
        await ended;
      },
    };
  };

  let server = await run();
  return {
    url: token === undefined ? `nats://127.0.0.1:${port}` : `nats://${token}@127.0.0.1:${port}`,
    crash: () => server.end(),
    async restart(kept = "kept") {
      if (kept === "empty") await rm(store, { recursive: true, force: true });
      server = await run();
    },
    pause: () => server.signal("SIGSTOP"),
    resume: () => server.signal("SIGCONT"),
    async stop() {
      await server.end();
      await rm(home, { recursive: true, force: true });
    },
  };
};
