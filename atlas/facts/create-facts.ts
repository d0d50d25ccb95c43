import type { Database, Queryable } from "../../platform/db/database.ts";
import { storableText } from "../../platform/db/storable.ts";
import { AppError } from "../../platform/errors/app-error.ts";
import type { Principal } from "../../platform/policy/principal.ts";
import { isUuid } from "../uuid.ts";
import { eraseFact } from "./erase-fact.ts";
import { type FactContent, factContent, isOfPerson } from "./fact-content.ts";
import { type FactRow, factColumns, heldAt, readFacts, toFact } from "./fact-rows.ts";
import type { Fact, Facts } from "./facts.ts";
import { lineBefore } from "./line-before.ts";
import { readStatement } from "./reading/read-turn.ts";
import { endedBy, lockFacts, recordFact } from "./record-facts.ts";
import { searchFacts } from "./search-facts.ts";

export interface FactsDeps {
  readonly database: Database;
  readonly now?: () => Date;
}

const missing = () => new AppError("NOT_FOUND", "There is no such fact.");

const lineAfter = `
  with recursive line (id, next) as (
    select f.id, f.superseded_by from facts f where f.id = $1
    union select f.id, f.superseded_by from facts f join line on f.id = line.next
  ) select id from line`;

interface Said {
  readonly sentence: string;
  readonly subject?: string;
  readonly attribute?: string;
}

const contentOf = ({ sentence, subject, attribute }: Said, owner: string): FactContent => {
  const read = readStatement(storableText(sentence));
  if (!/[\p{L}\p{N}]/u.test(read.sentence)) {
    throw new AppError("INVALID_INPUT", "'sentence' must say something.", { field: "sentence" });
  }
  if (subject === undefined && attribute === undefined) return factContent(read, owner);
  // Named by the person: their words, as they are.
  const { isSingle, isNegated } = read;
  const named = {
    sentence: read.sentence,
    subject: storableText(subject ?? read.subject)
      .trim()
      .toLowerCase(),
    isSingle,
    isNegated,
    ...(attribute === undefined ? {} : { attribute: storableText(attribute).trim().toLowerCase() }),
  };
  return factContent(named, owner);
};

