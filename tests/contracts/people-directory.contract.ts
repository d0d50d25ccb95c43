import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { MasterKey } from "../../atlas/master-key.ts";
import { createPeopleDirectory } from "../../atlas/people-directory.ts";
import type { Database } from "../../platform/db/database.ts";
import { findIdentifiers } from "../../platform/egress/recognisers/find-identifiers.ts";
import { everythingStored } from "../support/everything-stored.ts";

/** The people whom a principal knows, on whatever database. */
export const peopleDirectoryContract = (databaseOf: () => Database, masterKeyOf: () => MasterKey): void => {
  const directoryOf = (database: Pick<Database, "query"> = databaseOf()) =>
    createPeopleDirectory({ database, masterKey: masterKeyOf() });

  describe("people directory", () => {
    test("keeps names once each, in order, for their own principal only", async () => {
      const directory = directoryOf();
      const [ada, eve] = [`key:${randomUUID()}`, `key:${randomUUID()}`];
      expect(await directory.add(ada, ["Zofia  Nowak ", "Anna Kowalska", "anna kowalska"])).toBe(2);
      expect(await directory.add(ada, ["ANNA KOWALSKA"])).toBe(0);
      expect(await directory.list(ada)).toEqual(["Anna Kowalska", "Zofia Nowak"]);
      expect(await directory.list(eve)).toEqual([]);
      expect(await directory.remove(eve, ["Zofia Nowak"])).toBe(0);
      expect(await directory.remove(ada, ["zofia nowak", "nobody"])).toBe(1);
      expect(await directory.list(ada)).toEqual(["Anna Kowalska"]);
    });

    test("refuses what is no name", async () => {
      for (const name of ["", " ", "x", "1234", "y".repeat(201)]) {
        await expect(directoryOf().add("local", [name])).rejects.toMatchObject({ code: "INVALID_INPUT" });
      }
    });

    test("cannot be read in the database, nor under another principal's name", async () => {
      const principal = `key:${randomUUID()}`;
      await directoryOf().add(principal, ["Wilhelmina Canarybird"]);
      expect(await everythingStored(databaseOf())).not.toMatch(/wilhelmina|canarybird/i);
      const other = `key:${randomUUID()}`;
      await databaseOf().query("update people_directory set principal = $1 where principal = $2", [other, principal]);
      await expect(directoryOf().list(other)).rejects.toMatchObject({ code: "INTERNAL" });
    });

    test("is read once for many queries, and again once it changed", async () => {
      const principal = `key:${randomUUID()}`;
      let reads = 0;
      const directory = directoryOf({
        query: (sql, values) => {
          if (sql.startsWith("select")) reads += 1;
          return databaseOf().query(sql, values);
        },
      });
      const finds = async (text: string) =>
        findIdentifiers(text, [await directory.recogniserFor(principal)], 5_000).length;
      expect(await finds("ask Zdzisława")).toBe(0);
      await Promise.all(Array.from({ length: 20 }, () => finds("ask Zdzisława")));
      expect(reads).toBe(1);
      await directory.add(principal, ["Zdzisława"]);
      expect(await finds("ask Zdzisława")).toBe(1);
      expect(reads).toBe(2);
    });
  });
};
