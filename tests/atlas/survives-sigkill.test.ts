import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import pino from "pino";
import { expect, test } from "vitest";
import { createTimeline } from "../../atlas/create-timeline.ts";
import { loadMasterKey } from "../../atlas/master-key.ts";
import { createThreadCipher } from "../../atlas/thread-cipher.ts";
import { loadSettings } from "../../platform/config/settings.ts";
import { openDatabase } from "../../platform/db/open-database.ts";
import { localPrincipal } from "../../platform/policy/principal.ts";
import { dataDirWithCluster } from "../support/embedded-database.ts";
import { nodeFlags } from "../support/node-flags.ts";

const program = fileURLToPath(new URL("../support/append-until-killed.ts", import.meta.url));
const kills = 10;

type Acknowledged = readonly [threadId: string, position: number, messageId: string, content: string];

/** Lets the program append and kills it a moment after its first acknowledgement; gives all it acknowledged. */
const appendAndKill = async (dataDir: string, threadId: string, round: number): Promise<Acknowledged[]> => {
  const child = spawn(process.execPath, [...nodeFlags, program, dataDir, threadId, `round ${round}`], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let errors = "";
  child.stderr.on("data", (piece) => {
    errors += piece;
  });
  const ended = once(child, "close");
  const killAt = Promise.withResolvers<void>();
  child.stdout.on("data", (piece) => {
    output += piece;
    killAt.resolve();
  });
  await Promise.race([killAt.promise, ended]);
  // A different moment each time: 20 to 200 ms of writing.
  await wait(20 + ((round * 67) % 180));
  child.kill("SIGKILL");
  await ended;
  const lines = output.split("\n").slice(0, -1);
  if (lines.length === 0) throw new Error(`nothing was acknowledged: ${errors}`);
  return lines.map((line) => JSON.parse(line) as Acknowledged);
};

test(`loses no acknowledged message and leaves no gap when the process is killed ${kills} times`, {
  timeout: 120_000,
}, async () => {
  const dataDir = await dataDirWithCluster();
  try {
    const acknowledged: Acknowledged[] = [];
    for (let round = 0; round < kills; round += 1) {
      acknowledged.push(...(await appendAndKill(dataDir, acknowledged[0]?.[0] ?? "", round)));
    }
    const threadId = acknowledged[0]![0];
    const database = await openDatabase({
      settings: loadSettings({ ATHENA_DATA_DIR: dataDir }),
      logger: pino({ level: "silent" }),
    });
    try {
      const cipher = createThreadCipher({ masterKey: await loadMasterKey({ dataDir }) });
      const timeline = createTimeline({ database, cipher });
      const { messages } = await timeline.messages(localPrincipal, threadId, { after: 0, limit: 1_000_000 });
      expect(messages.map(({ position }) => position)).toEqual(messages.map((_, index) => index + 1));
      const stored = new Map(messages.map(({ id, position, content }) => [id, [position, content]]));
      for (const [, position, id, content] of acknowledged) expect(stored.get(id)).toEqual([position, content]);
      expect(acknowledged.length).toBeGreaterThan(kills * 2);
      const events = await database.query<{ count: string | number }>(
        "select count(*) as count from outbox where aggregate_id = $1",
        [threadId],
      );
      expect(Number(events[0]!.count)).toBe(messages.length);
    } finally {
      await database.close();
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
});