/** Facts in the main database. */
export const createFacts = ({ database, now = () => new Date() }: FactsDeps): Facts => {
  const find = async (connection: Queryable, principal: Principal, id: string): Promise<FactRow> => {
    const [row] = isUuid(id) ? await readFacts(connection, principal.id, [id]) : [];
    if (!row) throw missing();
    return row;
  };
  const factOf = async (connection: Queryable, principal: Principal, id: string): Promise<Fact> =>
    toFact(await find(connection, principal, id));

  const settleScope = async (connection: Queryable, principal: Principal, scope: Fact["scope"], teamId?: string) => {
    const [row] = await connection.query<{ key: string | null }>("select scope_key_of($1, $2, $3) as key", [
      principal.id,
      scope,
      teamId === undefined ? null : storableText(teamId),
    ]);
    const key = row?.key ?? null;
    if (key === null || (scope === "team" && !key.startsWith("team:"))) {
      throw new AppError("INVALID_INPUT", "'team_id' must name a team that you are in.", { field: "team_id" });
    }
    return key;
  };

  const search: Facts["list"] = async (principal, { query = "", scope, subject, at, limit }) => {
    const found = await searchFacts(database, {
      principal: principal.id,
      query,
      scope: scope ?? null,
      subject: subject ?? null,
      at: at === undefined ? null : new Date(at),
      limit,
    });
    const rows = await readFacts(
      database,
      principal.id,
      found.map(({ id }) => id),
    );
    const byId = new Map(rows.map((row) => [row.id, row]));
    const facts = found.flatMap(({ id }) => {
      const row = byId.get(id);
      return row ? [toFact(row)] : [];
    });
    return { facts, nextAfter: undefined };
  };

  return {
    async list(principal, page) {
      if (page.query !== undefined) return search(principal, page);
      const { scope, subject, at, owner, after, limit } = page;
      // Another statement, so that its index is used: one's own may be far behind those of a busy team.
      const [ofOwner, name] = owner === undefined ? ["", "facts_list"] : ["and f.owner = $7", "facts_list_of_owner"];
      const rows = await database.query<FactRow>(
        `select f.* from unnest(scope_keys($1, $2)) as seen (scope_key) cross join lateral (
           select ${factColumns} from readable_facts f
           where f.scope_key = seen.scope_key ${ofOwner} and ($3::text is null or f.subject = $3)
             and ${heldAt("f", "$4")}
             and ($5::uuid is null or f.sequence < (
               select x.sequence from facts x where x.id = $5 and x.scope_key = any ((select scope_keys($1))::text[])))
           order by f.sequence desc limit $6
         ) f
         order by f.sequence desc limit $6`,
        [
          principal.id,
          scope ?? null,
          subject ?? null,
          at === undefined ? null : new Date(at),
          after !== undefined && isUuid(after) ? after : null,
          limit + 1,
          ...(owner === undefined ? [] : [owner]),
        ],
        name,
      );
      const facts = rows.slice(0, limit).map(toFact);
      return { facts, nextAfter: rows.length > limit ? facts.at(-1)?.id : undefined };
    },

    async state(principal, { scope = "personal", teamId, ...said }) {
      const content = contentOf(said, principal.id);
      return database.transaction(async (connection) => {
        const scopeKey = await settleScope(connection, principal, scope, teamId);
        await lockFacts(connection, scopeKey);
        const fact = { scopeKey, owner: principal.id, origin: "user", content, validFrom: now() } as const;
        const id = await recordFact(connection, fact);
        return factOf(connection, principal, id ?? "");
      });
    },

    read: (principal, id) => factOf(database, principal, id),

    async history(principal, id) {
      const { id: start } = await find(database, principal, id);
      const [before, after] = await Promise.all([
        database.query<{ id: string }>(lineBefore, [start], "facts_line_before"),
        database.query<{ id: string }>(lineAfter, [start], "facts_line_after"),
      ]);
      const rows = await readFacts(
        database,
        principal.id,
        [...before, ...after].map((row) => row.id),
      );
      return rows
        .toSorted((left, right) => {
          const apart = new Date(left.valid_from).getTime() - new Date(right.valid_from).getTime();
          return apart || Number(left.sequence) - Number(right.sequence);
        })
        .map(toFact);
    },

    async correct(principal, id, change) {
      const seen = await find(database, principal, id);
      return database.transaction(async (connection) => {
        await lockFacts(connection, seen.scope_key);
        const row = await find(connection, principal, id);
        if (row.valid_to !== null) {
          throw new AppError("CONFLICT", "This fact no longer holds; change the one that took its place.");
        }
        // In the corrector's name: nobody's words are put into another's mouth.
        const content = contentOf(change, principal.id);
        if (row.owner !== principal.id && (isOfPerson(row.subject) || isOfPerson(content.subject))) {
          throw new AppError(
            "POLICY_DENIED",
            "What others said of themselves and theirs only they can change, and only of other things.",
          );
        }
        const at = now();
        // Ended first, so that the same said in other words is a fact of its own.
        await endedBy(connection, { id: row.id, scopeKey: row.scope_key }, { at, successor: null, messageId: null });
        const next = await recordFact(connection, {
          scopeKey: row.scope_key,
          owner: principal.id,
          origin: "user",
          content,
          validFrom: at,
        });
        await endedBy(
          connection,
          { id: row.id, scopeKey: row.scope_key },
          { at, successor: next ?? null, messageId: null },
        );
        return factOf(connection, principal, next ?? "");
      });
    },

    async remove(principal, id) {
      const seen = await find(database, principal, id);
      await database.transaction(async (connection) => {
        await lockFacts(connection, seen.scope_key);
        const row = await find(connection, principal, id);
        if (row.owner !== principal.id) {
          throw new AppError("POLICY_DENIED", "What another stated only they can remove.");
        }
        await eraseFact(connection, row);
      });
    },
  };
};
