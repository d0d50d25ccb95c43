import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startOnPort } from "./server-on-port.ts";
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
  const server = await startOnPort({
    name: "NATS",
    program,
    flags: (port) => {
      const flags = ["-c", configuration, "-a", "127.0.0.1", "-p", `${port}`, "-sd", store];
      return token === undefined ? flags : [...flags, "--auth", token];
    },
    answers: accepts,
    cwd: home,
  });
  const { port, crash, pause, resume } = server;
  return {
    url: token === undefined ? `nats://127.0.0.1:${port}` : `nats://${token}@127.0.0.1:${port}`,
    crash,
    async restart(kept = "kept") {
      if (kept === "empty") await rm(store, { recursive: true, force: true });
      await server.restart();
    },
    pause,
    resume,
    async stop() {
      await crash();
      await rm(home, { recursive: true, force: true });
    },
  };
};
