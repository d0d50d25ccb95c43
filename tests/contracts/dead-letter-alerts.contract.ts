import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Database } from "../../platform/db/database.ts";
import { createDeadLetters } from "../../platform/events/dead-letters.ts";
import { checkDeadLetters } from "../../platform/events/watch-dead-letters.ts";

/** Alerts about dead letters, on whatever database. */
export const deadLetterAlertsContract = (databaseOf: () => Database): void => {
  const bury = async (consumer: string, count: number, subject = "ops.health.x"): Promise<void> => {
    for (let index = 0; index < count; index += 1) {
      await databaseOf().query(
        "insert into dead_letters (consumer, event_id, subject, event, error) values ($1, $2, $3, '{}', 'no')",
        [consumer, randomUUID(), subject],
      );
    }
  };
  const told = async (consumer: string) =>
    (
      await databaseOf().query<{ event_type: string; payload: { state: string; source: string } }>(
        "select event_type, payload from outbox where aggregate_type = 'alert' and aggregate_id = $1 order by sequence",
        [`dead-letters:${consumer}`],
      )
    ).map(({ event_type, payload }) => [event_type, payload.source, payload.state].join(" "));
  const check = () => checkDeadLetters(databaseOf(), { every: 3 });
  const raised = "ops.alert.warning events raised";
  const resolved = "ops.alert.warning events resolved";

  describe("alerts of dead letters", () => {
    test("are raised once for so many of one consumer, and again for so many more", async () => {
      const [consumer, other] = [randomUUID(), randomUUID()];
      await bury(consumer, 2);
      await bury(other, 1);
      await check();
      expect(await told(consumer)).toEqual([]);
      await bury(consumer, 1);
      await check();
      await check();
      expect(await told(consumer)).toEqual([raised]);
      await bury(consumer, 2);
      await check();
      expect(await told(consumer)).toEqual([raised]);
      await bury(consumer, 1);
      await Promise.all([check(), check(), check()]);
      expect(await told(consumer)).toEqual([raised, raised]);
      expect(await told(other)).toEqual([]);
    });

    test("are resolved when none waits any more, and raised again by the next ones", async () => {
      const consumer = randomUUID();
      const letters = createDeadLetters(databaseOf());
      const ids = async () => (await letters.list({ consumer })).map(({ id }) => id);
      await bury(consumer, 4);
      await check();
      await letters.drop((await ids()).slice(0, 3));
      await check();
      expect(await told(consumer)).toEqual([raised]);
      await letters.drop(await ids());
      await Promise.all([check(), check()]);
      expect(await told(consumer)).toEqual([raised, resolved]);
      await bury(consumer, 3);
      await check();
      expect(await told(consumer)).toEqual([raised, resolved, raised]);
      await letters.drop(await ids());
    });

    test("are not raised by dead letters about alerts", async () => {
      const consumer = randomUUID();
      await bury(consumer, 5, "ops.alert.warning");
      await check();
      expect(await told(consumer)).toEqual([]);
    });
  });
};
