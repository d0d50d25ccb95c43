import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Database } from "../db/database.ts";

/** What is known of the attempts that a death cut off. */
export interface CutOff {
  readonly begun: Readonly<Record<string, number>>;
  /** Notes that an event is being handled for the so many-th time under watch; undefined: that it is settled. */
  note(eventId: string, times: number | undefined): Promise<void>;
}

/** The right to serve a consumer, until `lost` aborts. */
export interface ConsumerLease {
  /** Aborts when another process may have taken over. */
  readonly lost: AbortSignal;
  /** Up to where everything was handled when the lease was taken. */
  readonly position: number;
  /**
   * Set when the holder before died, or stood still too long: how often each event was begun since and not ended (`begun`).
   * What is begun and ended under watch is stored at once.
   */
  readonly cutOff: CutOff | undefined;
  /** Notes how far everything is handled; stored soon. */
  advance(position: number): void;
  /** Stores the position and gives the lease back. */
  release(): Promise<void>;
}

export interface TakeLeaseOptions {
  readonly database: Database;
  readonly consumer: string;
  /** How long a process that died keeps the others out. */
  readonly leaseMs: number;
  /** Ends the wait for the lease. */
  readonly signal: AbortSignal;
}

/** How often a moved position is stored. */
const saveMs = 200;

/**
 * Waits until this process alone serves a consumer; undefined when the signal aborts first. The lease is renewed in the
 * background. A holder that stood still for longer than its lease may still finish an event: idempotent effects make that harmless.
 */
export const takeLease = async (options: TakeLeaseOptions): Promise<ConsumerLease | undefined> => {
  const { database, consumer, leaseMs, signal } = options;
  const holder = randomUUID();
  const extended = "now() + $3 * interval '1 ms'";

  interface Taken {
    readonly position: string | number;
    readonly cut_off: boolean;
    readonly begun: Record<string, number>;
  }
  const take = async (): Promise<Taken | undefined> => {
    const [row] = await database.query<Taken>(
      `insert into event_consumers as c (name, holder, lease_until) values ($1, $2, ${extended})
       on conflict (name) do update set holder = excluded.holder, lease_until = excluded.lease_until,
         cut_off = c.holder is not null, begun = case when c.holder is null then '{}' else c.begun end
       where c.holder is null or c.lease_until < now() returning position, cut_off, begun`,
      [consumer, holder, leaseMs],
    );
    return row;
  };
  const note = async (eventId: string, times: number | undefined): Promise<void> => {
    await database.query(
      `update event_consumers set begun = case when $4::integer is null then begun - $3::text
         else begun || jsonb_build_object($3::text, $4) end
       where name = $1 and holder = $2`,
      [consumer, holder, eventId, times ?? null],
      "event_consumers_begun",
    );
  };
  const ours = (kept: "renewed" | "released", position: number) =>
    database.query(
      `update event_consumers set position = greatest(position, $4::bigint),
         lease_until = case when $5::boolean then ${extended} else now() end, holder = case when $5 then holder end
       where name = $1 and holder = $2 returning 1 as kept`,
      [consumer, holder, leaseMs, position, kept === "renewed"],
      "event_consumers_renew",
    );

  let taken: Taken | undefined;
  let until = 0;
  while (!signal.aborted) {
    until = performance.now() + leaseMs;
    taken = await take().catch(() => undefined);
    if (taken !== undefined) break;
    await delay(leaseMs / 4, undefined, { signal }).catch(() => undefined);
  }
  if (taken === undefined) return undefined;
  const from = Number(taken.position);

  const lost = new AbortController();
  let [position, saved] = [from, from];
  let renewing: Promise<void> | undefined;
  const renew = async (): Promise<void> => {
    const [at, sent] = [position, performance.now()];
    try {
      const rows = await ours("renewed", at);
      if (rows.length === 0) return lost.abort();
      [saved, until] = [at, sent + leaseMs];
    } catch {
      // The database is away: it may be ours again when it comes back in time.
    }
  };
  const tick = () => {
    if (performance.now() > until) lost.abort();
    const due = position > saved || performance.now() > until - (leaseMs * 2) / 3;
    if (!due || renewing || lost.signal.aborted) return;
    renewing = renew().finally(() => {
      renewing = undefined;
    });
  };
  const timer = setInterval(tick, Math.min(saveMs, leaseMs / 4));
  timer.unref();
  lost.signal.addEventListener("abort", () => clearInterval(timer));
  return {
    lost: lost.signal,
    position: from,
    cutOff: taken.cut_off ? { begun: taken.begun, note } : undefined,
    advance: (to) => {
      position = Math.max(position, to);
    },
    async release() {
      clearInterval(timer);
      await renewing;
      if (!lost.signal.aborted) await ours("released", position).catch(() => undefined);
      lost.abort();
    },
  };
};
