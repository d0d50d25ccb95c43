import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import { createTimeline } from "../../atlas/create-timeline.ts";
import { loadMasterKey } from "../../atlas/master-key.ts";
import { createThreadCipher } from "../../atlas/thread-cipher.ts";
import { migrate } from "../../platform/db/migrate.ts";
import { openDatabase } from "../../platform/db/open-database.ts";
import { localPrincipal } from "../../platform/policy/principal.ts";
import { nodeFlags } from "./node-flags.ts";
import { startPostgres } from "./postgres.ts";

export interface WriterKillsOutcome {
  readonly kills: number;
  /** Messages whose writers were told that they are stored. */
  readonly acknowledged: number;
  /** Of those, what is not there as it was told. */
  readonly lost: number;
  /** Threads whose positions have a gap. */
  readonly gaps: number;
  /** Threads of which events tell of fewer or of more messages than there are. */
  readonly mistold: number;
}

type Acknowledged = readonly [threadId: string, position: number, messageId: string, content: string];

interface Writer {
  readonly child: ChildProcess;
  /** Whole lines that it printed. */
  readonly lines: string[];
  readonly ended: Promise<unknown>;
}

const program = fileURLToPath(new URL("./append-worker.ts", import.meta.url));
const threadCount = 6;

/** Two processes append to the same threads of a PostgreSQL server; kills one of them at a time, at random moments. */
export const killWriters = async ({ kills }: { readonly kills: number }): Promise<WriterKillsOutcome> => {
  const server = await startPostgres();
  const logger = pino({ level: "silent" });
  const database = await openDatabase({ settings: { ATHENA_DATA_DIR: "", DATABASE_URL: server.url }, logger });
  const writers: Writer[] = [];
  const printed: string[] = [];

  const start = (name: string, threads: readonly string[]): void => {
    const child = spawn(process.execPath, [...nodeFlags, program, server.url, name, ...threads], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const lines: string[] = [];
    let rest = "";
    child.stdout!.setEncoding("utf8").on("data", (piece: string) => {
      const parts = `${rest}${piece}`.split("\n");
      rest = parts.pop() ?? "";
      lines.push(...parts);
    });
    writers.push({ child, lines, ended: once(child, "close") });
  };
  const kill = async (writer: Writer): Promise<void> => {
    writers.splice(writers.indexOf(writer), 1);
    writer.child.kill("SIGKILL");
    await writer.ended;
    printed.push(...writer.lines);
  };

  try {
    await migrate(database);
    const masterKey = await loadMasterKey({ ATHENA_MASTER_KEY: "5e".repeat(32), dataDir: "" });
    const timeline = createTimeline({ database, cipher: createThreadCipher({ masterKey }) });
    const threads: string[] = [];
    for (let made = 0; made < threadCount; made += 1) {
      const { thread } = await timeline.open({ principal: localPrincipal, mode: "open", messages: [] });
      threads.push(thread.id);
    }
    for (const name of ["first", "second"]) start(name, threads);
    for (let done = 0; done < kills; done += 1) {
      const writer = writers[Math.floor(Math.random() * writers.length)]!;
      // It must be writing, so that each kill meets work.
      while (writer.lines.length === 0) await Promise.race([delay(5), writer.ended]);
      await delay(Math.random() * 100);
      await kill(writer);
      start(`round ${done}`, threads);
    }
    await Promise.all([...writers].map(kill));

    const acknowledged = printed.map((line) => JSON.parse(line) as Acknowledged);
    const rows = await database.query<{ id: string; thread_id: string; position: number; content: string }>(
      "select id, thread_id, position, content from messages order by thread_id, position",
    );
    const stored = new Map(rows.map((row) => [row.id, row]));
    const lost = acknowledged.filter(([thread, position, id, content]) => {
      const row = stored.get(id);
      return row?.thread_id !== thread || row.position !== position || row.content !== content;
    });
    const [sum] = await database.query<{ gaps: number; mistold: number }>(
      `select
         (select count(*)::integer from threads t where t.last_position <> (select count(*) from messages m where m.thread_id = t.id)
           or t.last_position <> coalesce((select max(position) from messages m where m.thread_id = t.id), 0)) as gaps,
         (select count(*)::integer from threads t where t.last_position <> coalesce((
           select sum((o.payload ->> 'count')::integer) from outbox o where o.aggregate_id = t.id::text), 0)) as mistold`,
    );
    return { kills, acknowledged: acknowledged.length, lost: lost.length, ...sum! };
  } finally {
    await Promise.all([...writers].map(kill));
    await database.close();
    await server.stop();
  }
};
