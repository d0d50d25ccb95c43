import { afterEach, describe, expect, test } from "vitest";
import type { Database } from "../../platform/db/database.ts";
import { createAudit } from "../../platform/events/audit.ts";
import { subjects } from "../../platform/events/subjects.ts";

/** The audit chain, on whatever database. */
export const auditContract = (databaseOf: () => Database): void => {
  const entry = (resource: string) => ({
    actor: "key:ada",
    action: "tools.run",
    resource,
    outcome: "ok",
    payload: { ms: 1.5, b: "ł", a: [1, { z: null }] },
  });

  /** What somebody with rights over the database can do: triggers off, change, triggers on. */
  const forge = async (sql: string, values: readonly unknown[] = []): Promise<void> => {
    await databaseOf().query("alter table audits disable trigger all");
    await databaseOf().query(sql, values);
    await databaseOf().query("alter table audits enable trigger all");
  };

  // Each test damages the chain, so the next one starts with an empty chain.
  afterEach(async () => {
    await forge("delete from audits");
    await databaseOf().query("update audit_head set last_id = 0, hash = repeat('0', 64)");
  });

  const chainOf = async (length: number) => {
    const audit = createAudit({ database: databaseOf() });
    for (let index = 1; index <= length; index += 1) await audit.append(entry(`r${index}`));
    return audit;
  };

  describe("audit", () => {
    test("appends a chain that verifies, with an event for each row", async () => {
      const audit = await chainOf(3);
      const head = await audit.append({ actor: "\u0000x", action: "login", resource: "", outcome: "denied" });
      expect(head.id).toBe(4);
      expect(await audit.verify()).toEqual({ ok: true, head });
      expect(await audit.verify(head)).toEqual({ ok: true, head });
      const events = await databaseOf().query<{ event_type: string; payload: object }>(
        "select event_type, payload from outbox where aggregate_type = 'audit' order by sequence desc limit 2",
      );
      expect(events.map(({ event_type }) => event_type)).toEqual(["audit.athena.login", "audit.tools.run"]);
      expect(subjects["audit.{service}.{action}"].strict().parse(events[0]!.payload)).toMatchObject({
        id: 4,
        hash: head.hash,
      });
    });

    test("stays whole when 20 write at once, some in transactions that roll back", async () => {
      const audit = createAudit({ database: databaseOf() });
      await Promise.all(
        Array.from({ length: 20 }, async (_, index) => {
          if (index % 4 !== 0) return audit.append(entry(`c${index}`));
          const rolledBack = databaseOf().transaction(async (connection) => {
            await audit.append(entry(`t${index}`), connection);
            throw new Error("changed my mind");
          });
          return expect(rolledBack).rejects.toThrow("changed my mind");
        }),
      );
      expect(await audit.verify()).toMatchObject({ ok: true, head: { id: 15 } });
    });

    test("is itself protected against change, deletion and truncation", async () => {
      await chainOf(1);
      for (const sql of [
        "update audits set actor = 'x'",
        "delete from audits",
        "truncate audits",
        "delete from audit_head",
        "truncate audit_head",
      ]) {
        await expect(databaseOf().query(sql)).rejects.toThrow(/append-only/);
      }
    });

    test.each([
      "actor = 'eve'",
      "outcome = 'denied'",
      "payload = '{}'",
      "created_at = created_at + interval '1 second'",
      "hash = repeat('f', 64)",
      "prev_hash = repeat('0', 64)",
    ])("names a row that was changed (%s)", async (change) => {
      const audit = await chainOf(4);
      await forge(`update audits set ${change} where id = 3`);
      expect(await audit.verify()).toEqual({ ok: false, firstBadId: 3, reason: "changed" });
    });

    test("names the first row that was removed, even when the rest is numbered anew", async () => {
      const audit = await chainOf(4);
      await forge("delete from audits where id = 2");
      expect(await audit.verify()).toEqual({ ok: false, firstBadId: 2, reason: "missing" });
      await forge("update audits set id = id - 1 where id = 3");
      await forge("update audits set id = id - 1 where id = 4");
      expect(await audit.verify()).toEqual({ ok: false, firstBadId: 2, reason: "changed" });
    });

    test("names the first row of two that changed places", async () => {
      const audit = await chainOf(4);
      await forge("update audits set id = case id when 2 then 103 else 102 end where id in (2, 3)");
      await forge("update audits set id = id - 100 where id > 100");
      expect(await audit.verify()).toEqual({ ok: false, firstBadId: 2, reason: "changed" });
    });

    test("sees a tail that was cut off, and with an archived head also a head that was set back", async () => {
      const audit = await chainOf(4);
      const archived = await audit.verify();
      if (!archived.ok) throw new Error("the chain was whole");
      await forge("delete from audits where id > 2");
      expect(await audit.verify()).toEqual({ ok: false, firstBadId: 3, reason: "missing" });
      await databaseOf().query("update audit_head set last_id = 2, hash = (select hash from audits where id = 2)");
      expect(await audit.verify()).toMatchObject({ ok: true, head: { id: 2 } });
      expect(await audit.verify(archived.head)).toEqual({ ok: false, firstBadId: 3, reason: "missing" });
    });

    test("sees a row that was put behind the head", async () => {
      const audit = await chainOf(2);
      await forge(
        "insert into audits select 3, actor, action, resource, outcome, payload, created_at, prev_hash, hash from audits where id = 2",
      );
      expect(await audit.verify()).toEqual({ ok: false, firstBadId: 3, reason: "inserted" });
    });
  });
};
