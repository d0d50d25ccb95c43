import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { startOnPort } from "./server-on-port.ts";
import { findProgram } from "./servers.ts";

/** A PostgreSQL server of its own on a free port of the loopback interface, for one test file. */
export interface Postgres {
  /** Its first database, empty. */
  readonly url: string;
  /** A new database; a copy of `template` (a name) when one is given. */
  createDatabase(template?: string): Promise<{ readonly name: string; readonly url: string }>;
  /** Ends the server at once, as a crash would. */
  crash(): Promise<void>;
  /** Starts it again on the same port and data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** PostgreSQL does not run as root: then its files and processes belong to the user `postgres`. */
const identity = (): { uid?: number; gid?: number } => {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
};

const reachable = async (url: string): Promise<boolean> => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 500 });
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
};

interface ClusterMaking {
  readonly initdb: string;
  readonly server: string;
  readonly as: ReturnType<typeof identity>;
  readonly env: Readonly<Record<string, string>>;
}

const cache = fileURLToPath(new URL("../../node_modules/.cache/athena/", import.meta.url));

/** Puts an empty cluster into a folder that is made for it, a copy of one that is made once for each version: initdb takes long. */
const putCluster = ({ initdb, server, as, env }: ClusterMaking, data: string): void => {
  const version = execFileSync(server, ["--version"], { encoding: "utf8" }).trim();
  const owner = as.uid === undefined ? [] : ["-o", `${as.uid}`, "-g", `${as.gid}`];
  const settings = ["-U", "athena", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8"];
  const name = createHash("sha256")
    .update([version, ...settings, ...owner].join(" "))
    .digest("hex")
    .slice(0, 16);
  const template = join(cache, `postgres-cluster-${name}`);
  if (existsSync(template)) {
    execFileSync("cp", ["-a", template, data]);
    return;
  }
  execFileSync("install", ["-d", "-m", "700", ...owner, data]);
  execFileSync(initdb, ["-D", data, ...settings], { ...as, cwd: data, env, stdio: ["ignore", "ignore", "pipe"] });
  const made = `${template}-${process.pid}`;
  mkdirSync(cache, { recursive: true });
  execFileSync("cp", ["-a", data, made]);
  try {
    renameSync(made, template);
  } catch {
    rmSync(made, { recursive: true, force: true }); // another test file was quicker
  }
};

/** Starts a server with an empty cluster (about 1 s), without fsync. Needs `describeWithServer("postgres", …)` around. */
export const startPostgres = async (): Promise<Postgres> => {
  const initdb = findProgram("initdb");
  const server = findProgram("postgres");
  if (initdb === undefined || server === undefined) throw new Error("PostgreSQL is not installed");
  const as = identity();
  const home = await mkdtemp(join(tmpdir(), "athena-postgres-"));
  await chmod(home, 0o755);
  const data = join(home, "data");
  const env = { PATH: process.env.PATH ?? "", TZ: "UTC" };
  putCluster({ initdb, server, as, env }, data);
  const urlOn = (port: number, name: string) => `postgres://athena@127.0.0.1:${port}/${name}`;
  const options = { listen_addresses: "127.0.0.1", unix_socket_directories: "", fsync: "off", max_connections: "60" };
  const { port, crash, restart } = await startOnPort({
    name: "PostgreSQL",
    program: server,
    flags: (on) => [
      ...["-D", data, "-p", `${on}`],
      ...Object.entries(options).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
    ],
    answers: (on) => reachable(urlOn(on, "postgres")),
    cwd: data,
    env,
    identity: as,
    killSignal: "SIGQUIT",
  });
  const urlOf = (name: string) => urlOn(port, name);
  let databases = 0;
  return {
    url: urlOf("postgres"),
    async createDatabase(template = "template1") {
      databases += 1;
      const name = `test${databases}`;
      const client = new pg.Client({ connectionString: urlOf("postgres") });
      await client.connect();
      await client.query(`create database ${name} template ${template}`).finally(() => client.end());
      return { name, url: urlOf(name) };
    },
    crash,
    restart,
    async stop() {
      await crash();
      await rm(home, { recursive: true, force: true });
    },
  };
};
