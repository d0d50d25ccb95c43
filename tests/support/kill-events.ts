import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import { migrate } from "../../platform/db/migrate.ts";
import { openDatabase } from "../../platform/db/open-database.ts";
import { publish } from "../../platform/events/outbox.ts";
import { startNats } from "./nats.ts";
import { nodeFlags } from "./node-flags.ts";
import { startPostgres } from "./postgres.ts";
import { until } from "./until.ts";

export interface EventKillsOutcome {
  readonly kills: number;
  /** Events whose transaction committed. */
  readonly committed: number;
  /** Committed events without an effect. */
  readonly lost: number;
  /** Effects beyond one for each event, or of events that were rolled back. */
  readonly duplicated: number;
  /** Aggregates whose effects are not in the order of their events. */
  readonly disordered: number;
  /** Deliveries of events that had their effect already: without some, the kills have hit nothing. */
  readonly repeated: number;
}

export interface KillEventsOptions {
  readonly kills: number;
  readonly bus: "embedded" | "nats";
  /** Also kill the broker, every tenth time. */
  readonly killBroker?: boolean;
}

type Role = "relay" | "consumer";
const program = fileURLToPath(new URL("./events-worker.ts", import.meta.url));
const aggregates = 12;
/** Longest pause of a writer: the machine shall be busy with what is tested, not with writing. */
const idlePauseMs = 200;

/** Two processes of each role; kills one of them at a time, at random moments, while writers commit late or not at all. */
export const killEvents = async ({ kills, bus, killBroker = false }: KillEventsOptions): Promise<EventKillsOutcome> => {
  const [server, nats] = await Promise.all([startPostgres(), bus === "nats" ? startNats() : undefined]);
  const logger = pino({ level: "silent" });
  const database = await openDatabase({ settings: { ATHENA_DATA_DIR: "", DATABASE_URL: server.url }, logger });
  const children = new Map<ChildProcess, Role>();
  let writing = true;

  const start = async (role: Role): Promise<void> => {
    const child = spawn(process.execPath, [...nodeFlags, program, role, server.url, nats?.url ?? ""], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    children.set(child, role);
    if (role === "relay") await Promise.race([once(child.stdout!, "data"), once(child, "exit")]);
    child.stdout!.resume();
  };
  const kill = async (child: ChildProcess): Promise<void> => {
    children.delete(child);
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  };

  let committed = 0;
  /** One aggregate's writer: the next number only when the one before is committed, as a thread's row lock makes it. */
  const write = async (aggregate: number): Promise<void> => {
    for (let number = 1; writing; ) {
      const keep = Math.random() > 0.15;
      const turn = database.transaction(async (connection) => {
        await publish(connection, {
          subject: "ops.health.{service}",
          tokens: { service: `a${aggregate}` },
          payload: { service: String(number), state: "up" },
          aggregate: { type: "faults", id: `a${aggregate}` },
        });
        await delay(Math.random() * 15);
        if (!keep) throw new Error("rolled back");
      });
      await turn.then(
        () => {
          number += 1;
          committed += 1;
        },
        () => undefined,
      );
      await delay(Math.random() * idlePauseMs);
    }
  };

  try {
    await migrate(database);
    await database.query(
      "create table effects (sequence bigint generated always as identity, event_id text, aggregate_id text, number integer)",
    );
    await database.query("create table repeats (event_id text)");
    await Promise.all(["relay", "relay", "consumer", "consumer"].map((role) => start(role as Role)));
    const writers = Array.from({ length: aggregates }, (_, aggregate) => write(aggregate));
    for (let done = 0; done < kills; done += 1) {
      // Something must have moved since the last kill, so that each one meets work.
      const before = await effectsOf();
      await until(async () => (await effectsOf()) > before, 30_000);
      await delay(Math.random() * 150);
      if (killBroker && nats && done % 10 === 9) {
        await nats.crash();
        await delay(50);
        await nats.restart();
        continue;
      }
      const candidates = [...children].filter(([, role]) => role === (done % 2 === 0 ? "relay" : "consumer"));
      const [victim, role] = candidates[Math.floor(Math.random() * candidates.length)]!;
      await kill(victim);
      await start(role);
    }
    writing = false;
    await Promise.all(writers);
    // On a busy machine much may be left to do: it is lost only where nothing moves any more.
    for (let before = -1, now = await effectsOf(); now < committed && now > before; now = await effectsOf()) {
      before = now;
      await until(async () => (await effectsOf()) > before, 60_000).catch(() => undefined);
    }
    await delay(300); // a second effect would come late

    const [sum] = await database.query<{ lost: number; duplicated: number; disordered: number; repeated: number }>(`
      select
        (select count(*)::integer from outbox o where o.aggregate_type = 'faults'
           and not exists (select from effects e where e.event_id = o.id::text)) as lost,
        (select (count(*) - count(distinct event_id))::integer from effects)
          + (select count(*)::integer from effects e where not exists (select from outbox o where o.id::text = e.event_id)) as duplicated,
        (select count(distinct aggregate_id)::integer from (
           select aggregate_id, number, row_number() over (partition by aggregate_id order by sequence) as place from effects
         ) numbered where number <> place) as disordered,
        (select count(*)::integer from repeats) as repeated`);
    return { kills, committed, ...sum! };
  } finally {
    writing = false;
    await Promise.all([...children.keys()].map(kill));
    await database.close();
    await Promise.all([server.stop(), nats?.stop()]);
  }

  async function effectsOf(): Promise<number> {
    const [row] = await database.query<{ count: number }>("select count(*)::integer as count from effects");
    return row!.count;
  }
};
