import pino from "pino";
import { createTimeline } from "../../atlas/create-timeline.ts";
import { loadMasterKey } from "../../atlas/master-key.ts";
import { createThreadCipher } from "../../atlas/thread-cipher.ts";
import { loadSettings } from "../../platform/config/settings.ts";
import { migrate } from "../../platform/db/migrate.ts";
import { openDatabase } from "../../platform/db/open-database.ts";
import { localPrincipal } from "../../platform/policy/principal.ts";

// Run as a process of its own: appends to one thread by four writers at once and prints each message once it is acknowledged,
// until somebody kills it. Arguments: data folder, thread (none: a fresh one), prefix of the texts.
const [dataDir = "", threadId, prefix = ""] = process.argv.slice(2);
const settings = loadSettings({ ATHENA_DATA_DIR: dataDir });
const database = await openDatabase({ settings, logger: pino({ level: "silent" }) });
await migrate(database);
const masterKey = await loadMasterKey({ dataDir });
const timeline = createTimeline({ database, cipher: createThreadCipher({ masterKey }) });

const append = async (content: string, thread: string | undefined): Promise<string> => {
  const opened = await timeline.open({
    principal: localPrincipal,
    mode: "open",
    ...(thread ? { threadId: thread } : {}),
    messages: [{ role: "user", author: "ada", content }],
  });
  const [message] = opened.messages;
  process.stdout.write(`${JSON.stringify([opened.thread.id, message?.position, message?.id, content])}\n`);
  return opened.thread.id;
};

const thread = await append(`${prefix} first`, threadId);
const writers = Array.from({ length: 4 }, async (_, writer) => {
  for (let turn = 0; ; turn += 1) await append(`${prefix} ${writer}.${turn}`, thread);
});
await Promise.all(writers);
