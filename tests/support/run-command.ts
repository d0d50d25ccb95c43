import { spawn } from "node:child_process";
import { resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `athena` with an environment of its own (nothing of the caller's but the path); stopped after 60 s. */
export const runAthena = (
  parameters: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  node: string = process.execPath,
): Promise<Ran> =>
  new Promise((done, fail) => {
    const child = spawn(node, [resolve(root, "bin/athena.js"), ...parameters], {
      env: { PATH: process.env.PATH, TZ: "UTC", ...environment },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: 60_000,
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
    child.once("error", fail);
    child.once("close", (code) => done({ code, stdout, stderr }));
  });
