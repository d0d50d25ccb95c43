import { LRUCache } from "lru-cache";
import type { Database } from "../platform/db/database.ts";
import { storableText } from "../platform/db/storable.ts";
import { createKnownNames } from "../platform/egress/recognisers/known-names.ts";
import type { Recogniser } from "../platform/egress/recognisers/span.ts";
import { AppError } from "../platform/errors/app-error.ts";
import type { MasterKey } from "./master-key.ts";

/** People whom each principal knows, for the recognisers. Names are stored encrypted and never shown to another principal. */
export interface PeopleDirectory {
  /** Adds names; those that are there already stay. Gives how many were new. @throws {AppError} INVALID_INPUT */
  add(principal: string, names: readonly string[]): Promise<number>;
  /** In alphabetical order. */
  list(principal: string): Promise<readonly string[]>;
  /** Gives how many there were. */
  remove(principal: string, names: readonly string[]): Promise<number>;
  /** Finds these people in texts; read from the database at most once a minute per principal. */
  recogniserFor(principal: string): Promise<Recogniser>;
}

export interface PeopleDirectoryDeps {
  readonly database: Pick<Database, "query">;
  readonly masterKey: MasterKey;
  /** How long a principal's names are kept in memory; default 60,000. */
  readonly cacheMs?: number;
}

const longestName = 200;
const mostNames = 20_000;

/** The form in which names are told apart: without regard to case and spaces. */
const toName = (written: string): string => storableText(written).normalize("NFC").trim().replace(/\s+/gu, " ");

const checked = (written: string): string => {
  const name = toName(written);
  if (name.length >= 2 && name.length <= longestName && /\p{L}/u.test(name)) return name;
  throw new AppError("INVALID_INPUT", `A name has 2 to ${longestName} characters and at least one letter.`, {
    field: "name",
  });
};

/** The directory in the database, under keys derived from the master key. */
export const createPeopleDirectory = ({
  database,
  masterKey,
  cacheMs = 60_000,
}: PeopleDirectoryDeps): PeopleDirectory => {
  const box = masterKey.box("people directory");
  const mac = masterKey.mac("people directory");
  const macOf = (principal: string, name: string) => mac(JSON.stringify([principal, name.toLowerCase()]));
  const contextOf = (principal: string, nameMac: string) => `person ${JSON.stringify([principal, nameMac])}`;
  const recognisers = new LRUCache<string, Promise<Recogniser>>({ max: 1_000, ttl: cacheMs });

  const list = async (principal: string): Promise<string[]> => {
    const rows = await database.query<{ name_mac: string; name: Uint8Array }>(
      "select name_mac, name from people_directory where principal = $1",
      [principal],
    );
    return rows
      .map(({ name_mac, name }) => box.open(name, contextOf(principal, name_mac)).toString("utf8"))
      .sort((one, other) => one.localeCompare(other));
  };

  return {
    async add(principal, names) {
      const wanted = [...new Set(names.map(checked))];
      if (wanted.length > mostNames) throw new AppError("INVALID_INPUT", `At most ${mostNames} names at once.`);
      const macs = wanted.map((name) => macOf(principal, name));
      const sealed = wanted.map((name, at) => box.seal(name, contextOf(principal, macs[at] ?? "")).toString("base64"));
      const added = await database.query(
        `insert into people_directory (principal, name_mac, name)
         select $1, mac, decode(sealed, 'base64')
         from jsonb_array_elements_text($2::jsonb) with ordinality as macs (mac, position)
         join jsonb_array_elements_text($3::jsonb) with ordinality as names (sealed, position) using (position)
         on conflict do nothing returning 1`,
        [principal, JSON.stringify(macs), JSON.stringify(sealed)],
      );
      recognisers.delete(principal);
      return added.length;
    },

    list,

    async remove(principal, names) {
      const macs = names.map((name) => macOf(principal, toName(name)));
      const removed = await database.query(
        `delete from people_directory where principal = $1
         and name_mac in (select jsonb_array_elements_text($2::jsonb)) returning 1`,
        [principal, JSON.stringify(macs)],
      );
      recognisers.delete(principal);
      return removed.length;
    },

    recogniserFor(principal) {
      const known = recognisers.get(principal);
      if (known) return known;
      const reading = list(principal).then(createKnownNames);
      recognisers.set(principal, reading);
      // A failure is for those who wait for it now; the next query asks again.
      reading.catch(() => recognisers.delete(principal));
      return reading;
    },
  };
};
