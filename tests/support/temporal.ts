import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Connection } from "@temporalio/client";
import { startOnPort } from "./server-on-port.ts";
import { findProgram } from "./servers.ts";

/** Temporal's development server with a store on disk, for one test file. */
export interface TemporalServer {
  /** `host:port`. */
  readonly address: string;
  /** Ends the server at once, as a crash would. */
  crash(): Promise<void>;
  /** Starts it again on the same port, with its store as it was. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Whether its frontend answers for the namespace: it opens its port some time before. */
const answers = async (port: number): Promise<boolean> => {
  const connection = Connection.lazy({ address: `127.0.0.1:${port}`, interceptors: [] });
  try {
    await connection.withDeadline(Date.now() + 1_000, async () => {
      await connection.workflowService.describeNamespace({ namespace: "default" });
    });
    return true;
  } catch {
    return false;
  } finally {
    await connection.close();
  }
};

/** Starts a server (1 to 3 s). Needs `describeWithServer("temporal", …)` around. */
export const startTemporal = async (): Promise<TemporalServer> => {
  const program = findProgram("temporal");
  if (program === undefined) throw new Error("Temporal is not installed");
  const home = await mkdtemp(join(tmpdir(), "athena-temporal-"));
  const server = await startOnPort({
    name: "Temporal",
    program,
    flags: (port) => [
      "server",
      "start-dev",
      "--headless",
      ...["--ip", "127.0.0.1", "--port", `${port}`],
      ...["--db-filename", join(home, "store.db"), "--log-level", "never"],
    ],
    answers,
    cwd: home,
  });
  return {
    address: `127.0.0.1:${server.port}`,
    crash: server.crash,
    restart: server.restart,
    async stop() {
      await server.crash();
      await rm(home, { recursive: true, force: true });
    },
  };
};
