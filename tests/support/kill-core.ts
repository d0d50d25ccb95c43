import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import { createThreadChanges } from "../../atlas/create-thread-changes.ts";
import { createTimeline } from "../../atlas/create-timeline.ts";
import { loadMasterKey } from "../../atlas/master-key.ts";
import { createThreadCipher } from "../../atlas/thread-cipher.ts";
import { migrate } from "../../platform/db/migrate.ts";
import { openDatabase } from "../../platform/db/open-database.ts";
import { hashedEmbedding } from "../../platform/models/hashed-embedding.ts";
import type { Principal } from "../../platform/policy/principal.ts";
import { nodeFlags } from "./node-flags.ts";
import { startPostgres } from "./postgres.ts";
import { startQdrantServer } from "./qdrant-server.ts";
import { freePort } from "./server-process.ts";
import { until } from "./until.ts";

export interface CoreKillsOutcome {
  readonly kills: number;
  /** Messages that were acknowledged to their writers and may be in DEEP. */
  readonly messages: number;
  /** Edits, deletions, and threads that turned confidential. */
  readonly changes: number;
  /** Messages whose present text is not in DEEP. */
  readonly lost: number;
  /** Vectors beyond one for each message, or of messages that may not be there. */
  readonly duplicated: number;
  /** Vectors that were written again as they were: without some, the kills have hit nothing. */
  readonly repeated: number;
}

type Role = "edge" | "core";
const program = fileURLToPath(new URL("./core-worker.ts", import.meta.url));
const writers = 8;
/** Without anything new for so long, what is missing is lost. */
const patienceMs = 20_000;
const principal: Principal = { id: "ada", roles: ["user"], profile: "openai" };

/**
 * An engine's sync and a core, each a process; kills one of them at a time, at random moments, while writers add, edit, delete,
 * turn threads confidential, and hold transactions open. PostgreSQL is real, Qdrant a stand-in that outlives them.
 */
export const killCore = async ({ kills }: { readonly kills: number }): Promise<CoreKillsOutcome> => {
  const [server, qdrant, port] = await Promise.all([startPostgres(), startQdrantServer(), freePort()]);
  const logger = pino({ level: "silent" });
  const database = await openDatabase({ settings: { ATHENA_DATA_DIR: "", DATABASE_URL: server.url }, logger });
  const cipher = createThreadCipher({
    masterKey: await loadMasterKey({ ATHENA_MASTER_KEY: "5e".repeat(32), dataDir: "" }),
  });
  const timeline = createTimeline({ database, cipher });
  const threadChanges = createThreadChanges({ database, cipher });
  const running = new Map<Role, ChildProcess>();
  const texts = new Map<string, string>();
  let changes = 0;
  let writing = true;

  const start = async (role: Role): Promise<void> => {
    const given = role === "edge" ? [server.url, `${port}`] : [qdrant.url, `http://127.0.0.1:${port}`];
    const child = spawn(process.execPath, [...nodeFlags, program, role, ...given], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    running.set(role, child);
    await Promise.race([once(child.stdout!, "data"), once(child, "exit")]);
    child.stdout!.resume();
  };
  const kill = async (role: Role): Promise<void> => {
    const child = running.get(role);
    running.delete(role);
    if (!child || child.exitCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  };

  const write = async (writer: number): Promise<void> => {
    for (let round = 0; writing; round += 1) {
      const { thread } = await timeline.open({ principal, mode: "open", messages: [] });
      const own: string[] = [];
      for (let turn = 0; turn < 12 && writing; turn += 1) {
        const said = Array.from(
          { length: 1 + (turn % 3) },
          (_, n) => `writer ${writer} round ${round} turn ${turn} ${n}`,
        );
        const { messages } = await timeline.open({
          principal,
          threadId: thread.id,
          mode: "open",
          messages: said.map((content) => ({ role: "user", author: "ada", content })),
        });
        for (const { id, content } of messages) {
          texts.set(id, content);
          own.push(id);
        }
        const messageId = own[Math.floor(Math.random() * own.length)]!;
        if (Math.random() < 0.2 && texts.has(messageId)) {
          const content = `edited by ${writer} in ${round} at ${turn}`;
          await threadChanges.edit({ principal, threadId: thread.id, messageId, content });
          texts.set(messageId, content);
          changes += 1;
        } else if (Math.random() < 0.1 && texts.has(messageId)) {
          await threadChanges.remove({ principal, threadId: thread.id, messageId });
          texts.delete(messageId);
          changes += 1;
        }
        await delay(Math.random() * 250);
      }
      if (Math.random() < 0.3) {
        await timeline.open({ principal, threadId: thread.id, mode: "confidential", messages: [] });
        for (const id of own) texts.delete(id);
        changes += 1;
      }
    }
  };
  /** A transaction that adds a message and commits long after others have. */
  const writeLate = async (): Promise<void> => {
    while (writing) {
      const { thread } = await timeline.open({ principal, mode: "open", messages: [] });
      const id = crypto.randomUUID();
      const content = `late ${id}`;
      await database.transaction(async (connection) => {
        await connection.query(
          "select timeline_advance(id, $2, $2, null, 'message.created.x', $3::jsonb) from threads where id = $1",
          [thread.id, principal.id, JSON.stringify([{ id, role: "user", author: "ada", content }])],
        );
        await delay(200 + Math.random() * 1_500);
      });
      texts.set(id, content);
    }
  };

  const isSame = (vector: readonly number[], content: string): boolean => {
    const wanted = hashedEmbedding(content, 32);
    return vector.every((value, at) => Math.abs(value - wanted[at]!) < 1e-4);
  };
  const judge = () => {
    const points = qdrant.stored("atlas_deep");
    const byItem = Map.groupBy(points, ({ payload }) => (payload.metadata as { item: string }).item);
    const lost = [...texts].filter(
      ([id, content]) => !(byItem.get(id) ?? []).some(({ vector }) => isSame(vector, content)),
    ).length;
    const duplicated = [...byItem].reduce((sum, [id, own]) => sum + own.length - (texts.has(id) ? 1 : 0), 0);
    return { lost, duplicated };
  };

  /** As long as something is still taken in. */
  const settled = async (): Promise<void> => {
    let least = Number.POSITIVE_INFINITY;
    let leastAt = performance.now();
    while (performance.now() - leastAt < patienceMs) {
      const { lost, duplicated } = judge();
      if (lost + duplicated === 0) return;
      if (lost + duplicated < least) {
        least = lost + duplicated;
        leastAt = performance.now();
      }
      await delay(250);
    }
  };

  try {
    await migrate(database);
    await Promise.all([start("edge"), start("core")]);
    const work = [...Array.from({ length: writers }, (_, writer) => write(writer)), writeLate(), writeLate()];
    for (let done = 0; done < kills; done += 1) {
      // Something must have been stored since the last kill, so that each one meets work.
      const before = qdrant.writes();
      await until(async () => qdrant.writes() > before, 30_000);
      await delay(Math.random() * 150);
      const role: Role = done % 3 === 2 ? "edge" : "core";
      await kill(role);
      await start(role);
    }
    writing = false;
    await Promise.all(work);
    await settled();
    return { kills, messages: texts.size, changes, ...judge(), repeated: qdrant.repeated() };
  } finally {
    writing = false;
    await Promise.all([kill("edge"), kill("core")]);
    await database.close();
    await Promise.all([server.stop(), qdrant.stop()]);
  }
};
