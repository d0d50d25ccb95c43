import { Writable } from "node:stream";
import { main } from "../../server/main.ts";
import type { Ran } from "./run-command.ts";

const collector = () => {
  const pieces: Buffer[] = [];
  const stream = new Writable({
    write(piece, _encoding, done) {
      pieces.push(Buffer.from(piece));
      done();
    },
  });
  return { stream, text: () => Buffer.concat(pieces).toString("utf8") };
};

const putEnvironment = (environment: NodeJS.ProcessEnv): void => {
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  Object.assign(process.env, environment);
};

const run = async (parameters: readonly string[], environment: Readonly<Record<string, string>>): Promise<Ran> => {
  const [output, errors] = [collector(), collector()];
  const own = Object.getOwnPropertyDescriptors(process);
  const before = { environment: { ...process.env }, exitCode: process.exitCode };
  const listeners = process.listeners("SIGINT");
  Object.defineProperty(process, "stdout", { configurable: true, get: () => output.stream });
  Object.defineProperty(process, "stderr", { configurable: true, get: () => errors.stream });
  putEnvironment({ PATH: process.env.PATH, TZ: "UTC", ...environment });
  process.exitCode = undefined;
  try {
    await main(["node", "athena", ...parameters]);
    return { code: Number(process.exitCode ?? 0), stdout: output.text(), stderr: errors.text() };
  } finally {
    Object.defineProperty(process, "stdout", own.stdout);
    Object.defineProperty(process, "stderr", own.stderr);
    putEnvironment(before.environment);
    process.exitCode = before.exitCode;
    for (const added of process.listeners("SIGINT")) if (!listeners.includes(added)) process.off("SIGINT", added);
  }
};

let last: Promise<unknown> = Promise.resolve();

/**
 * Runs a command of `athena` in this process, one after the other: what it says and its exit code are those of `runAthena`, for a
 * tenth of the time. Not seen is whether its process ends, and what its log writes: each kind of command has a test with
 * `runAthena` too. Not for commands that serve.
 */
export const runAthenaHere = (
  parameters: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ran> => {
  const ran = last.then(() => run(parameters, environment));
  last = ran.catch(() => undefined);
  return ran;
};
