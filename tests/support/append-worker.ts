import { pino } from "pino";
import { createTimeline } from "../../atlas/create-timeline.ts";
import { loadMasterKey } from "../../atlas/master-key.ts";
import { createThreadCipher } from "../../atlas/thread-cipher.ts";
import { openDatabase } from "../../platform/db/open-database.ts";
import { localPrincipal } from "../../platform/policy/principal.ts";

// Run as a process of its own until somebody kills it: appends to threads of a PostgreSQL database, several writers to each, one to
// three messages at once, and prints each message once it is acknowledged. Arguments: the database's address, a name, thread ids.
const [databaseUrl = "", name = "", ...threads] = process.argv.slice(2);
// Whoever started it may die before it is killed.
process.stdin.on("close", () => process.exit()).resume();
const logger = pino({ level: "silent" });
const database = await openDatabase({ settings: { ATHENA_DATA_DIR: "", DATABASE_URL: databaseUrl }, logger });
const masterKey = await loadMasterKey({ ATHENA_MASTER_KEY: "5e".repeat(32), dataDir: "" });
const timeline = createTimeline({ database, cipher: createThreadCipher({ masterKey }) });

const write = async (threadId: string, writer: string): Promise<never> => {
  for (let turn = 0; ; turn += 1) {
    const contents = Array.from({ length: 1 + (turn % 3) }, (_, index) => `${name} ${writer}.${turn}.${index}`);
    const { messages } = await timeline.open({
      principal: localPrincipal,
      mode: "open",
      threadId,
      messages: contents.map((content) => ({ role: "user", author: "ada", content })),
    });
    for (const { id, position, content } of messages) {
      process.stdout.write(`${JSON.stringify([threadId, position, id, content])}\n`);
    }
  }
};
await Promise.all(threads.flatMap((thread) => ["a", "b"].map((writer) => write(thread, writer))));
