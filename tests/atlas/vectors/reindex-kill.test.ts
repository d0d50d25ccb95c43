import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import { expect, test } from "vitest";
import { createTimeline } from "../../../atlas/create-timeline.ts";
import { loadMasterKey } from "../../../atlas/master-key.ts";
import { createThreadCipher } from "../../../atlas/thread-cipher.ts";
import { migrate } from "../../../platform/db/migrate.ts";
import { openDatabase } from "../../../platform/db/open-database.ts";
import { startPostgres } from "../../support/postgres.ts";
import { runAthena } from "../../support/run-command.ts";
import { describeWithServer } from "../../support/servers.ts";
import { somebody } from "../../support/timeline-samples.ts";

const program = fileURLToPath(new URL("../../support/reindex-worker.ts", import.meta.url));
const kills = 8;
const count = 600;

/** Lets the program make vectors anew and kills it some moment after it has begun. */
const reindexAndKill = async (url: string, round: number): Promise<void> => {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", program, url], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "close");
  await Promise.race([once(child.stdout, "data"), ended]);
  await wait((round * 137) % 700);
  child.kill("SIGKILL");
  await ended;
};

describeWithServer("postgres", "athena atlas reindex", () => {
  test(`killed ${kills} times it goes on, and leaves every message's vectors once`, { timeout: 180_000 }, async () => {
    const server = await startPostgres();
    try {
      const database = await openDatabase({
        settings: { ATHENA_DATA_DIR: "", DATABASE_URL: server.url },
        logger: pino({ level: "silent" }),
      });
      await migrate(database);
      const cipher = createThreadCipher({
        masterKey: await loadMasterKey({ ATHENA_MASTER_KEY: "5e".repeat(32), dataDir: "" }),
      });
      const timeline = createTimeline({ database, cipher });
      const messages = Array.from({ length: count }, (_, n) => ({
        role: "user" as const,
        author: "ada",
        content: `boat number ${n} lies in the harbour`,
      }));
      for (let from = 0; from < count; from += 100) {
        await timeline.open({ principal: somebody(), mode: "open", messages: messages.slice(from, from + 100) });
      }
      for (let round = 0; round < kills; round += 1) {
        await reindexAndKill(server.url, round);
        // At any moment one space serves, and it holds everything.
        const [serving] = await database.query<{ id: number }>("select id from vector_spaces where state = 'serving'");
        const rows = await database.query(`select item from message_vectors_${serving!.id}`);
        expect(rows).toHaveLength(count);
      }
      const { code, stdout, stderr } = await runAthena(["atlas", "reindex"], {
        DATABASE_URL: server.url,
      });
      expect(stderr).toBe("");
      expect(stdout).toMatch(/^The vectors of 600 messages and all documents are made anew by 'athena-embed'/);
      expect(code).toBe(0);
      expect(await database.query("select state from vector_spaces")).toEqual([{ state: "serving" }]);
      const rows = await database.query<{ item: string }>("select item from message_vectors");
      expect(rows).toHaveLength(count);
      expect(new Set(rows.map(({ item }) => item)).size).toBe(count);
      const text = await runAthena(["atlas", "reindex", "--text"], { DATABASE_URL: server.url });
      expect(text.stdout).toBe("600 messages and all documents are indexed anew.\n");
      expect(await database.query("select distinct item from text_items")).toHaveLength(count);
      await database.close();
    } finally {
      await server.stop();
    }
  });
});
