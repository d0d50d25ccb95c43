import type { Queryable } from "../../platform/db/database.ts";
import { isUuid } from "../uuid.ts";

/** How far a look saw. */
export interface LookMarks {
  readonly transaction: string;
  readonly published: string;
  /** Of the look before: what is not published yet is looked at twice. */
  readonly sequence: string;
  readonly nextSequence: string;
  /** How often the follower's cursors were set back. */
  readonly resets: number;
}

interface Row extends Pick<LookMarks, "transaction" | "published" | "resets"> {
  readonly ids: readonly string[];
  readonly sequence: string;
}

/** Threads and documents in which something changed since an earlier look (undefined: none), perhaps more, and the marks of this one. */
export const changedLately = async (
  connection: Queryable,
  follower: string,
  since?: LookMarks,
): Promise<{ readonly ids: readonly string[]; readonly marks: LookMarks }> => {
  const [row] = await connection.query<Row>(
    "select * from changed_lately($1, $2::xid8, $3::timestamptz, $4::bigint)",
    [follower, since?.transaction ?? null, since?.published ?? null, since?.sequence ?? null],
    "follow_lately",
  );
  const { ids, sequence, ...marks } = row!;
  return {
    ids: ids.filter(isUuid),
    marks: { ...marks, sequence: since?.nextSequence ?? sequence, nextSequence: sequence },
  };
};
