import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Database } from "../../platform/db/database.ts";
import { type OutboxEvent, publish } from "../../platform/events/outbox.ts";

/** Events written by the caller's transaction, on whatever database. */
export const outboxContract = (databaseOf: () => Database): void => {
  const eventOf = (id: string): OutboxEvent<"message.created.{channel}"> => ({
    subject: "message.created.{channel}",
    tokens: { channel: "direct:local" },
    aggregate: { type: "thread", id },
    payload: {
      message_id: id,
      thread_id: id,
      channel_id: "direct:local",
      position: 1,
      count: 1,
      role: "user",
      scope_key: "user:\u0000",
      mode: "open",
    },
  });
  const stored = (id: string) =>
    databaseOf().query<Record<string, unknown>>(
      "select event_type, status, attempts, payload from outbox where aggregate_id = $1",
      [id],
    );

  describe("outbox", () => {
    test("an event is there exactly if the transaction that wrote it committed", async () => {
      const [kept, lost] = [randomUUID(), randomUUID()];
      await databaseOf().transaction((connection) => publish(connection, eventOf(kept)));
      const rolledBack = databaseOf().transaction(async (connection) => {
        await publish(connection, eventOf(lost));
        throw new Error("no");
      });
      await expect(rolledBack).rejects.toThrow("no");
      expect(await stored(kept)).toEqual([
        {
          event_type: "message.created.direct%3Alocal",
          status: "pending",
          attempts: 0,
          payload: { ...eventOf(kept).payload, scope_key: "user:\ufffd" },
        },
      ]);
      expect(await stored(lost)).toEqual([]);
    });

    test("an event that does not fit its subject is refused", async () => {
      const event = eventOf(randomUUID());
      await expect(publish(databaseOf(), { ...event, payload: { ...event.payload, position: 0 } })).rejects.toThrow();
      expect(await stored(event.aggregate.id)).toEqual([]);
    });
  });
};
