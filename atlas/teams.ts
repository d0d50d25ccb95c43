import type { Database } from "../platform/db/database.ts";
import { AppError } from "../platform/errors/app-error.ts";

export interface Team {
  readonly id: string;
  /** Ids of principals, in alphabetical order. */
  readonly members: readonly string[];
}

/** Who is in which team: members see the team's threads, documents and channels. */
export interface Teams {
  /** Adds members, and the team when it is not there yet; gives how many were new. @throws {AppError} INVALID_INPUT */
  add(team: string, members: readonly string[]): Promise<number>;
  /** Takes members out: at once they see nothing of the team any more. Gives how many there were. */
  remove(team: string, members: readonly string[]): Promise<number>;
  /** In alphabetical order. */
  list(): Promise<readonly Team[]>;
}

const teamId = /^[\p{L}\p{N}][\p{L}\p{N}_.-]{0,63}$/u;

/** Teams in the database. */
export const createTeams = ({ database }: { readonly database: Database }): Teams => ({
  add(team, members) {
    if (!teamId.test(team)) {
      throw new AppError("INVALID_INPUT", "A team's name has 1 to 64 letters, digits, '_', '.' and '-'.", {
        field: "team",
      });
    }
    return database.transaction(async (connection) => {
      await connection.query("insert into teams (id, title) values ($1, $1) on conflict do nothing", [team]);
      const added = await connection.query(
        `insert into team_members (team_id, principal) select $1, jsonb_array_elements_text($2::jsonb)
         on conflict do nothing returning 1`,
        [team, JSON.stringify(members)],
      );
      return added.length;
    });
  },

  async remove(team, members) {
    const removed = await database.query(
      `delete from team_members where team_id = $1 and principal in (select jsonb_array_elements_text($2::jsonb))
       returning 1`,
      [team, JSON.stringify(members)],
    );
    return removed.length;
  },

  list: () =>
    database.query<{ id: string; members: string[] }>(
      `select id, array(select principal from team_members where team_id = teams.id order by principal) as members
       from teams order by id`,
    ),
});
