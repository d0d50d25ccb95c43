import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort, removeDataDir } from "../../support/server-process.ts";
import { usedDataDir } from "../../support/used-data-dir.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
/** Ends the process as soon as it loads anything of Temporal. */
const refuseTemporal = `data:text/javascript,${encodeURIComponent(
  `import { registerHooks } from "node:module";
   registerHooks({ resolve(specifier, context, next) {
     if (specifier.startsWith("@temporalio/")) { console.error("loads " + specifier); process.exit(9); }
     return next(specifier, context);
   } });`,
)}`;

let dataDir: string;
beforeAll(async () => {
  dataDir = await usedDataDir();
});
afterAll(() => removeDataDir(dataDir));

/** Serves until it is ready, or has ended; its exit code. */
const serve = async (environment: Record<string, string>): Promise<{ ready: boolean; said: string }> => {
  const port = await freePort();
  const child = spawn(
    process.execPath,
    ["--import", refuseTemporal, "--disable-warning=ExperimentalWarning", "server/main.ts", "serve"],
    {
      cwd: root,
      stdio: ["ignore", "ignore", "pipe"],
      env: {
        PATH: process.env.PATH ?? "",
        LOG_LEVEL: "error",
        ATHENA_DATA_DIR: dataDir,
        ATHENA_PORT: `${port}`,
        ...environment,
      },
    },
  );
  let said = "";
  child.stderr.on("data", (chunk) => {
    said += chunk;
  });
  const ended = once(child, "close");
  let ready = false;
  for (; !ready && child.exitCode === null; await delay(50)) {
    ready = await fetch(`http://127.0.0.1:${port}/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  }
  child.kill();
  await ended;
  return { ready, said };
};

test("a server loads nothing of Temporal where jobs do not run on it", { timeout: 60_000 }, async () => {
  expect(await serve({})).toEqual({ ready: true, said: "" });
  expect(await serve({ TEMPORAL_ADDRESS: "127.0.0.1:9" })).toMatchObject({
    ready: false,
    said: expect.stringContaining("loads @temporalio/"),
  });
});
