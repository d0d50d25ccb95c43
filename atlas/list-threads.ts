import type { Queryable } from "../platform/db/database.ts";
import { storableText } from "../platform/db/storable.ts";
import { AppError } from "../platform/errors/app-error.ts";
import type { ThreadCipher } from "./thread-cipher.ts";
import type { Timeline } from "./timeline.ts";
import { type ThreadRow, threadColumns, toThread } from "./timeline-rows.ts";
import { isUuid } from "./uuid.ts";

// Each condition falls away where its value is null. The scope's keys are told first, so that only threads that the caller
// sees are ever read.
const pageOf = (first: string): string => `
  select ${threadColumns} from threads t
  where ${first}
    and ($2::uuid is null or sequence < (
      select sequence from threads t where id = $2 and scope_key = any (scope_keys($1))))
    and ($4::text is null or channel_id = $4) and ($5::text is null or team_id = $5)
    and ($6::text is null or exists (
      select from jsonb_each_text(t.meta) as given (key, value) where value ilike $6))
  order by sequence desc limit $3`;

const own = pageOf("owner = $1 and scope_key = any ((select scope_keys($1))::text[])");
const ofScope = pageOf("scope_key = any ((select scope_keys($1))::text[]) and scope = $7");

const containing = (text: string): string => `%${storableText(text).replace(/[\\%_]/g, "\\$&")}%`;

/** Pages of the threads that a principal sees, newest first. */
export const createListThreads = ({
  database,
  cipher,
}: {
  readonly database: Queryable;
  readonly cipher: Pick<ThreadCipher, "encrypt" | "decrypt">;
}): Timeline["threads"] =>
  async function listThreads(principal, { after, limit, scope, teamId, channelId, query }) {
    if (after !== undefined && !isUuid(after)) {
      throw new AppError("INVALID_INPUT", "'after' must be the id of a thread.", { field: "after" });
    }
    const values = [
      principal.id,
      after ?? null,
      limit + 1,
      channelId === undefined ? null : storableText(channelId),
      teamId === undefined ? null : storableText(teamId),
      query === undefined ? null : containing(query),
      ...(scope === undefined ? [] : [scope]),
    ];
    const rows = await database.query<ThreadRow>(scope === undefined ? own : ofScope, values);
    const page = rows.slice(0, limit).map((row) => toThread(cipher, row));
    return { threads: page, nextAfter: rows.length > limit ? page.at(-1)?.id : undefined };
  };
