import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Redis } from "ioredis";
import { freePort } from "./server-process.ts";
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
  const port = await freePort();
  const credentials = password === undefined ? "" : `:${password}@`;
  const url = `redis://${credentials}127.0.0.1:${port}`;

  const run = async () => {
    const flags = ["--port", `${port}`, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", home];
    if (password !== undefined) flags.push("--requirepass", password);
    const child = spawn(program, flags, { cwd: home, stdio: "ignore" });
    const ended = once(child, "exit");
    const killWithUs = () => child.kill("SIGKILL");
    process.once("exit", killWithUs);
    for (let tries = 0; !(await reachable(url)); tries += 1) {
      if (tries > 200 || child.exitCode !== null) throw new Error("Redis did not start");
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
    url,
    crash: () => server.end(),
    async restart() {
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
