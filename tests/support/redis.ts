import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { startOnPort } from "./server-on-port.ts";
import { findProgram } from "./servers.ts";

/** A Redis server of its own on a free port of the loopback interface; it keeps nothing on disk. */
export interface RedisServer {
  readonly url: string;
  /** Ends it at once; what it held is gone. */
  crash(): Promise<void>;
  /** Starts it again on the same port, empty. */
  restart(): Promise<void>;
  /** Stops it from answering, with its connections open, until `resume`. */
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
}

const reachable = async (url: string): Promise<boolean> => {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, connectTimeout: 500 });
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.ping();
    return true;
  } catch {
    return false;
  } finally {
    client.disconnect();
  }
};

/** Starts a server (about 0.1 s), with a password when one is given. Needs `describeWithServer("redis", …)` around. */
export const startRedis = async ({ password }: { password?: string } = {}): Promise<RedisServer> => {
  const program = findProgram("redis-server");
  if (program === undefined) throw new Error("Redis is not installed");
  const home = await mkdtemp(join(tmpdir(), "athena-redis-"));
  const credentials = password === undefined ? "" : `:${password}@`;
  const urlOf = (port: number) => `redis://${credentials}127.0.0.1:${port}`;
  const { port, crash, restart, pause, resume } = await startOnPort({
    name: "Redis",
    program,
    flags: (port) => {
      const flags = ["--port", `${port}`, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", home];
      return password === undefined ? flags : [...flags, "--requirepass", password];
    },
    answers: (port) => reachable(urlOf(port)),
    cwd: home,
  });
  return {
    url: urlOf(port),
    crash,
    restart,
    pause,
    resume,
    async stop() {
      await crash();
      await rm(home, { recursive: true, force: true });
    },
  };
};
