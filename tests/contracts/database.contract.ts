import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import type { Database } from "../../platform/db/database.ts";
import { isAppError } from "../../platform/errors/app-error.ts";

/** What every implementation of `Database` keeps. The database may have tables already; those made here start with `contract_`. */
export const databaseContract = (open: () => Database): void => {
  describe("a database", () => {
    beforeAll(async () => {
      await open().query("create table contract_notes (id bigserial primary key, text text not null unique, part int)");
    });

    const textsLike = async (prefix: string): Promise<string[]> => {
      const rows = await open().query<{ text: string }>(
        "select text from contract_notes where text like $1 order by id",
        [`${prefix}%`],
      );
      return rows.map(({ text }) => text);
    };
    const insert = "insert into contract_notes (text) values ($1)";

    test("gives rows as plain objects in the database's order", async () => {
      const rows = await open().query("select n, 'row ' || n as name from generate_series(1, 3) n order by n desc");
      expect(rows).toEqual([
        { n: 3, name: "row 3" },
        { n: 2, name: "row 2" },
        { n: 1, name: "row 1" },
      ]);
    });

    test("keeps bytes, json, times, big numbers, arrays and nulls as they were", async () => {
      const bytes = randomBytes(300);
      const at = new Date("2026-03-29T01:59:59.123Z");
      const document = { text: "zażółć גשם 🌦", list: [1, 2.5, null], deep: { yes: true } };
      const [row] = await open().query(
        "select $1::bytea as bytes, $2::timestamptz as at, $3::jsonb as document, $4::int8 as big, $5::text[] as list, $6::text as nothing",
        [bytes, at, document, "9007199254740993", ["a,b", 'c"d', ""], null],
      );
      expect(row).toEqual({ bytes, at, document, big: "9007199254740993", list: ["a,b", 'c"d', ""], nothing: null });
    });

    test("finds the nearest vectors", async () => {
      const database = open();
      await database.query("create extension if not exists vector");
      await database.query("create table contract_vectors (id int primary key, place vector(3))");
      await database.query("insert into contract_vectors values (1, '[1,0,0]'), (2, '[0,1,0]'), (3, '[0.9,0.1,0]')");
      await database.query("create index on contract_vectors using hnsw (place vector_cosine_ops)");
      const rows = await database.query<{ id: number }>(
        "select id, place::text as place from contract_vectors order by place <=> $1 limit 2",
        ["[1,0,0]"],
      );
      expect(rows).toEqual([
        { id: 1, place: "[1,0,0]" },
        { id: 3, place: "[0.9,0.1,0]" },
      ]);
    });

    test("has the extensions for fuzzy and accent-free search", async () => {
      await open().query("create extension if not exists pg_trgm");
      await open().query("create extension if not exists unaccent");
      const [row] = await open().query(
        "select unaccent('Łódź') as plain, similarity('gdansk', 'gdańsk') > 0.3 as near",
      );
      expect(row).toEqual({ plain: "Lodz", near: true });
    });

    test("carries values of megabytes whole while small statements run beside them", async () => {
      const big = "ż".repeat(2_000_000);
      const answers = await Promise.all(
        Array.from({ length: 24 }, async (_, index) => {
          const [row] =
            index % 4 === 0
              ? await open().query<{ got: string }>("select $1::text || $2::text as got", [big, `${index}`])
              : await open().query<{ got: string }>("select $1::text as got", [`small ${index}`]);
          return row?.got;
        }),
      );
      const expected = Array.from({ length: 24 }, (_, index) =>
        index % 4 === 0 ? `${big}${index}` : `small ${index}`,
      );
      expect(answers.map((text, index) => text === expected[index])).toEqual(expected.map(() => true));
    });

    test("runs prepared statements on many connections at once", async () => {
      const answers = await Promise.all(
        Array.from({ length: 200 }, async (_, index) => {
          const [row] = await open().query<{ sum: number }>(
            index % 2 === 0 ? "select $1::int + 1000 as sum" : "select $1::int + 2000 as sum",
            [index],
            index % 2 === 0 ? "contract-even" : "contract-odd",
          );
          return row?.sum;
        }),
      );
      expect(answers).toEqual(Array.from({ length: 200 }, (_, index) => index + (index % 2 === 0 ? 1000 : 2000)));
    });

    test("goes on with a prepared statement after its table appeared", async () => {
      const late = () =>
        open().query("select count(*)::int as n from contract_late where $1::bool", [true], "contract-late");
      await expect(late()).rejects.toMatchObject({ code: "42P01" });
      await open().query("create table contract_late (a int)");
      expect(await late()).toEqual([{ n: 0 }]);
    });

    test("reports a statement's fault as the driver's error and goes on", async () => {
      await open().query(insert, ["only once"]);
      const twice = open().query(insert, ["only once"]);
      await expect(twice).rejects.toMatchObject({ code: "23505" });
      await expect(open().query("select no_such_column")).rejects.toMatchObject({ code: "42703" });
      await expect(open().query("select 1/$1::int as x", [0])).rejects.toMatchObject({ code: "22012" });
      expect(await textsLike("only once")).toEqual(["only once"]);
    });

    test("commits a transaction whole", async () => {
      const result = await open().transaction(async (connection) => {
        await connection.query(insert, ["whole 1"]);
        await connection.query(insert, ["whole 2"]);
        return "done";
      });
      expect(result).toBe("done");
      expect(await textsLike("whole")).toEqual(["whole 1", "whole 2"]);
    });

    test("rolls a transaction back when its work throws", async () => {
      const work = open().transaction(async (connection) => {
        await connection.query(insert, ["undone"]);
        throw new Error("changed my mind");
      });
      await expect(work).rejects.toThrow("changed my mind");
      expect(await textsLike("undone")).toEqual([]);
    });

    test("does not pretend to have committed when the work hid a failed statement", async () => {
      const work = open().transaction(async (connection) => {
        await connection.query(insert, ["hidden"]);
        await connection.query("select no_such_column").catch(() => undefined);
      });
      await expect(work).rejects.toMatchObject({ code: "INTERNAL" });
      expect(await textsLike("hidden")).toEqual([]);
    });

    test("keeps what concurrent transactions do apart", async () => {
      const database = open();
      await database.query("create table contract_counter (value int)");
      await database.query("insert into contract_counter values (0)");
      const add = (connection: Pick<Database, "query">) => async () => {
        const [row] = await connection.query<{ value: number }>("select value from contract_counter for update");
        await delay(1);
        await connection.query("update contract_counter set value = $1", [(row?.value ?? 0) + 1]);
      };
      const outcomes = await Promise.allSettled(
        Array.from({ length: 30 }, (_, index) =>
          database.transaction(async (connection) => {
            await add(connection)();
            if (index % 3 === 0) throw new Error("not this one");
          }),
        ),
      );
      expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(20);
      expect(await database.query("select value from contract_counter")).toEqual([{ value: 20 }]);
    });

    test("shows nobody what a transaction has not committed", async () => {
      let seen: Promise<string[]> | undefined;
      await open().transaction(async (connection) => {
        await connection.query(insert, ["unseen"]);
        seen = textsLike("unseen");
        // On PostgreSQL it reads before the commit and finds nothing; the embedded one lets it wait until after.
        await delay(50);
      });
      const allowed = open().kind === "embedded" ? ["unseen"] : [];
      expect(await seen).toEqual(allowed);
    });

    test.each([
      ["a deadlock", "40P01", "DATABASE_UNAVAILABLE"],
      ["a change that met another one", "40001", "DATABASE_UNAVAILABLE"],
      ["a lock that is not waited for", "55P03", "DATABASE_UNAVAILABLE"],
      ["a statement that was given up", "57014", "DEADLINE_EXCEEDED"],
    ])("%s is an error that may pass, and changes nothing", async (name, state, code) => {
      const failing = open().transaction(async (connection) => {
        await connection.query(insert, [`passing ${name}`]);
        await connection.query(`do $$ begin raise exception 'hidden' using errcode = '${state}'; end $$`);
      });
      const error: unknown = await failing.catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code, retryable: true });
      expect((error as Error).message).not.toContain("hidden");
      expect(await textsLike(`passing ${name}`)).toEqual([]);
    });

    test("answers a ping with the time it took", async () => {
      const ms = await open().ping();
      expect(ms).toBeGreaterThan(0);
      expect(ms).toBeLessThan(5_000);
    });
  });
};

/** What is the same after the database went away: `away` must have made it unreachable. Runs on its own, for it ends the database. */
export const expectUnavailable = async (database: Database): Promise<void> => {
  const failures = await Promise.all([
    database.query("select 1").catch((error: unknown) => error),
    database.transaction((connection) => connection.query("select 1")).catch((error: unknown) => error),
    database.ping().catch((error: unknown) => error),
  ]);
  for (const failure of failures) {
    expect(isAppError(failure, "DATABASE_UNAVAILABLE"), String(failure)).toBe(true);
    expect(failure).toMatchObject({ retryable: true });
    expect((failure as Error).message).not.toMatch(/127\.0\.0\.1|select|\//);
  }
};
